"""An answer counts once, and only for the appointment it can be meant for."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, func, select

from telemed import database
from telemed.messages.fakes import AcceptsAndTimesOut, FakeProvider
from telemed.messages.inbound import Answer, Inbox
from telemed.messages.port import Port
from telemed.messages.replies import Meaning
from telemed.messages.sending import send_due
from telemed.messages.tables import inbound_message
from tests.telemed.hoping import together
from tests.telemed.messages.world import NOW, PHONE, World, bodies, sender

DAY = timedelta(days=1)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


def send(world: World, provider: Port | None = None) -> list[str]:
    provider = provider or FakeProvider()
    send_due(sender(world, provider))
    return bodies(provider.received) if isinstance(provider, FakeProvider) else []


@pytest.mark.both_databases
def test_an_answer_is_about_the_message_last_sent(world: World) -> None:
    appointment = world.book(2 * DAY)
    send(world)
    assert world.answer("2") == Answer(Meaning.CANCEL, appointment.id)


@pytest.mark.both_databases
def test_the_same_answer_brought_twice_counts_once(world: World) -> None:
    world.book(2 * DAY)
    send(world)
    assert world.answer("1", "in-1") is not None
    assert world.answer("1", "in-1") is None
    with database.read(world.engine) as connection:
        assert connection.execute(select(func.count()).select_from(inbound_message)).scalar() == 1


def test_an_answer_from_a_stranger_is_kept_and_means_nothing_certain(world: World) -> None:
    world.book(2 * DAY)
    send(world)
    assert world.answer("2", phone="+359888999999") == Answer(Meaning.CANCEL, None)


def test_an_answer_before_anything_was_sent_is_about_nothing(world: World) -> None:
    world.book(2 * DAY)
    assert world.answer("2") == Answer(Meaning.CANCEL, None)


def test_a_visit_that_was_booked_long_ago_can_still_be_answered(world: World) -> None:
    appointment = world.book(60 * DAY)
    send(world)
    world.now = NOW + 45 * DAY
    assert world.answer("2") == Answer(Meaning.CANCEL, appointment.id)


def test_an_answer_after_the_start_is_about_nothing(world: World) -> None:
    world.book(DAY)
    send(world)
    world.now = NOW + DAY
    assert world.answer("2") == Answer(Meaning.CANCEL, None)


def test_an_answer_to_a_cancellation_is_about_nothing(world: World) -> None:
    appointment = world.book(DAY)
    send(world)
    world.cancel(appointment)
    send(world)
    assert world.answer("1") == Answer(Meaning.CONFIRM, None)


def test_a_message_whose_outcome_is_unknown_may_be_answered(world: World) -> None:
    appointment = world.book(DAY)
    send(world, AcceptsAndTimesOut())
    assert world.answer("1") == Answer(Meaning.CONFIRM, appointment.id)


def test_a_second_thought_still_reaches_the_same_appointment(world: World) -> None:
    later = world.book(5 * DAY)
    soon = world.book(DAY + timedelta(hours=1))
    send(world)
    world.now = NOW + timedelta(hours=1)
    send(world)
    assert world.answer("1", "in-1") == Answer(Meaning.CONFIRM, soon.id)
    assert world.answer("2", "in-2") == Answer(Meaning.CANCEL, soon.id)
    assert later.id != soon.id


def test_when_two_appointments_could_be_meant_it_is_about_neither_yet(world: World) -> None:
    soon = world.book(DAY + timedelta(hours=1))
    send(world)
    world.now = NOW + timedelta(hours=1)
    send(world)
    later = world.book(5 * DAY)
    send(world)
    answer = world.answer("2", "in-1")
    assert answer is not None
    assert answer.meaning is Meaning.CANCEL
    assert answer.could_mean == (soon.id, later.id)
    # What we asked stays open until it is said which.
    again = world.answer("2", "in-2")
    assert again is not None
    assert again.could_mean == (soon.id, later.id)


def test_free_text_is_answered_with_help_once(world: World) -> None:
    appointment = world.book(2 * DAY)
    send(world)
    assert world.answer("Къде е това", "in-1") == Answer(Meaning.HELP, appointment.id)
    assert len(send(world)) == 1
    assert world.answer("Ало?", "in-2") == Answer(Meaning.HELP, appointment.id)
    assert send(world) == []


def test_a_sentence_is_an_answer_when_it_is_plain(world: World) -> None:
    appointment = world.book(2 * DAY)
    send(world)
    assert world.answer("Ще дойда с дъщеря ми", "in-1") == Answer(Meaning.CONFIRM, appointment.id)
    assert world.answer("Ще дойда в 17", "in-2") == Answer(Meaning.UNCLEAR, appointment.id)


@pytest.mark.parametrize(("text", "wants"), [("СТОП", Meaning.STOP), ("не съм аз", Meaning.WRONG_NUMBER)])
def test_whoever_wants_no_messages_gets_none_in_return(world: World, text: str, wants: Meaning) -> None:
    appointment = world.book(2 * DAY)
    send(world)
    assert world.answer(text) == Answer(wants, appointment.id)
    assert send(world) == []


def test_every_read_of_a_number_is_told_to_the_access_log(world: World) -> None:
    world.book(2 * DAY)
    send(world)
    seen: list[tuple[object, str]] = []
    with database.write(world.engine) as connection:
        inbox = Inbox(connection, lambda owner, what: seen.append((owner, what)))
        inbox.take("fake", "in-9", PHONE, "1", NOW)
    assert seen == [(world.ids["patient"], "message")]


@pytest.mark.both_databases
def test_the_same_answer_brought_twice_at_the_same_moment_counts_once(world: World) -> None:
    world.book(2 * DAY)
    send(world)
    answers = together(*[partial(world.answer, "1", "in-1")] * 4)
    assert answers.count(None) == 3
    with database.read(world.engine) as connection:
        assert connection.execute(select(func.count()).select_from(inbound_message)).scalar() == 1
