"""What is measured at the kiosk: one touch passes it by, and nothing beyond a limit is measured once only."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.measuring import GOAL_SECONDS, RETURNING, walk
from telemed.countries.bg import BULGARIA
from telemed.intake.evaluator import path
from telemed.intake.limits import PROPOSAL, Limit, beyond
from telemed.intake.steps.form import DEVICE, GIVEN, OnlyIf, Step
from telemed.intake.steps.journey import LAST, STEPS, TOGETHER
from telemed.intake.steps.measurements import STEPS as MEASURING
from telemed.intake.told import readings
from telemed.intake.vitals import PRESSURE, VITALS, Measurement, results
from tests.telemed.intake.vectors import VECTORS

TODAY = date(2026, 11, 24)
BEFORE = {
    name: value
    for name, value in VECTORS["submissions"][-1]["answers"].items()
    if name not in {step.key for step in MEASURING}
}
KINDS = sorted(code for code, limit in PROPOSAL.items() if limit.low is not None or limit.high is not None)
ONE_READING = {
    "oxygen": ("oxygen_reading", "oxygen_again"),
    "pulse": ("pulse_reading", "pulse_again"),
    "temperature": ("temperature_reading", "temperature_again"),
    "breathing": ("breathing_count", "breathing_again"),
    "glucose": ("glucose_reading", "glucose_again"),
}


def numbers(code: str) -> st.SearchStrategy[str]:
    vital = VITALS[code]
    return st.decimals(vital.low, vital.high, places=vital.decimals).map(str)


def answer(draw: st.DrawFn, step: Step, told: dict[str, str]) -> dict[str, str]:
    """One way to answer a step: by a button, typed, or by a device."""
    buttons = [choice.value for choice in step.choices]
    if step.fields or step.kind == "rest":
        buttons.append(GIVEN)
    if step.measuring.device:
        buttons.append(DEVICE)
    said = {step.key: draw(st.sampled_from(buttons))}
    for field in step.fields:
        repeated = dict(step.rules.same).get(field.name)
        said[field.name] = told[repeated] if repeated else draw(numbers(field.measures))
    if step.rules.above:
        higher, lower = (Decimal(said[name]) for name in step.rules.above)
        if higher <= lower:
            said |= {step.rules.above[0]: "160", step.rules.above[1]: "90"}
    if said[step.key] == DEVICE:
        said[f"{step.key}_raw"] = "00"
        said |= {field.name: draw(numbers(field.measures)) for field in step.measuring.sent}
    return said


@st.composite
def walks(draw: st.DrawFn) -> dict[str, str]:
    """Somebody who measures, and answers whatever is asked in some way that is offered."""
    told = {**BEFORE, "measure": "yes"}
    for _ in range(2 * len(MEASURING)):
        stop = path(told, BULGARIA, TODAY, PROPOSAL).stop
        if stop not in {step.key for step in MEASURING}:
            return told
        told |= answer(draw, STEPS[stop], told)
    raise AssertionError(f"measuring does not end: {told}")


def filed(told: dict[str, str]) -> tuple[tuple[str, ...], list[tuple[str, Measurement]]]:
    keys = path(told, BULGARIA, TODAY, PROPOSAL).keys
    return keys, list(readings(keys, told))


@given(walks())
def test_whatever_is_answered_the_way_ends_and_nothing_beyond_a_limit_was_measured_once_only(
    told: dict[str, str],
) -> None:
    keys, taken = filed(told)
    assert path(told, BULGARIA, TODAY, PROPOSAL).stop == LAST
    first = {code: [each for key, each in taken if each.code == code] for code in KINDS}
    for code, of_kind in first.items():
        told_numbers = [each for each in of_kind if each.value is not None]
        asked_again = "pressure_again" if code in PRESSURE else f"{code}_again"
        if beyond(of_kind, PROPOSAL) and not (code in PRESSURE and len(told_numbers) > 2):
            assert asked_again in keys


@given(walks())
def test_readings_are_numbered_by_kind_and_every_number_has_its_source(told: dict[str, str]) -> None:
    keys, taken = filed(told)
    for code in {each.code for _, each in taken}:
        order = [each.number for _, each in taken if each.code == code]
        assert order == list(range(1, len(order) + 1))
    for key, each in taken:
        assert (each.value is None) == (each.reason is not None or each.coded != "")
        if each.value is not None and told[key] == GIVEN:
            assert each.source == ("counted" if STEPS[key].kind == "count" else "typed")
            assert STEPS[key].kind == "count" or any(
                key in (step.only_if.answer or ()) for step in asked(keys)
            )


def asked(keys: tuple[str, ...]) -> list[Step]:
    """The pages on which something is typed a second time."""
    return [STEPS[key] for key in keys if STEPS[key].rules.same]


@pytest.mark.parametrize("code", ONE_READING)
@given(st.data())
def test_the_second_number_counts_and_a_refused_one_leaves_the_first(code: str, data: st.DataObject) -> None:
    limits = {code: Limit(code, None, VITALS[code].low)}
    first, second = (Decimal(data.draw(numbers(code))) for _ in range(2))
    key, again = ONE_READING[code]
    told = {key: GIVEN, code: str(first), again: GIVEN, f"{code}_second": str(second)}
    for said, value in ((told, second), ({**told, again: "refused"}, first)):
        taken = [each for _, each in readings((key, again), said)]
        assert [each.value for each in results(taken)] == [value]
        assert [each.value for each in beyond(taken, limits)] == [value]


def test_who_does_not_want_to_measure_touches_one_button() -> None:
    told = {**BEFORE, "measure": "no"}
    keys, taken = filed(told)
    assert (keys[-2:], taken) == (("measure", "when"), [])


def test_what_is_measured_comes_along_with_three_pages() -> None:
    firsts = {"rest", "oxygen_reading", "weight_reading"}
    brought = {key for first in firsts for key in TOGETHER[first]}
    assert brought | firsts | {"measure"} == {step.key for step in MEASURING}


def test_no_page_is_asked_for_because_of_what_was_measured() -> None:
    for first in ("rest", "oxygen_reading", "weight_reading"):
        assert STEPS[first].only_if == OnlyIf(), first


def test_a_returning_patient_with_devices_takes_the_clerk_a_minute_and_a_half_at_most() -> None:
    pages = walk(by_device=True, chosen=RETURNING)
    assert sum(page.screen + page.hands for page in pages) <= GOAL_SECONDS
    assert {"pressure_3", "breathing_count", "consciousness"} <= {page.key for page in pages}
