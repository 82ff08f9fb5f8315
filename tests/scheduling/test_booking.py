from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import booking
from scheduling.booking import Appointment, Change, arrive, cancel, confirm, fulfil, no_show, undo
from scheduling.calendar import Slot
from scheduling.errors import NotOffered, PastWindow, TooLate, TooSoon, WrongState
from scheduling.visit_types import VisitType
from tests import build
from tests.build import CLERK, NOW, local

Verb = Callable[..., Change]
VERBS: dict[str, Verb] = {
    "confirm": confirm,
    "cancel": cancel,
    "arrive": arrive,
    "fulfil": fulfil,
    "no_show": no_show,
    "undo": undo,
}
LEADS_TO = {
    ("booked", "confirm"): "booked",
    ("booked", "cancel"): "cancelled",
    ("booked", "arrive"): "arrived",
    ("booked", "no_show"): "noshow",
    ("arrived", "cancel"): "cancelled",
    ("arrived", "fulfil"): "fulfilled",
    ("arrived", "undo"): "booked",
    ("cancelled", "undo"): "booked",
    ("noshow", "undo"): "booked",
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


def booked(slot: Slot, now: datetime = NOW, kind: VisitType | None = None, **changes: Any) -> Appointment:
    wish = build.request(build.patient().id, slot, **changes)
    made, _ = booking.book(wish, build.facility().id, kind or build.visit_type(), 0, now, CLERK)
    return made


class TestBook:
    def test_takes_everything_from_the_slot(self) -> None:
        slot, person, centre = build.slot(), build.patient(), build.facility()
        wish = build.request(person.id, slot)
        made, event = booking.book(wish, centre.id, build.visit_type(), 2, NOW, CLERK)
        assert made.slot == slot
        assert (made.patient_id, made.facility_id, made.nth) == (person.id, centre.id, 2)
        assert (made.status, made.version, made.confirmed_at) == ("booked", 1, None)
        assert (event.kind, event.subject_id, event.version) == ("appointment.booked", made.id, 1)

    def test_refuses_a_slot_that_has_begun(self) -> None:
        with pytest.raises(TooLate):
            booked(build.slot(), local(11, 1))

    def test_accepts_a_slot_that_begins_this_moment(self) -> None:
        assert booked(build.slot(), local(11)).starts_at == local(11)

    def test_the_lead_time_binds_patients_and_not_staff(self) -> None:
        kind = build.visit_type(lead_minutes=120)
        with pytest.raises(TooSoon) as refused:
            booked(build.slot(), local(9, 1), kind, by_patient=True)
        assert refused.value.earliest == local(11, 1)
        assert booked(build.slot(), local(9), kind, by_patient=True).starts_at == local(11)
        assert booked(build.slot(), local(10, 59), kind).starts_at == local(11)

    @pytest.mark.parametrize(
        ("slot", "changes"),
        [
            (build.slot(ends_at=local(11, 30)), {}),
            (build.slot(kiosk_id=None), {}),
            (build.slot(), {"channel": "telepathy"}),
        ],
        ids=["of another length", "without the kiosk it needs", "over another channel"],
    )
    def test_refuses_a_visit_that_is_not_offered(self, slot: Slot, changes: dict[str, Any]) -> None:
        with pytest.raises(NotOffered):
            booked(slot, **changes)

    def test_a_visit_by_telephone_takes_no_kiosk(self) -> None:
        kind = build.visit_type(needs_kiosk=False)
        assert booked(build.slot(kiosk_id=None), kind=kind).kiosk_id is None
        with pytest.raises(NotOffered):
            booked(build.slot(), kind=kind)


class TestMove:
    def move(self, now: datetime = NOW, before: Appointment | None = None, **changes: Any) -> Change:
        kind = build.visit_type(lead_minutes=60, cancel_minutes=90)
        slot = build.slot(starts_at=local(12), ends_at=local(12, 20))
        before = before or build.appointment()
        return booking.move(before, slot, build.facility().id, kind, now, CLERK, **changes)

    def test_changes_the_time_and_asks_for_confirmation_anew(self) -> None:
        before = build.appointment(confirmed_at=NOW)
        after, event = self.move(before=before, why="asked to")
        assert (after.id, after.version, after.starts_at) == (before.id, 2, local(12))
        assert (after.status, after.confirmed_at) == ("booked", None)
        assert (event.kind, event.why) == ("appointment.moved", "asked to")

    @pytest.mark.parametrize("status", [status for status in STATUSES if status != "booked"])
    def test_only_what_is_booked_moves(self, status: Any) -> None:
        with pytest.raises(WrongState):
            self.move(before=build.appointment(status=status))

    def test_a_patient_must_be_early_enough_for_the_old_time_and_the_new(self) -> None:
        assert self.move(local(9, 30), by_patient=True)
        with pytest.raises(PastWindow):
            self.move(local(9, 31), by_patient=True)
        with pytest.raises(TooSoon):
            self.move(local(11, 1), build.appointment(starts_at=local(15)), by_patient=True)

    def test_staff_may_until_it_begins(self) -> None:
        assert self.move(local(10, 59))
        with pytest.raises(TooLate):
            self.move(local(11))


class TestUndo:
    def test_is_possible_until_it_would_have_ended(self) -> None:
        missed = build.appointment(status="noshow")
        after, event = undo(missed, local(11, 19), CLERK, "came after all")
        assert (after.status, event.kind, event.why) == (
            "booked",
            "appointment.reinstated",
            "came after all",
        )
        with pytest.raises(TooLate):
            undo(missed, local(11, 20), CLERK)


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

    def test_a_patient_must_give_the_notice_that_is_needed(self) -> None:
        needed = booking.notice(build.visit_type(cancel_minutes=60))
        assert cancel(build.appointment(), local(10), CLERK, needed=needed)
        with pytest.raises(PastWindow) as refused:
            cancel(build.appointment(), local(10, 1), CLERK, needed=needed)
        assert refused.value.closed_at == local(10)
        with pytest.raises(TooLate):
            cancel(build.appointment(), local(11), CLERK, needed=needed)

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
def test_versions_count_the_changes_and_what_has_ended_only_changes_back(
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
        assert before.status in booking.OPEN or verb == "undo"
        assert appointment.version == event.version == before.version + 1
        assert event.subject_id == before.id
        assert (appointment.starts_at, appointment.patient_id) == (before.starts_at, before.patient_id)
    assert appointment.version == 1 + len(kinds)
    assert kinds.count("appointment.fulfilled") <= 1
