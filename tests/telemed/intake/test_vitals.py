"""A reading is a number within what is possible, or a reason; never both and never something between."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.vitals import (
    REASONS,
    VITALS,
    ImpossibleMeasurementError,
    Measurement,
    Reason,
    check_pressure,
    measured,
    parse_decimal,
    value_problem,
)

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
NUMBERS = st.decimals(allow_nan=True, allow_infinity=True)


def reading(code: str, value: str | None, reason: Reason | None = None) -> Measurement:
    return measured(code, None if value is None else Decimal(value), reason, "patient", AT)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("36,6", "36.6"), ("36.6", "36.6"), (" 72 ", "72"), ("0036,60", "36.60"), ("120", "120")],
)
def test_numbers_are_read_as_people_type_them(typed: str, read: str) -> None:
    assert parse_decimal(typed) == Decimal(read)


@pytest.mark.parametrize(
    "typed", ["", "NaN", "Infinity", "-1", "+1", "1e2", "1,", ",5", "1.2.3", "12 0", "٣٦", "１２"]
)
def test_what_is_no_plain_number_is_not_read_as_one(typed: str) -> None:
    assert parse_decimal(typed) is None


@given(st.text(max_size=12))
def test_reading_never_fails_and_gives_finite_numbers(typed: str) -> None:
    value = parse_decimal(typed)
    assert value is None or (value.is_finite() and value >= 0)


@pytest.mark.parametrize("code", VITALS)
def test_the_limits_belong_to_what_is_possible(code: str) -> None:
    vital = VITALS[code]
    step = Decimal(10) ** -vital.decimals
    assert value_problem(vital, vital.low) is None
    assert value_problem(vital, vital.high) is None
    assert value_problem(vital, vital.low - step) == "too_low"
    assert value_problem(vital, vital.high + step) == "too_high"


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("code", VITALS)
def test_what_is_not_finite_is_no_reading(code: str, value: str) -> None:
    assert value_problem(VITALS[code], Decimal(value)) == "not_a_number"


@given(st.sampled_from(sorted(VITALS)), NUMBERS)
def test_a_measurement_holds_only_possible_values(code: str, value: Decimal) -> None:
    problem = value_problem(VITALS[code], value)
    if problem is None:
        assert measured(code, value, None, "patient", AT).value == value
    else:
        with pytest.raises(ImpossibleMeasurementError):
            measured(code, value, None, "patient", AT)


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_stands_instead_of_a_number(reason: Reason) -> None:
    assert reading("pulse", None, reason).value is None
    with pytest.raises(ImpossibleMeasurementError):
        reading("pulse", "70", reason)


def test_a_measurement_is_never_empty_unknown_or_without_zone() -> None:
    with pytest.raises(ImpossibleMeasurementError):
        reading("pulse", None)
    with pytest.raises(ImpossibleMeasurementError):
        reading("charm", "5")
    with pytest.raises(ImpossibleMeasurementError):
        measured("pulse", Decimal(70), None, "patient", AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("systolic", "diastolic"), [("80", "120"), ("100", "100"), ("120", None), (None, "80")]
)
def test_half_or_swapped_blood_pressure_is_refused(systolic: str | None, diastolic: str | None) -> None:
    pair = [
        reading(code, value, None if value else "failed")
        for code, value in (("systolic", systolic), ("diastolic", diastolic))
    ]
    with pytest.raises(ImpossibleMeasurementError):
        check_pressure(pair)


def test_a_blood_pressure_that_failed_is_no_mistake() -> None:
    check_pressure([reading(code, None, "failed") for code in ("systolic", "diastolic")])
    check_pressure([reading("systolic", "151"), reading("diastolic", "92")])
    check_pressure([])
