"""The National Early Warning Score 2: seven values, one sum, and only when all seven are there."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from telemed.intake.triage.assessment import Assessment, RuleSet, split

Consciousness = Literal["alert", "confusion", "voice", "pain", "unresponsive"]

RULES = RuleSet(
    name="NEWS2",
    version="2 (December 2017)",
    source="Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017.",
)
YOUNGEST = 16
"""Years of age from which the score may be used (RCP 2017)."""

_MEDIUM, _HIGH, _ALONE = 5, 7, 3
_WHOLE, _TENTH = Decimal(1), Decimal("0.1")
# Each row: the largest value of the band and its points; the last row takes the rest.
_Bands = tuple[tuple[str, int], ...]
_RESPIRATION: _Bands = (("8", 3), ("11", 1), ("20", 0), ("24", 2), ("Infinity", 3))
_OXYGEN: _Bands = (("91", 3), ("93", 2), ("95", 1), ("Infinity", 0))
_OXYGEN_2_ON_AIR: _Bands = (("83", 3), ("85", 2), ("87", 1), ("Infinity", 0))
_OXYGEN_2_ON_OXYGEN: _Bands = (
    ("83", 3),
    ("85", 2),
    ("87", 1),
    ("92", 0),
    ("94", 1),
    ("96", 2),
    ("Infinity", 3),
)
_SYSTOLIC: _Bands = (("90", 3), ("100", 2), ("110", 1), ("219", 0), ("Infinity", 3))
_PULSE: _Bands = (("40", 3), ("50", 1), ("90", 0), ("110", 1), ("130", 2), ("Infinity", 3))
_TEMPERATURE: _Bands = (("35.0", 3), ("36.0", 1), ("38.0", 0), ("39.0", 1), ("Infinity", 2))


def news2(
    *,
    respiratory_rate: Decimal | None,
    oxygen: Decimal | None,
    on_oxygen: bool | None,
    systolic: Decimal | None,
    pulse: Decimal | None,
    consciousness: Consciousness | None,
    temperature: Decimal | None,
    age_years: int | None,
    pregnant: bool | None = False,
    scale: Literal[1, 2] = 1,
) -> Assessment:
    """Return the sum (0 to 20) and the risk low, low-medium, medium or high.

    Breaths and beats a minute, per cent, mmHg, degrees Celsius. Scale 2 is for hypercapnic failure and only
    on a clinician's recorded order. Not for people under 16 or in pregnancy. A missing value leaves no sum.
    """
    if age_years is not None and age_years < YOUNGEST:
        return Assessment(RULES, "not_applicable", reason="under 16 years")
    if pregnant:
        return Assessment(RULES, "not_applicable", reason="pregnancy")
    used, missing = split(
        {
            "age_years": None if age_years is None else Decimal(age_years),
            "pregnant": pregnant,
            "respiratory_rate": respiratory_rate,
            "oxygen": oxygen,
            "on_oxygen": on_oxygen,
            "systolic": systolic,
            "pulse": pulse,
            "consciousness": consciousness,
            "temperature": temperature,
        }
    )
    points = {
        "respiratory_rate": _points(_RESPIRATION, respiratory_rate, _WHOLE),
        "oxygen": _oxygen_points(oxygen, on_oxygen, scale),
        "on_oxygen": None if on_oxygen is None else 2 * on_oxygen,
        "systolic": _points(_SYSTOLIC, systolic, _WHOLE),
        "pulse": _points(_PULSE, pulse, _WHOLE),
        "consciousness": None if consciousness is None else 0 if consciousness == "alert" else 3,
        "temperature": _points(_TEMPERATURE, temperature, _TENTH),
    }
    alone = tuple(name for name, each in points.items() if each == _ALONE)
    if missing:
        return Assessment(RULES, "incomplete", findings=alone, used=used, missing=missing)
    total = sum(each for each in points.values() if each is not None)
    return Assessment(
        RULES, "complete", _risk(total, bool(alone)), Decimal(total), "{score}", findings=alone, used=used
    )


def _risk(total: int, alone: bool) -> str:
    if total >= _HIGH:
        return "high"
    if total >= _MEDIUM:
        return "medium"
    return "low-medium" if alone else "low"


def _oxygen_points(oxygen: Decimal | None, on_oxygen: bool | None, scale: int) -> int | None:
    if scale == 1:
        return _points(_OXYGEN, oxygen, _WHOLE)
    if on_oxygen is None:
        return None
    return _points(_OXYGEN_2_ON_OXYGEN if on_oxygen else _OXYGEN_2_ON_AIR, oxygen, _WHOLE)


def _points(bands: _Bands, value: Decimal | None, step: Decimal) -> int | None:
    if value is None:
        return None
    # The chart has whole numbers and tenths: what lies between two of its bands belongs to the nearer one.
    shown = value.quantize(step, ROUND_HALF_UP)
    return next(points for largest, points in bands if shown <= Decimal(largest))
