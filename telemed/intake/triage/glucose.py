"""What a capillary glucose value may point to; a finger prick screens and never diagnoses."""

from decimal import Decimal
from typing import Literal

from telemed.intake.triage.assessment import Assessment, RuleSet, split

Meal = Literal["fasting", "two_hours_after_75_g", "random"]

RULES = RuleSet(
    "Glucose flags, WHO/IDF",
    "2006",
    "WHO/IDF. Definition and diagnosis of diabetes mellitus and intermediate hyperglycaemia. Geneva, 2006.",
)
_LOW = Decimal("3.9")
_DIABETES: dict[Meal, Decimal] = {
    "fasting": Decimal("7.0"),
    "two_hours_after_75_g": Decimal("11.1"),
    "random": Decimal("11.1"),
}
_BETWEEN: dict[Meal, tuple[Decimal, str]] = {
    "fasting": (Decimal("6.1"), "in the range of impaired fasting glucose"),
    "two_hours_after_75_g": (Decimal("7.8"), "in the range of impaired glucose tolerance"),
}


def glucose_flags(
    *, glucose_mmol_l: Decimal | None, meal: Meal | None, symptoms: bool | None = None
) -> Assessment:
    """Return the range that a capillary value in mmol/L lies in, for the meal before it.

    A random value is in the range of diabetes only together with symptoms: from 11.1 on they must be known.
    The finding "low" (below 3.9) needs no meal. Every outcome is screening: the laboratory confirms.
    """
    used, missing = split({"glucose_mmol_l": glucose_mmol_l, "meal": meal})
    low = ("low",) if glucose_mmol_l is not None and glucose_mmol_l < _LOW else ()
    if symptoms is not None:
        used["symptoms"] = symptoms
    if glucose_mmol_l is None or meal is None:
        return Assessment(RULES, "incomplete", findings=low, used=used, missing=missing)
    high = glucose_mmol_l >= _DIABETES[meal]
    if high and meal == "random" and symptoms is None:
        return Assessment(RULES, "incomplete", used=used, missing=("symptoms",))
    if high and (meal != "random" or symptoms):
        return Assessment(RULES, "complete", "in the range of diabetes", used=used, findings=low)
    from_, name = _BETWEEN.get(meal, (None, ""))
    between = from_ is not None and glucose_mmol_l >= from_
    return Assessment(
        RULES, "complete", name if between else "in none of these ranges", used=used, findings=low
    )
