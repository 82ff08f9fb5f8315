"""A finger prick points to a range, never to a diagnosis, and says what it lacks."""

from decimal import Decimal

import pytest

from telemed.intake.triage import glucose_flags
from telemed.intake.triage.glucose import Meal

NONE = "in none of these ranges"
IMPAIRED_FASTING = "in the range of impaired fasting glucose"
IMPAIRED = "in the range of impaired glucose tolerance"
DIABETES = "in the range of diabetes"


@pytest.mark.parametrize(
    ("value", "meal", "outcome"),
    [
        ("6.0", "fasting", NONE),
        ("6.1", "fasting", IMPAIRED_FASTING),
        ("6.9", "fasting", IMPAIRED_FASTING),
        ("7.0", "fasting", DIABETES),
        ("7.7", "two_hours_after_75_g", NONE),
        ("7.8", "two_hours_after_75_g", IMPAIRED),
        ("11.0", "two_hours_after_75_g", IMPAIRED),
        ("11.1", "two_hours_after_75_g", DIABETES),
        ("11.0", "random", NONE),
    ],
)
def test_the_range_depends_on_the_meal(value: str, meal: Meal, outcome: str) -> None:
    assert glucose_flags(glucose_mmol_l=Decimal(value), meal=meal).outcome == outcome


@pytest.mark.parametrize(("symptoms", "outcome"), [(True, DIABETES), (False, NONE)])
def test_a_high_random_value_needs_symptoms(symptoms: bool, outcome: str) -> None:
    read = glucose_flags(glucose_mmol_l=Decimal("11.1"), meal="random", symptoms=symptoms)
    assert read.outcome == outcome


def test_a_high_random_value_without_the_question_asked_is_incomplete() -> None:
    read = glucose_flags(glucose_mmol_l=Decimal("15"), meal="random")
    assert (read.standing, read.outcome, read.missing) == ("incomplete", None, ("symptoms",))


def test_a_low_value_is_seen_without_knowing_the_meal() -> None:
    read = glucose_flags(glucose_mmol_l=Decimal("3.8"), meal=None)
    assert (read.standing, read.findings, read.missing) == ("incomplete", ("low",), ("meal",))


def test_no_value_has_no_range() -> None:
    assert glucose_flags(glucose_mmol_l=None, meal="fasting").outcome is None
