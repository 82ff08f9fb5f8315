"""The class of a body mass index comes from the number before it is rounded."""

from decimal import Decimal

import pytest

from telemed.intake.triage import bmi


@pytest.mark.parametrize(
    ("weight", "shown", "name"),
    [
        ("18.49", "18.5", "underweight"),
        ("18.5", "18.5", "normal weight"),
        ("24.99", "25.0", "normal weight"),
        ("25", "25.0", "overweight"),
        ("30", "30.0", "obesity class I"),
        ("35", "35.0", "obesity class II"),
        ("40", "40.0", "obesity class III"),
    ],
)
def test_the_class_is_of_the_exact_number(weight: str, shown: str, name: str) -> None:
    read = bmi(weight_kg=Decimal(weight), height_cm=Decimal(100), age_years=40)
    assert (str(read.value), read.unit, read.outcome) == (shown, "kg/m2", name)


@pytest.mark.parametrize(("weight", "height", "age"), [(None, 170, 40), (70, None, 40), (70, 170, None)])
def test_a_missing_value_leaves_no_number(weight: int | None, height: int | None, age: int | None) -> None:
    kilos, centimetres = (None if each is None else Decimal(each) for each in (weight, height))
    read = bmi(weight_kg=kilos, height_cm=centimetres, age_years=age)
    assert (read.standing, read.value, read.outcome) == ("incomplete", None, None)


@pytest.mark.parametrize(("age", "pregnant"), [(17, False), (30, True)])
def test_it_is_not_for_everybody(age: int, pregnant: bool) -> None:
    read = bmi(weight_kg=Decimal(70), height_cm=Decimal(170), age_years=age, pregnant=pregnant)
    assert (read.standing, read.value) == ("not_applicable", None)


@pytest.mark.parametrize(("weight", "height"), [("0", "170"), ("70", "0"), ("-1", "170")])
def test_nobody_weighs_or_measures_nought(weight: str, height: str) -> None:
    with pytest.raises(ValueError, match="nought"):
        bmi(weight_kg=Decimal(weight), height_cm=Decimal(height), age_years=40)
