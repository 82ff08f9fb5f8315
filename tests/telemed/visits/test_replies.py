"""What somebody writes back is done, once, by the rules that bind every patient, or a person calls."""

from datetime import timedelta

import pytest

from scheduling.booking import Appointment
from telemed.services import Services
from tests import build
from tests.build import TUESDAY, local
from tests.fakes import FakeClock
from tests.telemed.consulting_room import open_room
from tests.telemed.visits.writing import Writing

DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY
VISIT = local(11, 0, THURSDAY)
# Wednesday 11:00: the reminder of the day before.
REMINDED = VISIT - DAY


@pytest.fixture
def patient(services: Services) -> Writing:
    written_to = Writing(open_room(services, FakeClock()))
    written_to.agrees("sms")
    return written_to


@pytest.fixture
def visit(patient: Writing) -> Appointment:
    """A visit on Thursday at 11:00, of which the patient has been reminded."""
    made = patient.books(VISIT)
    patient.hears()
    assert patient.at(REMINDED) == ["Телемед: 19.11 11:00, Поща Аврен. Отговор: 1=да, 2=отказ"]
    return made


OFFERED = (
    "Телемед: други часове: 1=18.11 13:00, 2=20.11 11:00, 3=23.11 11:00. Пишете един номер, 0=без промяна"
)


class TestAnotherTime:
    def test_another_day_please_three_times_two_it_is_moved_and_reminded_of_anew(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("искам друг ден")
        assert patient.hears() == [OFFERED]
        patient.writes("2")
        assert patient.visit(visit).starts_at == local(11, 0, THURSDAY + DAY)
        assert patient.hears() == ["Телемед: нов час 20.11 11:00, Поща Аврен"]
        assert patient.at(REMINDED + DAY) == ["Телемед: 20.11 11:00, Поща Аврен. Отговор: 1=да, 2=отказ"]
        assert patient.at(VISIT - timedelta(hours=2)) == []
        assert patient.calls() == []

    @pytest.mark.parametrize("text", ["0", "не", "Не, благодаря"])
    def test_none_of_them_keeps_the_visit(self, patient: Writing, visit: Appointment, text: str) -> None:
        patient.writes("искам друг ден")
        patient.hears()
        patient.writes(text)
        assert patient.visit(visit).starts_at == VISIT
        assert patient.visit(visit).status == "booked"
        assert patient.hears() == ["Телемед: нищо не е променено: 19.11 11:00, Поща Аврен"]

    def test_a_time_that_has_gone_meanwhile_is_replaced_once_and_then_a_person_calls(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("искам друг ден")
        patient.hears()
        patient.somebody_else_has(local(11, 0, THURSDAY + DAY))
        patient.writes("2")
        (again,) = patient.hears()
        assert again.startswith("Телемед: този час вече е зает. Други: ")
        patient.somebody_else_has(local(11, 20, THURSDAY + DAY))
        patient.somebody_else_has(local(10, 40, THURSDAY + DAY))
        patient.writes("2")
        assert patient.visit(visit).starts_at == VISIT
        assert patient.hears() == ["Телемед: ще ви се обадим за 19.11 11:00, Поща Аврен"]
        assert patient.calls() == [("move", "open")]

    def test_whoever_has_refused_three_times_and_wants_another_is_called(
        self, patient: Writing, visit: Appointment
    ) -> None:
        for text in ("друг ден", "0", "друг ден"):
            patient.writes(text)
            patient.hears()
        assert patient.calls() == [("move", "open")]
        assert patient.visit(visit).starts_at == VISIT

    def test_where_nothing_is_free_a_person_calls(self, patient: Writing, visit: Appointment) -> None:
        patient.within(
            lambda unit: unit.book.set_shifts(patient.room.doctor_id, patient.room.world.facility.id, [])
        )
        patient.writes("искам друг ден")
        assert patient.hears() == ["Телемед: ще ви се обадим за 19.11 11:00, Поща Аврен"]
        assert patient.calls() == [("move", "open")]

    def test_who_is_too_late_hears_whom_to_tell(self, patient: Writing) -> None:
        strict = build.visit_type(cancel_minutes=24 * 60)
        patient.within(lambda unit: unit.book.set_visit_type(strict))
        made = patient.books(VISIT)
        patient.hears()
        patient.at(VISIT - timedelta(hours=3))
        patient.writes("искам друг ден")
        assert patient.hears() == ["Телемед: 19.11 11:00: късно е за отказ. Кажете на Поща Аврен"]
        assert patient.visit(made).starts_at == VISIT

    def test_only_times_that_a_patient_may_still_book_are_offered(self, patient: Writing) -> None:
        patient.within(lambda unit: unit.book.set_visit_type(build.visit_type(lead_minutes=60 * 72)))
        patient.books(VISIT)
        patient.hears()
        patient.at(REMINDED)
        patient.writes("искам друг ден")
        (offered,) = patient.hears()
        assert "18.11" not in offered
        assert "20.11" not in offered
        assert "1=23.11 11:00" in offered

    def test_a_number_for_a_visit_that_the_clerk_has_moved_changes_nothing(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("искам друг ден")
        patient.hears()
        elsewhere = local(15, 0, THURSDAY)
        patient.clerk_moves(visit, elsewhere)
        patient.writes("2")
        assert patient.visit(visit).starts_at == elsewhere
        patient.hears()
        # After the news that it was moved "2" may still be meant for the times, and is no refusal.
        patient.writes("2")
        assert patient.visit(visit).starts_at == elsewhere
        assert patient.visit(visit).status == "booked"

    def test_a_number_that_crosses_a_reminder_cancels_nothing(self, patient: Writing) -> None:
        made = patient.books(VISIT)
        patient.hears()
        patient.at(REMINDED - timedelta(minutes=30))
        patient.writes("искам друг ден")
        patient.hears()
        patient.at(REMINDED)
        patient.writes("2")
        assert patient.visit(made).status == "booked"
        (asked,) = patient.hears()
        assert asked.startswith("Телемед: пишете 1=да или 2=отказ")
        patient.writes("2")
        assert patient.visit(made).status == "cancelled"

    def test_the_same_number_twice_moves_once(self, patient: Writing, visit: Appointment) -> None:
        patient.writes("искам друг ден")
        patient.hears()
        patient.writes("2")
        moved = patient.visit(visit)
        patient.writes("2")
        patient.hears()
        patient.writes("2")
        assert patient.visit(visit) == moved

    def test_a_yes_to_three_times_is_no_choice(self, patient: Writing, visit: Appointment) -> None:
        patient.writes("искам друг ден")
        patient.hears()
        patient.writes("да")
        assert patient.visit(visit).confirmed_at is None
        assert patient.visit(visit).starts_at == VISIT


class TestWhichVisit:
    def test_the_number_decides_which_one_is_cancelled(self, patient: Writing) -> None:
        soon, later = patient.books(VISIT), patient.books(VISIT + timedelta(hours=1))
        patient.hears()
        patient.at(REMINDED + timedelta(hours=1))
        patient.writes("не мога да дойда")
        assert patient.hears() == ["Телемед: за кой час? 1=19.11 11:00, 2=19.11 12:00, 0=никой"]
        patient.writes("2")
        assert patient.visit(soon).status == "booked"
        assert patient.visit(later).status == "cancelled"

    def test_another_time_for_one_of_two(self, patient: Writing) -> None:
        soon, later = patient.books(VISIT), patient.books(VISIT + timedelta(hours=1))
        patient.hears()
        patient.at(REMINDED + timedelta(hours=1))
        for text in ("искам друг ден", "1", "2"):
            patient.writes(text)
            patient.hears()
        assert patient.visit(soon).starts_at == local(11, 0, THURSDAY + DAY)
        assert patient.visit(later).starts_at == VISIT + timedelta(hours=1)

    def test_neither_changes_neither(self, patient: Writing) -> None:
        visits = [patient.books(VISIT), patient.books(VISIT + timedelta(hours=1))]
        patient.hears()
        patient.at(REMINDED + timedelta(hours=1))
        for text in ("отказвам", "0"):
            patient.writes(text)
            patient.hears()
        assert [patient.visit(each).status for each in visits] == ["booked", "booked"]

    def test_a_visit_that_was_moved_since_it_was_asked_about_is_left_as_it_is(self, patient: Writing) -> None:
        soon, _ = patient.books(VISIT), patient.books(VISIT + timedelta(hours=1))
        patient.hears()
        patient.at(REMINDED + timedelta(hours=1))
        patient.writes("не мога да дойда")
        patient.hears()
        patient.clerk_moves(soon, local(15, 0, THURSDAY))
        patient.writes("1")
        assert patient.visit(soon).status == "booked"
