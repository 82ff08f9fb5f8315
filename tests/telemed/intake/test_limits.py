"""What is beyond a limit is always found, and nothing without a number ever is or hides it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.limits import PROPOSAL, Limit, beyond, lacking, limit_problem
from telemed.intake.vitals import PRESSURE, VITALS, Measurement, Reason, results

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
CODES = st.sampled_from(sorted(VITALS))
REASONS: st.SearchStrategy[Reason] = st.sampled_from(get_args(Reason))


def reading(code: str, value: str | Decimal | None, reason: Reason | None = None) -> Measurement:
    return Measurement(code, None if value is None else Decimal(value), reason, "patient", AT)


@st.composite
def readings(draw: st.DrawFn) -> Measurement:
    code = draw(CODES)
    if draw(st.booleans()):
        return reading(code, None, draw(REASONS))
    vital = VITALS[code]
    return reading(code, draw(st.decimals(vital.low, vital.high, places=vital.decimals)))


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Limit]:
    ends = st.none() | st.decimals(1, 400, places=1)
    return {code: Limit(code, draw(ends), draw(ends)) for code in VITALS}


@pytest.mark.parametrize(
    ("code", "fine", "passed"),
    [
        ("oxygen", "92", "91"),
        ("systolic", "179", "180"),
        ("systolic", "91", "90"),
        ("diastolic", "109", "110"),
        ("pulse", "130", "131"),
        ("pulse", "41", "40"),
        ("temperature", "39.0", "39.1"),
        ("temperature", "35.1", "35"),
    ],
)
def test_the_limit_itself_is_beyond_and_one_step_inside_is_not(code: str, fine: str, passed: str) -> None:
    assert beyond([reading(code, fine)], PROPOSAL) == ()
    (found,) = beyond([reading(code, passed)], PROPOSAL)
    assert (found.code, found.value, found.limit) == (code, Decimal(passed), PROPOSAL[code])


@pytest.mark.parametrize(("value", "too_low", "end"), [("85", True, "90"), ("210", False, "180")])
def test_it_says_which_end_was_reached(value: str, too_low: bool, end: str) -> None:
    (found,) = beyond([reading("systolic", value)], PROPOSAL)
    assert (found.too_low, found.end) == (too_low, Decimal(end))


@given(st.lists(readings(), max_size=12), tables())
def test_found_is_exactly_what_the_last_number_of_a_kind_reaches(
    taken: list[Measurement], limits: dict[str, Limit]
) -> None:
    found = {each.code: each.value for each in beyond(taken, limits)}
    for code, limit in limits.items():
        numbers = [each.value for each in taken if each.code == code and each.value is not None]
        reached = bool(numbers) and (
            (limit.low is not None and numbers[-1] <= limit.low)
            or (limit.high is not None and numbers[-1] >= limit.high)
        )
        assert (code in found) == reached
        if reached:
            assert found[code] == numbers[-1]


@given(st.lists(readings(), max_size=8), CODES, REASONS, st.integers(0, 8), tables())
def test_a_reason_changes_nothing_wherever_it_stands(
    taken: list[Measurement], code: str, reason: Reason, place: int, limits: dict[str, Limit]
) -> None:
    told = [*taken[:place], reading(code, None, reason), *taken[place:]]
    assert set(beyond(told, limits)) == set(beyond(taken, limits))


def test_a_first_value_that_nobody_could_measure_again_counts() -> None:
    (found,) = beyond([reading("oxygen", "88"), reading("oxygen", None, "failed")], PROPOSAL)
    assert found.value == Decimal("88")


def test_the_second_reading_takes_the_place_of_the_first() -> None:
    assert beyond([reading("oxygen", "88"), reading("oxygen", "95")], PROPOSAL) == ()
    (counted,) = results([reading("oxygen", "95"), reading("oxygen", "88")])
    assert counted.value == Decimal("88")


def test_nothing_measured_is_neither_beyond_nor_said_to_be_fine() -> None:
    told = [reading(code, None, "refused") for code in VITALS]
    assert beyond(told, PROPOSAL) == ()
    assert {result.value for result in results(told)} == {None}


def test_the_proposal_names_every_kind_and_can_be_signed() -> None:
    assert set(PROPOSAL) == set(VITALS)
    assert [limit_problem(each) for each in PROPOSAL.values()] == [None] * len(PROPOSAL)
    assert lacking(PROPOSAL) == ()


@pytest.mark.parametrize(
    ("limit", "problem"),
    [
        (Limit("mood", None, Decimal(1)), "unknown"),
        (Limit("oxygen", Decimal(40), None), "too_low"),
        (Limit("oxygen", None, Decimal(101)), "too_high"),
        (Limit("pulse", Decimal("40.5"), None), "too_many_decimals"),
        (Limit("pulse", Decimal("NaN"), None), "not_a_number"),
        (Limit("pulse", Decimal(90), Decimal(60)), "crossed"),
        (Limit("pulse", Decimal(60), Decimal(60)), "crossed"),
        (Limit("pulse", Decimal(60), Decimal(61)), None),
    ],
)
def test_a_limit_that_means_nothing_cannot_be_signed(limit: Limit, problem: str | None) -> None:
    assert limit_problem(limit) == problem


def test_a_table_without_what_the_proposal_watches_is_noticed() -> None:
    mine = {code: each for code, each in PROPOSAL.items() if code != "oxygen"}
    assert lacking(mine) == ("oxygen",)
    assert lacking({**mine, "oxygen": Limit("oxygen", None, None)}) == ("oxygen",)
