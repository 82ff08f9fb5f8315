"""The grade of a blood pressure by one of two European guidelines; the number stays what is kept."""

from decimal import Decimal
from typing import Literal

from telemed.intake.triage.assessment import Assessment, RuleSet, split

Scheme = Literal["ESH-2023", "ESC-2024"]

RULES: dict[Scheme, RuleSet] = {
    "ESH-2023": RuleSet(
        "Blood pressure grade, ESH",
        "2023",
        "Mancia G, et al. 2023 ESH Guidelines for the management of arterial hypertension. J Hypertens 2023.",
    ),
    "ESC-2024": RuleSet(
        "Blood pressure category, ESC",
        "2024",
        "McEvoy JW, et al. 2024 ESC Guidelines for elevated blood pressure and hypertension. ehae178.",
    ),
}
_ADULT = 18
_FEWEST_READINGS = 2
# Lowest systolic or diastolic of each class, highest class first: the higher of the two counts.
_ESH = (
    ("grade 3", 180, 110),
    ("grade 2", 160, 100),
    ("grade 1", 140, 90),
    ("high-normal", 130, 85),
    ("normal", 120, 80),
)
_ESC = (("hypertension", 140, 90), ("elevated", 120, 70))
_ISOLATED_AT, _DIASTOLIC_AT, _SEVERE = 140, 90, (180, 110)


def bp_grade(
    *,
    systolic: Decimal | None,
    diastolic: Decimal | None,
    readings: int | None,
    age_years: int | None,
    scheme: Scheme = "ESH-2023",
) -> Assessment:
    """Return the class of the mean of at least two readings in mmHg, for adults.

    One reading is never graded: it is incomplete. Findings: "isolated systolic", "isolated diastolic" (ESH),
    and "severe" from 180 or 110: repeat, ask for symptoms, a clinician the same day.
    """
    rules = RULES[scheme]
    if age_years is not None and age_years < _ADULT:
        return Assessment(rules, "not_applicable", reason="under 18 years")
    used, missing = split(
        {
            "systolic": systolic,
            "diastolic": diastolic,
            "readings": None if readings is None else Decimal(readings),
            "age_years": None if age_years is None else Decimal(age_years),
        }
    )
    findings = _findings(systolic, diastolic, scheme)
    if readings is not None and readings < _FEWEST_READINGS:
        missing = (*missing, "second reading")
    if systolic is None or diastolic is None or missing:
        return Assessment(rules, "incomplete", findings=findings, used=used, missing=missing)
    classes = _ESH if scheme == "ESH-2023" else _ESC
    lowest = "optimal" if scheme == "ESH-2023" else "non-elevated"
    grade = next((name for name, high, low in classes if systolic >= high or diastolic >= low), lowest)
    return Assessment(rules, "complete", grade, findings=findings, used=used)


def _findings(systolic: Decimal | None, diastolic: Decimal | None, scheme: Scheme) -> tuple[str, ...]:
    found = []
    if (systolic is not None and systolic >= _SEVERE[0]) or (
        diastolic is not None and diastolic >= _SEVERE[1]
    ):
        found.append("severe")
    if scheme == "ESH-2023" and systolic is not None and diastolic is not None:
        if systolic >= _ISOLATED_AT and diastolic < _DIASTOLIC_AT:
            found.append("isolated systolic")
        if systolic < _ISOLATED_AT and diastolic >= _DIASTOLIC_AT:
            found.append("isolated diastolic")
    return tuple(found)
