"""What is beyond a limit is always found, and nothing without a number ever is or hides it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.limits import PROPOSAL, Limit, beyond, lacking, limit_problem, tightest
from telemed.intake.vitals import (
    ABOVE_RANGE,
    BELOW_RANGE,
    CODED,
    PRESSURE,
    VITALS,
    Measurement,
    Reason,
    results,
)

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


def counts(code: str, numbers: list[Decimal]) -> Decimal:
    """The number by which a kind is judged, worked out in another way than the code does."""
    if code in PRESSURE and len(numbers) > 1:
        return (numbers[-1] + numbers[-2] + 1) // 2
    return numbers[-1]


@given(st.lists(readings(), max_size=12), tables())
def test_found_is_exactly_what_the_number_that_counts_reaches(
    taken: list[Measurement], limits: dict[str, Limit]
) -> None:
    found = {each.code: each.value for each in beyond(taken, limits)}
    for code, limit in limits.items():
        numbers = [each.value for each in taken if each.code == code and each.value is not None]
        value = counts(code, numbers) if numbers else None
        reached = value is not None and (
            (limit.low is not None and value <= limit.low) or (limit.high is not None and value >= limit.high)
        )
        assert (code in found) == reached
        if reached:
            assert found[code] == value


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        ((("190", "100"), ("150", "90")), ()),
        ((("179", "90"), ("180", "90")), (("systolic", "180"),)),
        ((("200", "90"), ("170", "90"), ("170", "90")), ()),
        ((("120", "80"), ("182", "90"), ("180", "90")), (("systolic", "181"),)),
        ((("91", "60"), ("90", "60")), ()),
    ],
)
def test_of_pressures_the_mean_of_the_last_two_counts_and_half_a_unit_goes_up(
    taken: tuple[tuple[str, str], ...], found: tuple[tuple[str, str], ...]
) -> None:
    told = [
        reading(code, value)._replace(number=number)
        for number, pair in enumerate(taken, 1)
        for code, value in zip(PRESSURE, pair, strict=True)
    ]
    assert tuple((each.code, str(each.value)) for each in beyond(reversed(told), PROPOSAL)) == found


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


@pytest.mark.parametrize(("flag", "too_low", "end"), [(BELOW_RANGE, True, "2.9"), (ABOVE_RANGE, False, "20")])
def test_a_meter_off_its_scale_is_beyond_though_there_is_no_number(
    flag: str, too_low: bool, end: str
) -> None:
    shown = reading("glucose", None, "failed")._replace(number=2, flags=(flag,))
    (found,) = beyond([reading("glucose", "5.5"), shown], PROPOSAL)
    assert (found.value, found.said, found.too_low, found.end) == (None, flag, too_low, Decimal(end))
    assert beyond([shown], {"glucose": Limit("glucose", None, None)}) == ()
    assert beyond([shown, reading("glucose", "6.0")._replace(number=3)], PROPOSAL) == ()


@pytest.mark.parametrize("seen", CODED["consciousness"].answers)
def test_whoever_is_not_awake_and_clear_is_looked_at_whatever_was_signed(seen: str) -> None:
    told = Measurement("consciousness", None, None, "clerk", AT, source="observed", coded=seen)
    assert [each.said for each in beyond([told], {})] == ([] if seen == "alert" else [seen])


@given(st.lists(tables(), min_size=1, max_size=4), st.lists(readings(), max_size=6))
def test_what_is_beyond_any_facilitys_limit_is_beyond_the_tightest(
    signed: list[dict[str, Limit]], taken: list[Measurement]
) -> None:
    anywhere = {each.code for limits in signed for each in beyond(taken, limits)}
    assert {each.code for each in beyond(taken, tightest(signed))} == anywhere


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
