"""The doctor calls later, and nobody is pushed to the end for it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.errors import WrongState
from scheduling.events import Actor
from scheduling.putting_off import MINUTES, MOST, WHYS, is_put_off, minutes_left, put_off, waits_long
from scheduling.ringing import Duty, Patience, Ring, rings
from scheduling.waiting import QueueEntry, admit, order, raise_alarm
from tests import build
from tests.build import NOW

ANNA = UUID(int=1)
DOCTOR = Actor("staff", ANNA)
MINUTE = timedelta(minutes=1)


def came(minutes: int = 0, **changes: Any) -> QueueEntry:
    return build.queue_entry(entered_at=NOW + minutes * MINUTE, **changes)


def later(entry: QueueEntry, minutes: int = 20, after: int = 5) -> QueueEntry:
    changed, _ = put_off(entry, minutes, "no_answer", NOW + after * MINUTE, DOCTOR)
    return changed


def due(*entries: QueueEntry, after: int) -> list[Ring]:
    duty = {"consultation": (Duty(ANNA, busy=False),)}
    return rings(entries, duty, {}, NOW + after * MINUTE, Patience())


@given(
    others=st.lists(st.integers(0, 200), max_size=6),
    minutes=st.sampled_from(MINUTES),
    why=st.sampled_from(WHYS),
)
def test_the_place_in_the_queue_is_kept(others: list[int], minutes: int, why: str) -> None:
    mine, rest = came(3), [came(each) for each in others]
    before = [each.id for each in order([*rest, mine])]
    changed, event = put_off(mine, minutes, why, NOW + 4 * MINUTE, DOCTOR)
    assert [each.id for each in order([*rest, changed])] == before
    assert (event.kind, event.why) == ("queue.put_off", why)


def test_meanwhile_it_rings_for_whoever_comes_next() -> None:
    first, second = later(came(0)), came(1)
    assert due(first, second, after=6) == [Ring(second.id, ANNA)]


def test_when_the_time_is_over_it_rings_by_itself_before_all_who_came_after() -> None:
    first, second = later(came(0)), came(1)
    assert due(first, second, after=25) == [Ring(first.id, ANNA)]


def test_an_emergency_is_never_put_off() -> None:
    with pytest.raises(WrongState):
        later(came(emergency=True))


def test_whoever_becomes_an_emergency_rings_at_once() -> None:
    alarmed, _ = raise_alarm(later(came()), NOW + 6 * MINUTE, DOCTOR)
    assert due(alarmed, after=6) == [Ring(alarmed.id, ANNA)]


def test_nobody_is_put_off_for_ever() -> None:
    entry = came()
    for number in range(MOST):
        entry = later(entry, after=number * 40)
    with pytest.raises(WrongState):
        later(entry)


def test_whom_nobody_could_reach_waits_again_and_belongs_to_nobody() -> None:
    taken, _ = admit(came(), ANNA, NOW, DOCTOR)
    again = later(taken)
    assert (again.status, again.practitioner_id, again.since) == ("waiting", None, taken.since)


def test_the_doctor_may_take_them_in_earlier_after_all() -> None:
    taken, _ = admit(later(came()), ANNA, NOW + 6 * MINUTE, DOCTOR)
    assert (taken.status, taken.put_off_until) == ("admitted", None)


def test_only_what_the_short_lists_offer_is_taken() -> None:
    with pytest.raises(ValueError, match="not offered"):
        later(came(), minutes=15)
    with pytest.raises(ValueError, match="not offered"):
        put_off(came(), 10, "lunch", NOW, DOCTOR)


def test_in_about_how_many_minutes_is_said_in_fives_and_never_as_none() -> None:
    entry = later(came(), minutes=20, after=0)
    assert [minutes_left(entry, NOW + each * MINUTE) for each in (0, 1, 6, 19, 25)] == [20, 20, 15, 5, 5]


def test_going_home_is_worth_it_until_ten_minutes_before() -> None:
    entry = later(came(), minutes=20, after=0)
    assert [waits_long(entry, NOW + each * MINUTE) for each in (0, 9, 10)] == [True, True, False]


def test_a_clock_set_back_an_hour_makes_nobody_wait_longer() -> None:
    entry = later(came(), after=0)
    assert is_put_off(entry, NOW)
    assert not is_put_off(entry, NOW - 60 * MINUTE)


def test_who_has_left_the_queue_is_not_put_off() -> None:
    with pytest.raises(WrongState):
        later(replace(came(), status="left"))
