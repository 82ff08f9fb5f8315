"""Answers that cross a change, or come from a telephone that two share: nobody loses a visit by them."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduling import tables
from scheduling.booking import Appointment
from scheduling.ids import uuid7
from telemed.countries.packs import country
from telemed.messages.about import about_readings
from telemed.messages.carriers import alone
from telemed.messages.claiming import Look
from telemed.messages.tables import message
from telemed.records.consent import Consent
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import phone_calls
from telemed.visits.addressees import addressee
from telemed.visits.posting import QUIET
from tests import build
from tests.build import CLERK, TUESDAY, local
from tests.fakes import FakeClock
from tests.telemed.consulting_room import open_room
from tests.telemed.visits.writing import PHONE, Writing

DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY
VISIT = local(11, 0, THURSDAY)
REMINDED = VISIT - DAY
A_LITTLE = timedelta(minutes=20)


@pytest.fixture
def husband(services: Services) -> Writing:
    written_to = Writing(open_room(services, FakeClock()))
    written_to.agrees("sms")
    return written_to


def wife_books(husband: Writing, starts_at: datetime) -> Appointment:
    """Somebody else who has the same telephone has a visit."""
    room = husband.room
    with room.services.unit(room.reader()) as unit:
        wife = replace(build.patient(phone=PHONE), identifier=None, identifier_kind=None)
        unit.book.add_patient(wife)
        unit.records.consents.add(Consent(uuid7(), wife.id, "sms", True, "bg-2026-11", unit.now))
        return unit.book.book(build.request(wife.id, room.world.slot(starts_at)), unit.now, CLERK)


@pytest.mark.parametrize("text", ["1", "2", "не мога да дойда"])
def test_an_answer_to_a_time_that_was_moved_meanwhile_brings_a_person_to_the_telephone(
    husband: Writing, text: str
) -> None:
    visit = husband.books(VISIT)
    husband.at(REMINDED)
    husband.clerk_moves(visit, VISIT + timedelta(hours=4))
    husband.writes(text)
    moved = husband.visit(visit)
    assert (moved.status, moved.confirmed_at) == ("booked", None)
    assert husband.calls() == [("unclear", "open")]


def test_two_after_the_news_of_somebody_elses_visit_cancels_neither(husband: Writing) -> None:
    his = husband.books(VISIT)
    husband.at(REMINDED)
    husband.writes("1")
    hers = wife_books(husband, VISIT + 5 * DAY)
    husband.hears()
    husband.writes("2")
    assert {husband.visit(each).status for each in (his, hers)} == {"booked"}
    assert husband.hears() == ["Телемед: пишете 1=да или 2=отказ за 24.11 11:00, Поща Аврен"]


def test_a_refusal_in_words_after_it_is_asked_about(husband: Writing) -> None:
    husband.books(VISIT)
    husband.at(REMINDED)
    husband.writes("1")
    wife_books(husband, VISIT + 5 * DAY)
    husband.hears()
    husband.writes("не мога да дойда")
    assert husband.hears() == ["Телемед: за кой час? 1=19.11 11:00, 2=24.11 11:00, 0=никой"]


def test_two_visits_at_the_same_time_cannot_be_told_apart_by_a_number(husband: Writing) -> None:
    his, hers = husband.books(VISIT), wife_books(husband, VISIT + A_LITTLE)
    at_once = {"starts_at": his.starts_at, "ends_at": his.ends_at}
    both = (tables.appointment.c.id == hers.id, message.c.appointment_id == hers.id)

    def with_another_doctor(unit: Unit) -> None:
        unit.connection.execute(update(tables.appointment).where(both[0]).values(**at_once))
        unit.connection.execute(update(message).where(both[1]).values(starts_at=his.starts_at))

    husband.within(with_another_doctor)
    husband.at(REMINDED + A_LITTLE)
    husband.writes("2")
    assert {husband.visit(each).status for each in (his, hers)} == {"booked"}
    assert husband.calls() == [("unclear", "open")]


def test_what_is_just_being_handed_over_may_be_what_is_answered(husband: Writing) -> None:
    his = husband.books(VISIT)
    hers = wife_books(husband, VISIT + A_LITTLE)
    husband.at(REMINDED)
    husband.room.clock.moment = REMINDED + A_LITTLE

    def claim(unit: Unit) -> None:
        carriers = alone(husband.carrier).look(unit.now)
        assert unit.outbox.claim(unit.book, Look(unit.now, unit.now + A_LITTLE, QUIET, carriers))

    husband.within(claim)
    husband.writes("2")
    assert {husband.visit(each).status for each in (his, hers)} == {"booked"}
    assert husband.hears() == ["Телемед: за кой час? 1=19.11 11:00, 2=19.11 11:20, 0=никой"]


def test_news_that_ask_nothing_stand_in_no_answers_way(husband: Writing) -> None:
    visit = husband.books(VISIT)
    husband.at(REMINDED)

    def tell(unit: Unit) -> None:
        about = about_readings(husband.patient_id, unit.now.date(), unit.now)
        to = addressee(unit, about, husband.room.world.site.id)
        unit.outbox.add(to, "record_read", unit.now, unit.now)

    husband.within(tell)
    husband.hears()
    husband.writes("абракадабра")
    assert husband.hears() == ["Телемед: пишете 1=да или 2=отказ за 19.11 11:00, Поща Аврен"]
    husband.writes("1")
    assert husband.visit(visit).confirmed_at is not None


def rung(husband: Writing, visit: Appointment) -> UUID:
    """A call tells of the visit, instead of the SMS of the day before."""
    husband.at(REMINDED)
    which = (message.c.appointment_id == visit.id) & (message.c.kind == "day_before")

    with husband.room.services.unit(husband.room.reader()) as unit:
        values = update(message).where(which).values(channel="voice").returning(message.c.id)
        called: UUID = unit.connection.execute(values).scalar_one()
    return called


def presses(husband: Writing, call: UUID, digit: str) -> None:
    """Twilio says that this digit was pressed in the one call there is."""
    desk = phone_calls.Desk("", country("bg"))
    husband.within(lambda unit: phone_calls.press(unit, call, "CA" + "0" * 32, digit, desk))


@pytest.mark.parametrize("digit", ["1", "2"])
def test_a_digit_for_a_time_that_was_moved_while_it_was_said_does_nothing(
    husband: Writing, digit: str
) -> None:
    visit = husband.books(VISIT)
    call = rung(husband, visit)
    husband.clerk_moves(visit, VISIT + timedelta(hours=4))
    presses(husband, call, digit)
    moved = husband.visit(visit)
    assert (moved.status, moved.confirmed_at) == ("booked", None)


def test_a_digit_that_is_brought_again_is_not_done_again(husband: Writing) -> None:
    visit = husband.books(VISIT)
    call = rung(husband, visit)
    presses(husband, call, "2")
    assert husband.visit(visit).status == "cancelled"

    def reinstate(unit: Unit) -> None:
        unit.book.undo(visit.id, unit.book.appointment(visit.id).version, unit.now, CLERK)

    husband.within(reinstate)
    presses(husband, call, "2")
    assert husband.visit(visit).status == "booked"


@pytest.mark.both_databases
@pytest.mark.parametrize("text", ["2\0", "2 \ud800"])
def test_what_no_database_keeps_is_left_out(husband: Writing, text: str) -> None:
    husband.books(VISIT)
    husband.at(REMINDED)
    assert husband.writes(text) is not None


def test_a_wrong_number_that_two_have_given_brings_a_call_for_each(husband: Writing) -> None:
    husband.books(VISIT)
    wife_books(husband, VISIT + timedelta(hours=1))
    husband.hears()
    husband.writes("не съм аз")
    assert husband.calls() == [("wrong_number", "open")] * 2
    assert husband.due() == {}
