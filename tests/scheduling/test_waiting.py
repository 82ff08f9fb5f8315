from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import waiting
from scheduling.errors import WrongState
from scheduling.waiting import admit, enter, escalate, finish, leave, order, position
from tests import build
from tests.build import CLERK, DOCTOR, NOW

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

    def test_somebody_who_waits_may_become_an_emergency(self) -> None:
        entry, event = escalate(came(1), NOW, CLERK)
        assert (entry.emergency, entry.version, event.version) == (True, 2, 2)

    def test_somebody_who_left_may_not(self) -> None:
        with pytest.raises(WrongState):
            escalate(came(1, status="left"), NOW, CLERK)


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


@given(
    st.lists(
        st.builds(
            came,
            st.integers(0, 100),
            emergency=st.booleans(),
            appointment_id=st.sampled_from([None, APPOINTMENT]),
            status=st.sampled_from(["waiting", "admitted", "left", "done"]),
        ),
        max_size=12,
    )
)
def test_everybody_who_waits_has_one_place_and_nobody_overtakes_an_equal(
    entries: list[waiting.QueueEntry],
) -> None:
    queue = order(entries)
    assert [position(entries, entry.id) for entry in queue] == list(range(1, len(queue) + 1))
    assert {entry.id for entry in queue} == {entry.id for entry in entries if entry.status == "waiting"}
    for ahead, behind in pairwise(queue):
        assert ahead.emergency or not behind.emergency
        if (ahead.emergency, ahead.appointment_id) == (behind.emergency, behind.appointment_id):
            assert ahead.entered_at <= behind.entered_at
