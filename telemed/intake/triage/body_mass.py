"""The body mass index of an adult, and WHO's class of it, taken from the unrounded number."""

from decimal import ROUND_HALF_UP, Decimal

from telemed.intake.triage.assessment import Assessment, RuleSet, split

RULES = RuleSet(
    "Body mass index, WHO classes",
    "2000",
    "WHO. Obesity: preventing and managing the global epidemic. Technical Report Series 894, 2000.",
)
_ADULT = 18
_CLASSES = (
    ("18.5", "underweight"),
    ("25", "normal weight"),
    ("30", "overweight"),
    ("35", "obesity class I"),
    ("40", "obesity class II"),
    ("Infinity", "obesity class III"),
)


def bmi(
    *,
    weight_kg: Decimal | None,
    height_cm: Decimal | None,
    age_years: int | None,
    pregnant: bool | None = False,
) -> Assessment:
    """Return weight over height squared in kg/m2, rounded to tenths, with its class.

    The upper bound of a class belongs to the next one. Not for people under 18 or in pregnancy.
    Raises ValueError for a weight or a height of nought or less.
    """
    if age_years is not None and age_years < _ADULT:
        return Assessment(RULES, "not_applicable", reason="under 18 years")
    if pregnant:
        return Assessment(RULES, "not_applicable", reason="pregnancy")
    age = None if age_years is None else Decimal(age_years)
    used, missing = split(
        {"weight_kg": weight_kg, "height_cm": height_cm, "age_years": age, "pregnant": pregnant}
    )
    if weight_kg is None or height_cm is None or missing:
        return Assessment(RULES, "incomplete", used=used, missing=missing)
    if weight_kg <= 0 or height_cm <= 0:
        raise ValueError("nobody weighs or measures nought")
    exact = weight_kg / (height_cm / 100) ** 2
    name = next(name for below, name in _CLASSES if exact < Decimal(below))
    shown = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Assessment(RULES, "complete", name, shown, "kg/m2", used=used)
