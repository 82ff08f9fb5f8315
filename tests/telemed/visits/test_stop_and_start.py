"""Whoever wants no messages gets none and may take that back; what nobody can read brings a person."""

from datetime import timedelta

import pytest

from scheduling.booking import Appointment
from telemed.services import Services
from tests.build import TUESDAY, local
from tests.fakes import FakeClock
from tests.telemed.consulting_room import open_room
from tests.telemed.visits.writing import PHONE, Writing

DAY = timedelta(days=1)
VISIT = local(11, 0, TUESDAY + 2 * DAY)
LANDLINE = "+35929876543"
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
    assert len(patient.at(REMINDED)) == 1
    return made


class TestNoMoreMessages:
    def test_stop_stops_the_number_withdraws_what_waits_and_sends_nothing_in_return(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("СТОП")
        assert patient.stopped() == {(PHONE, "sms", "asked")}
        assert patient.due() == {}
        assert patient.at(VISIT - timedelta(hours=2)) == []
        assert patient.calls() == [("stopped", "not_needed")]
        assert patient.visit(visit).status == "booked"

    def test_who_agreed_to_be_called_is_called_instead(self, patient: Writing) -> None:
        patient.gives("voice", LANDLINE)
        patient.books(VISIT)
        patient.hears()
        patient.writes("STOP")
        assert patient.due() == {"day_before": LANDLINE, "two_hours": LANDLINE}

    def test_later_visits_are_told_by_the_other_way_or_not_at_all(self, patient: Writing) -> None:
        patient.books(VISIT)
        patient.hears()
        patient.writes("STOP")
        patient.books(VISIT + DAY)
        assert patient.due() == {}
        patient.gives("voice", LANDLINE)
        patient.books(VISIT + 4 * DAY)
        assert set(patient.due().values()) == {LANDLINE}

    def test_nobody_is_called_to_hear_what_a_call_has_no_words_for(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.gives("voice", LANDLINE)
        patient.writes("1")
        assert "confirmed" in patient.due()
        patient.writes("STOP")
        assert patient.due() == {"two_hours": LANDLINE}

    def test_start_lifts_what_the_number_itself_has_asked_for(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("СТОП")
        patient.writes("старт")
        assert patient.stopped() == set()
        patient.books(VISIT + DAY)
        assert set(patient.due().values()) == {PHONE}

    def test_start_brings_back_what_stop_has_withdrawn_and_is_not_due_yet(
        self, patient: Writing, visit: Appointment
    ) -> None:
        for _ in range(2):
            patient.writes("СТОП")
            assert patient.due() == {}
            patient.writes("старт")
            assert patient.due() == {"two_hours": PHONE}
        assert patient.hears() == []
        (reminder,) = patient.at(VISIT - timedelta(hours=2))
        assert "11:00" in reminder

    def test_start_brings_back_nothing_that_should_have_gone_out_meanwhile(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("СТОП")
        patient.at(VISIT - timedelta(minutes=90))
        patient.writes("старт")
        assert patient.due() == {}

    def test_start_brings_back_nothing_about_a_visit_that_was_moved_meanwhile(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("СТОП")
        patient.clerk_moves(visit, VISIT + 4 * DAY)
        patient.writes("старт")
        assert patient.at(VISIT - timedelta(hours=2)) == []

    def test_start_opens_no_way_that_the_patient_has_refused_since(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("СТОП")
        patient.refuses("sms")
        patient.writes("старт")
        assert patient.due() == {}

    def test_somebody_else_at_the_telephone_is_left_in_peace_altogether_and_the_clerk_is_told(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("не съм аз")
        assert patient.stopped() == {(PHONE, "sms", "wrong_person"), (PHONE, "voice", "wrong_person")}
        assert patient.due() == {}
        assert patient.calls() == [("wrong_number", "open")]
        patient.writes("start")
        assert (PHONE, "sms", "wrong_person") in patient.stopped()

    def test_a_number_that_we_never_wrote_to_is_not_kept(self, patient: Writing, visit: Appointment) -> None:
        patient.writes("СТОП", phone="+359888999999")
        patient.writes("не съм аз", phone="+359888999999")
        assert patient.stopped() == set()
        assert patient.calls() == []


class TestWhatNobodyCanRead:
    def test_it_is_asked_once_more_and_then_a_person_calls(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("благодаря за вниманието колеги")
        assert len(patient.hears()) == 1
        assert patient.calls() == []
        patient.writes("благодаря за вниманието колеги")
        assert patient.hears() == []
        assert patient.calls() == [("unclear", "open")]

    def test_whoever_asks_for_a_person_gets_one_at_once(self, patient: Writing, visit: Appointment) -> None:
        patient.writes("обадете ми се")
        assert patient.calls() == [("asked", "open")]

    @pytest.mark.parametrize("text", ["да", "не мога да дойда"])
    def test_a_clear_answer_in_the_end_takes_the_call_off_the_clerks_hands(
        self, patient: Writing, visit: Appointment, text: str
    ) -> None:
        patient.writes("благодаря за вниманието колеги")
        patient.hears()
        patient.writes("благодаря за вниманието колеги")
        patient.writes(text)
        assert patient.calls() == [("unclear", "not_needed")]

    def test_a_clear_answer_about_another_visit_leaves_the_call(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("благодаря за вниманието колеги")
        patient.hears()
        patient.writes("благодаря за вниманието колеги")
        patient.books(VISIT + 7 * DAY)
        patient.hears()
        patient.at(VISIT + timedelta(hours=1))
        patient.at(REMINDED + 7 * DAY)
        patient.writes("1")
        assert patient.calls() == [("unclear", "open")]

    def test_who_has_asked_something_is_called_even_after_a_yes(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("обадете ми се")
        patient.writes("да")
        assert patient.visit(visit).confirmed_at is not None
        assert patient.calls() == [("asked", "open")]

    def test_a_question_after_something_unclear_is_a_question(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.writes("благодаря за вниманието колеги")
        patient.writes("благодаря за вниманието колеги")
        assert patient.calls() == [("unclear", "open")]
        patient.writes("обадете ми се")
        patient.writes("да")
        assert patient.calls() == [("asked", "open")]

    def test_whoever_was_cancelled_and_wants_another_day_is_called(
        self, patient: Writing, visit: Appointment
    ) -> None:
        patient.clerk_cancels(visit)
        patient.hears()
        patient.writes("искам друг ден")
        assert patient.calls() == [("unclear", "open")]

    def test_what_is_brought_twice_is_done_once(self, patient: Writing, visit: Appointment) -> None:
        assert patient.writes("искам друг ден", name="in-1") is not None
        assert patient.writes("искам друг ден", name="in-1") is None
        assert len(patient.hears()) == 1
