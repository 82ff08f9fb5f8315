"""Values come in the unit of the device or the person and are kept in one unit, rounded once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.units import UnknownUnit, convert


@pytest.mark.parametrize(
    ("value", "unit", "kept", "decimals", "becomes"),
    [
        ("16.0", "kPa", "mm[Hg]", 0, "120"),
        ("98.6", "[degF]", "Cel", 1, "37.0"),
        ("102.2", "[degF]", "Cel", 1, "39.0"),
        ("168.2", "[lb_av]", "kg", 1, "76.3"),
        ("67", "[in_i]", "cm", 0, "170"),
        ("1.714", "m", "cm", 1, "171.4"),
        ("90", "mg/dL", "mmol/L", 1, "5.0"),
        ("126", "mg/dL", "mmol/L", 1, "7.0"),
        ("36.60", "Cel", "Cel", 1, "36.60"),
    ],
)
def test_known_values(value: str, unit: str, kept: str, decimals: int, becomes: str) -> None:
    assert str(convert(Decimal(value), unit, kept, decimals)) == becomes


@pytest.mark.parametrize(("unit", "kept"), [("mm[Hg]", "kPa"), ("mmHg", "mm[Hg]"), ("[degF]", "kg")])
def test_a_unit_nobody_knows_is_refused_and_not_guessed(unit: str, kept: str) -> None:
    with pytest.raises(UnknownUnit):
        convert(Decimal(1), unit, kept, 1)


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_converted(bad: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        convert(Decimal(bad), "kg", "kg", 1)


@given(st.decimals("1", "400", places=2))
def test_pounds_there_and_back_differ_by_less_than_the_rounding(kilos: Decimal) -> None:
    pounds = kilos / Decimal("0.45359237")
    assert abs(convert(pounds, "[lb_av]", "kg", 2) - kilos) <= Decimal("0.005")
