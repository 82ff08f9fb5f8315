from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import waiting
from scheduling.errors import WrongState
from scheduling.hours import Span
from scheduling.waiting import (
    Away,
    admit,
    call,
    come_back,
    enter,
    finish,
    keep_longer,
    lapsed,
    leave,
    order,
    position,
    prioritise,
    raise_alarm,
    ring,
    send_home,
    step_away,
)
from tests import build
from tests.build import CLERK, DOCTOR, NOW, local

APPOINTMENT, PRACTITIONER = UUID(int=5), UUID(int=6)


def came(minutes: int, **changes: Any) -> waiting.QueueEntry:
    return build.queue_entry(entered_at=NOW + timedelta(minutes=minutes), **changes)


class TestOrder:
    def test_those_without_appointment_go_in_the_order_they_came(self) -> None:
        second, first = came(5), came(1)
        assert order([second, first]) == [first, second]

    def test_an_appointment_is_a_promise_and_an_emergency_goes_before_everybody(self) -> None:
        walk_in, booked, emergency = came(1), came(2, appointment_id=APPOINTMENT), came(3, emergency=True)
        assert order([walk_in, booked, emergency]) == [emergency, booked, walk_in]

    def test_only_those_who_wait_are_in_it(self) -> None:
        assert order(came(1, status=status) for status in ("admitted", "left", "done")) == []

    def test_a_booked_patient_waits_from_the_appointment_on_even_when_early(self) -> None:
        early = came(0, appointment_id=APPOINTMENT, counts_from=NOW + timedelta(minutes=90))
        first, second = came(29), came(31)
        assert order([early, first, second]) == [first, early, second]

    def test_a_clinician_may_lift_and_lower(self) -> None:
        usual, lifted, lowered = came(1), came(20, priority=2), came(0, priority=5)
        assert order([usual, lifted, lowered]) == [lifted, usual, lowered]

    def test_half_an_hour_of_waiting_lifts_by_one_level(self) -> None:
        waited, urgent_soon, urgent_late = came(0), came(59, priority=2), came(61, priority=2)
        assert order([urgent_late, urgent_soon, waited]) == [urgent_soon, waited, urgent_late]

    def test_no_waiting_lifts_above_an_emergency(self) -> None:
        waited, emergency = came(-600, priority=1), came(0, emergency=True, priority=5)
        assert order([waited, emergency]) == [emergency, waited]


class TestPosition:
    def test_counts_from_one(self) -> None:
        first, second = came(1), came(2)
        assert (position([first, second], first.id), position([first, second], second.id)) == (1, 2)

    def test_who_does_not_wait_has_none(self) -> None:
        admitted = came(1, status="admitted")
        assert position([admitted], admitted.id) is None


class TestEntering:
    def test_says_whether_it_is_an_emergency(self) -> None:
        place, person = build.site(), build.patient()
        entry, event = enter(person.id, UUID(int=1), place.id, UUID(int=2), None, True, NOW, CLERK)
        assert (entry.status, entry.emergency, entry.entered_at, entry.version) == ("waiting", True, NOW, 1)
        assert (event.kind, event.subject_id, event.why) == ("queue.entered", entry.id, "emergency")

    @pytest.mark.parametrize(("minutes", "counted"), [(-30, 0), (10, 10)])
    def test_with_an_appointment_waits_from_its_time_or_from_a_later_arrival(
        self, minutes: int, counted: int
    ) -> None:
        now = NOW + timedelta(minutes=minutes)
        place = UUID(int=3)
        entry, _ = enter(place, place, place, place, APPOINTMENT, False, now, CLERK, appointment_at=NOW)
        assert (entry.entered_at, entry.since) == (now, NOW + timedelta(minutes=counted))

    def test_somebody_who_waits_may_become_an_emergency_and_rings_anew(self) -> None:
        entry, event = raise_alarm(came(1, rings_for=PRACTITIONER, rung_at=NOW), NOW, CLERK)
        assert (entry.emergency, entry.rings_for, entry.rung_at) == (True, None, None)
        assert (event.kind, event.version) == ("queue.entered", 2)

    def test_somebody_who_left_may_not(self) -> None:
        with pytest.raises(WrongState):
            raise_alarm(came(1, status="left"), NOW, CLERK)


class TestPriority:
    def test_is_kept_with_who_set_it(self) -> None:
        entry, event = prioritise(came(1), 2, PRACTITIONER, NOW, DOCTOR)
        assert (entry.priority, entry.priority_by) == (2, PRACTITIONER)
        assert (event.kind, event.why, event.version) == ("queue.prioritised", "2", 2)

    def test_may_be_taken_back(self) -> None:
        entry, _ = prioritise(came(1, priority=2, priority_by=PRACTITIONER), None, PRACTITIONER, NOW, DOCTOR)
        assert (entry.priority, entry.priority_by, entry.level) == (None, None, 4)

    @pytest.mark.parametrize("priority", [0, 6, -1])
    def test_has_five_levels(self, priority: int) -> None:
        with pytest.raises(ValueError, match="1 to 5"):
            prioritise(came(1), priority, PRACTITIONER, NOW, DOCTOR)

    def test_is_of_no_use_to_somebody_already_seen(self) -> None:
        with pytest.raises(WrongState):
            prioritise(came(1, status="admitted"), 2, PRACTITIONER, NOW, DOCTOR)


class TestWaitingAtHome:
    def test_keeps_the_place(self) -> None:
        first, second = came(1), came(2)
        home, event = send_home(first, NOW, CLERK)
        assert (home.at_home, event.kind) == (True, "queue.sent_home")
        assert order([second, home]) == [home, second]

    def test_is_not_for_emergencies_nor_twice(self) -> None:
        for entry in (came(1, emergency=True), came(1, at_home=True), came(1, status="left")):
            with pytest.raises(WrongState):
                send_home(entry, NOW, CLERK)

    def test_is_called_once(self) -> None:
        called, event = call(came(1, at_home=True), NOW, CLERK)
        assert (called.called_at, event.kind) == (NOW, "queue.called")
        with pytest.raises(WrongState):
            call(called, NOW, CLERK)

    def test_somebody_who_is_here_is_not_called(self) -> None:
        with pytest.raises(WrongState):
            call(came(1), NOW, CLERK)

    def test_ends_at_any_kiosk(self) -> None:
        back, event = come_back(came(1, at_home=True), UUID(int=8), UUID(int=9), NOW, CLERK)
        assert (back.at_home, back.kiosk_id, back.site_id) == (False, UUID(int=8), UUID(int=9))
        assert event.kind == "queue.returned"


class TestSteppingAway:
    LATER = NOW + waiting.KEPT

    def test_keeps_the_place_for_five_minutes(self) -> None:
        first, second = came(1, rings_for=PRACTITIONER, rung_at=NOW), came(2)
        away, event = step_away(first, NOW, CLERK)
        assert (away.away_until, away.rings_for, event.kind) == (self.LATER, None, "queue.away")
        assert order([second, away]) == [away, second]
        assert (lapsed(away, self.LATER - timedelta(seconds=1)), lapsed(away, self.LATER)) == (False, True)

    def test_is_done_once_and_not_by_who_waits_at_home(self) -> None:
        for entry in (came(1, away_until=NOW), came(1, at_home=True), came(1, status="left")):
            with pytest.raises(WrongState):
                step_away(entry, NOW, CLERK)

    def test_ends_at_any_kiosk_with_the_same_place(self) -> None:
        away, _ = step_away(came(1), NOW, CLERK)
        back, _ = come_back(away, UUID(int=8), UUID(int=9), self.LATER, CLERK)
        assert (back.away_until, back.kiosk_id, back.turn) == (None, UUID(int=8), away.turn)

    def test_may_be_made_longer_by_somebody_who_knows_but_not_when_it_is_over(self) -> None:
        away, _ = step_away(came(1), NOW, CLERK)
        kept, event = keep_longer(away, NOW + timedelta(minutes=4), CLERK)
        assert (kept.away_until, event.kind) == (NOW + timedelta(minutes=9), "queue.kept")
        for entry in (away, came(1)):
            with pytest.raises(WrongState):
                keep_longer(entry, self.LATER, CLERK)

    def test_a_doctor_who_admits_hears_that_nobody_sits_there(self) -> None:
        away, _ = step_away(came(1), NOW, CLERK)
        with pytest.raises(Away):
            admit(away, PRACTITIONER, NOW, DOCTOR)

    def test_an_emergency_is_kept_until_a_doctor_has_looked(self) -> None:
        away, _ = step_away(came(1, emergency=True), NOW, CLERK)
        assert not lapsed(away, NOW + timedelta(days=2))
        assert away.here
        assert admit(away, PRACTITIONER, NOW, DOCTOR)[0].away_until is None

    def test_who_becomes_an_emergency_is_taken_to_be_here(self) -> None:
        raised, _ = raise_alarm(came(1, away_until=NOW), NOW, CLERK)
        assert (raised.away_until, raised.emergency) == (None, True)


class TestTheEndOfTheDay:
    HOURS = (Span(local(9), local(12)), Span(local(13), local(17)))

    def over(self, now: datetime, **changes: Any) -> bool:
        return waiting.day_over(build.queue_entry(**changes), self.HOURS, now)

    def test_comes_for_who_is_at_home_when_the_site_closes(self) -> None:
        assert not self.over(local(16, 59), at_home=True)
        assert self.over(local(17), at_home=True)

    def test_comes_in_the_night_for_who_sat_down_there(self) -> None:
        assert not self.over(local(22, 59))
        assert self.over(local(23))

    def test_never_comes_for_an_emergency_nor_for_who_is_being_seen(self) -> None:
        much_later = local(17) + timedelta(days=3)
        assert not self.over(much_later, emergency=True)
        assert not self.over(much_later, status="admitted")

    def test_comes_at_once_where_the_site_was_not_even_open(self) -> None:
        assert waiting.day_over(build.queue_entry(at_home=True), (), NOW)


class TestRinging:
    def test_first_rings_and_then_is_passed_on(self) -> None:
        rung, first = ring(came(1), PRACTITIONER, NOW, CLERK)
        again, second = ring(rung, UUID(int=7), NOW + timedelta(minutes=3), CLERK)
        assert (first.kind, second.kind) == ("queue.rung", "queue.escalated")
        assert (rung.escalations, again.escalations, again.rings_for) == (0, 1, UUID(int=7))


class TestBeingSeen:
    def test_a_practitioner_takes_the_patient_in(self) -> None:
        entry, event = admit(came(1), PRACTITIONER, NOW, DOCTOR)
        assert (entry.status, entry.practitioner_id) == ("admitted", PRACTITIONER)
        assert (event.kind, event.version) == ("queue.admitted", 2)

    @pytest.mark.parametrize("status", ["admitted", "left", "done"])
    def test_only_somebody_who_waits_is_taken_in(self, status: str) -> None:
        with pytest.raises(WrongState, match=status):
            admit(came(1, status=status), PRACTITIONER, NOW, DOCTOR)

    @pytest.mark.parametrize("status", ["waiting", "admitted"])
    def test_a_patient_may_go_away_at_any_time(self, status: str) -> None:
        entry, event = leave(came(1, status=status), NOW, CLERK)
        assert (entry.status, event.kind) == ("left", "queue.left")

    def test_only_somebody_who_was_taken_in_is_done(self) -> None:
        entry, event = finish(came(1, status="admitted", practitioner_id=PRACTITIONER), NOW, DOCTOR)
        assert (entry.status, entry.practitioner_id, event.kind) == ("done", PRACTITIONER, "queue.done")
        with pytest.raises(WrongState):
            finish(came(1), NOW, DOCTOR)


times = st.integers(0, 400)
tickets = st.builds(
    came,
    times,
    emergency=st.booleans(),
    appointment_id=st.sampled_from([None, APPOINTMENT]),
    counts_from=st.none() | st.builds(lambda minutes: NOW + timedelta(minutes=minutes), times),
    priority=st.none() | st.integers(1, 5),
    status=st.sampled_from(["waiting", "admitted", "left", "done"]),
)


@given(st.lists(tickets, max_size=12), st.randoms())
def test_everybody_who_waits_has_one_place_whoever_is_asked_first(
    entries: list[waiting.QueueEntry], random: Random
) -> None:
    queue = order(entries)
    assert [position(entries, entry.id) for entry in queue] == list(range(1, len(queue) + 1))
    assert {entry.id for entry in queue} == {entry.id for entry in entries if entry.status == "waiting"}
    shuffled = random.sample(entries, len(entries))
    assert order(shuffled) == queue


@given(st.lists(tickets, max_size=12))
def test_an_emergency_is_never_behind_anybody_else(entries: list[waiting.QueueEntry]) -> None:
    for ahead, behind in pairwise(order(entries)):
        assert ahead.emergency or not behind.emergency


@given(st.lists(tickets, max_size=12))
def test_nobody_is_overtaken_by_an_equal_or_by_anybody_who_comes_two_hours_later(
    entries: list[waiting.QueueEntry],
) -> None:
    for number, ahead in enumerate(queue := order(entries)):
        for behind in queue[number:]:
            if ahead.emergency == behind.emergency:
                assert ahead.since - behind.since <= timedelta(hours=2)
                assert ahead.level != behind.level or ahead.since <= behind.since
