from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import booking
from scheduling.booking import Appointment, Change, arrive, cancel, confirm, fulfil, no_show
from scheduling.errors import TooLate, WrongState
from tests import build
from tests.build import CLERK, NOW, local

Verb = Callable[..., Change]
VERBS: dict[str, Verb] = {
    "confirm": confirm,
    "cancel": cancel,
    "arrive": arrive,
    "fulfil": fulfil,
    "no_show": no_show,
}
LEADS_TO = {
    ("booked", "confirm"): "booked",
    ("booked", "cancel"): "cancelled",
    ("booked", "arrive"): "arrived",
    ("booked", "no_show"): "noshow",
    ("arrived", "cancel"): "cancelled",
    ("arrived", "fulfil"): "fulfilled",
}
STATUSES = ["booked", "arrived", "fulfilled", "cancelled", "noshow"]


def moment_for(verb: str) -> datetime:
    return local(11, 10) if verb == "no_show" else NOW


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", STATUSES)
def test_only_the_steps_drawn_are_possible(status: Any, verb: str) -> None:
    before = build.appointment(status=status)
    if (status, verb) in LEADS_TO:
        after, _ = VERBS[verb](before, moment_for(verb), CLERK)
        assert after.status == LEADS_TO[status, verb]
    else:
        with pytest.raises(WrongState, match=status):
            VERBS[verb](before, moment_for(verb), CLERK)


class TestBook:
    def test_takes_everything_from_the_slot(self) -> None:
        slot, person = build.slot(), build.patient()
        made, event = booking.book(person.id, build.facility().id, slot, "video", NOW, CLERK)
        assert (made.practitioner_id, made.kiosk_id, made.site_id) == (
            slot.practitioner_id,
            slot.kiosk_id,
            slot.site_id,
        )
        assert (made.status, made.version, made.confirmed_at) == ("booked", 1, None)
        assert (event.kind, event.subject_id, event.version) == ("appointment.booked", made.id, 1)

    def test_refuses_a_slot_that_has_begun(self) -> None:
        with pytest.raises(TooLate):
            booking.book(build.patient().id, build.facility().id, build.slot(), "video", local(11, 1), CLERK)

    def test_accepts_a_slot_that_begins_this_moment(self) -> None:
        slot = build.slot()
        made, _ = booking.book(build.patient().id, build.facility().id, slot, "video", slot.starts_at, CLERK)
        assert made.starts_at == slot.starts_at


class TestConfirm:
    def test_notes_when(self) -> None:
        after, event = confirm(build.appointment(), NOW, CLERK, why="sms")
        assert after.confirmed_at == NOW
        assert (event.kind, event.why) == ("appointment.confirmed", "sms")

    def test_works_once(self) -> None:
        with pytest.raises(WrongState, match="already"):
            confirm(build.appointment(confirmed_at=NOW), NOW, CLERK)

    def test_is_too_late_after_the_start(self) -> None:
        with pytest.raises(TooLate):
            confirm(build.appointment(), local(11), CLERK)


class TestCancel:
    def test_keeps_who_and_why(self) -> None:
        _, event = cancel(build.appointment(), NOW, CLERK, why="the patient answered 2")
        assert (event.who, event.why, event.at) == (CLERK, "the patient answered 2", NOW)

    def test_is_too_late_once_it_should_have_begun(self) -> None:
        with pytest.raises(TooLate):
            cancel(build.appointment(), local(11), CLERK)

    def test_is_possible_for_somebody_who_came_and_went_away(self) -> None:
        after, _ = cancel(build.appointment(status="arrived"), local(11, 30), CLERK)
        assert after.status == "cancelled"


class TestArriveAndNoShow:
    def test_a_late_patient_may_arrive_until_the_end(self) -> None:
        after, _ = arrive(build.appointment(), local(11, 19), CLERK)
        assert after.status == "arrived"
        with pytest.raises(TooLate):
            arrive(build.appointment(), local(11, 20), CLERK)

    def test_nobody_is_missing_before_the_start(self) -> None:
        with pytest.raises(WrongState, match="not begun"):
            no_show(build.appointment(), local(10, 59), CLERK)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 40).map(lambda m: timedelta(minutes=m))),
        max_size=8,
    )
)
def test_versions_count_the_changes_and_an_ended_appointment_never_changes(
    steps: list[tuple[str, timedelta]],
) -> None:
    appointment, now, kinds = build.appointment(), local(10, 30), []
    for verb, later in steps:
        now += later
        before: Appointment = appointment
        try:
            appointment, event = VERBS[verb](before, now, CLERK)
        except (TooLate, WrongState):
            continue
        kinds.append(event.kind)
        assert before.status in booking.OPEN
        assert appointment.version == event.version == before.version + 1
        assert event.subject_id == before.id
        assert (appointment.starts_at, appointment.patient_id) == (before.starts_at, before.patient_id)
    assert appointment.version == 1 + len(kinds)
    assert len(kinds) == len(set(kinds))
