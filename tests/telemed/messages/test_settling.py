"""An unknown outcome is looked up; after long absence it is sent once more, or a person calls, never both."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.fakes import DiesWhileSending, FakeProvider, Forgetful
from telemed.messages.port import Port
from telemed.messages.sending import LEASE, send_due
from telemed.messages.settling import settle_unknown
from telemed.messages.tables import call_list, message
from tests.telemed.messages.world import NOW, QUIET, World, sender

HOURS_3 = timedelta(hours=3)
EVERY = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)
both = pytest.mark.both_databases


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


def send(world: World, provider: Port) -> None:
    send_due(sender(world, provider))


def settle(world: World, provider: Port, lasting: timedelta = timedelta(0)) -> None:
    """Let the worker ask every half minute for so long."""
    end = world.now + lasting
    while True:
        settle_unknown(sender(world, provider))
        if world.now >= end:
            return
        world.now += EVERY


def forgetful(world: World, **how: Any) -> Forgetful:
    return Forgetful(lambda: world.now, **how)


def rows(world: World, kind: str = "booked") -> Any:
    with database.read(world.engine) as connection:
        return connection.execute(select(message).where(message.c.kind == kind)).one()


def lines(world: World) -> list[tuple[str, str]]:
    with database.read(world.engine) as connection:
        listed = connection.execute(select(call_list.c.reason, call_list.c.status)).all()
    return [(row.reason, row.status) for row in listed]


@both
def test_accepted_then_timed_out_and_visible_only_after_90_seconds_is_sent_once(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world, shown_after=timedelta(seconds=90))
    send(world, provider)
    settle(world, provider, MINUTE)
    assert rows(world).state == "unknown"
    settle(world, provider, 3 * MINUTE)
    assert rows(world).state == "accepted"
    assert rows(world).sid == f"fake-{rows(world).id}"
    assert provider.requests == 1
    assert lines(world) == []


@both
def test_absent_for_three_minutes_it_is_sent_once_more_and_marked(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world, takes=False)
    send(world, provider)
    settle(world, provider, timedelta(minutes=2, seconds=30))
    assert (provider.requests, rows(world).repeated_at) == (1, None)
    provider.takes = provider.answers = True
    world.now = NOW + 3 * MINUTE
    settle(world, provider)
    found = rows(world)
    assert (provider.requests, found.state, found.repeated_at) == (2, "accepted", NOW + 3 * MINUTE)
    assert lines(world) == []


@both
def test_a_second_silence_is_for_a_person(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world, takes=False)
    send(world, provider)
    settle(world, provider, 10 * MINUTE)
    assert provider.requests == 2
    assert rows(world).state == "on_call_list"
    assert lines(world) == [("repeated", "open")]


def test_the_first_copy_that_turns_up_after_the_repeat_settles_it(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world, shown_after=timedelta(minutes=4))
    send(world, provider)
    settle(world, provider, 5 * MINUTE)
    assert (provider.requests, rows(world).state, lines(world)) == (2, "accepted", [])


def test_a_worker_that_died_in_the_call_is_asked_for_by_the_text_it_would_have_sent(world: World) -> None:
    world.book(HOURS_3)
    dying = DiesWhileSending()
    with pytest.raises(KeyboardInterrupt):
        send(world, dying)
    world.now = NOW + LEASE
    send(world, FakeProvider())
    settle(world, dying)
    found = rows(world)
    assert (found.state, found.provider, len(dying.received)) == ("accepted", "deadly", 1)


def test_a_worker_that_dies_in_the_repeat_leaves_it_to_a_person(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world, takes=False)
    send(world, provider)
    world.now = NOW + 4 * MINUTE
    with pytest.raises(KeyboardInterrupt):
        settle(world, DiesInTheSecond())
    assert rows(world).state == "claimed"
    world.now += LEASE
    send(world, FakeProvider())
    settle(world, provider, 4 * MINUTE)
    assert (rows(world).state, lines(world)) == ("on_call_list", [("repeated", "open")])


class DiesInTheSecond(DiesWhileSending):
    """Was the silent provider until now."""

    def __init__(self) -> None:
        super().__init__(name="forgetful")


def test_a_provider_that_cannot_be_asked_proves_nothing(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world, can_be_asked=False)
    send(world, provider)
    settle(world, provider, 8 * MINUTE)
    assert (provider.requests, rows(world).state) == (1, "unknown")
    settle(world, provider, MINUTE)
    assert (provider.requests, lines(world)) == (1, [("unreachable", "open")])


def test_another_provider_than_the_one_that_was_asked_cannot_tell(world: World) -> None:
    world.book(HOURS_3)
    send(world, forgetful(world, takes=False))
    other = FakeProvider()
    settle(world, other, 10 * MINUTE)
    assert (other.calls, lines(world)) == (0, [("unreachable", "open")])


def test_a_provider_that_is_down_is_not_asked_about_everything(world: World) -> None:
    for hours in range(3, 9):
        world.book(timedelta(hours=hours))
    provider = forgetful(world, can_be_asked=False)
    send(world, provider)
    settle(world, provider)
    assert provider.asked == 3


@both
def test_once_the_visit_has_begun_nobody_writes_any_more_and_the_clerk_calls(world: World) -> None:
    world.book(20 * MINUTE)
    provider = forgetful(world, takes=False)
    world.now = NOW + 19 * MINUTE
    send(world, provider)
    settle(world, provider, 5 * MINUTE)
    assert provider.requests == 1
    assert lines(world) == [("begun", "open")]


def test_what_was_cancelled_meanwhile_is_neither_repeated_nor_called_about(world: World) -> None:
    appointment = world.book(HOURS_3)
    provider = forgetful(world, takes=False)
    send(world, provider)
    world.cancel(appointment)
    settle(world, provider, 5 * MINUTE)
    assert provider.requests == 1
    assert (rows(world).state, lines(world)) == ("on_call_list", [("overtaken", "not_needed")])


def test_a_late_report_that_it_has_arrived_takes_the_call_away(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world, takes=False)
    send(world, provider)
    settle(world, provider, 10 * MINUTE)
    with world.unit() as unit:
        assert not unit.outbox.report(rows(world).id, "SM1", "accepted", None, world.now)
        assert unit.outbox.report(rows(world).id, "SM1", "delivered", None, world.now)
    assert (rows(world).state, lines(world)) == ("delivered", [("repeated", "not_needed")])


def test_two_equal_texts_are_two_messages(world: World) -> None:
    first = world.book(HOURS_3)
    provider = forgetful(world, answers=True)
    send(world, provider)
    provider.answers, provider.takes = False, False
    with database.write(world.engine) as connection:
        known = connection.execute(select(message).where(message.c.kind == "booked")).one()
        sid = f"fake-{known.id}"
        connection.execute(update(message).where(message.c.id == known.id).values(sid=sid))
        again = known._asdict() | {"id": first.id, "version": 9, "state": "unknown", "sid": None}
        connection.execute(insert(message).values(again))
    settle(world, provider)
    with database.read(world.engine) as connection:
        state = connection.execute(select(message.c.state).where(message.c.id == first.id)).scalar()
    assert state == "unknown"


@both
def test_a_report_about_a_name_that_an_equal_text_has_taken_is_still_believed(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world)
    send(world, provider)
    with database.write(world.engine) as connection:
        known = connection.execute(select(message).where(message.c.kind == "booked")).one()._asdict()
        connection.execute(insert(message).values(known | {"id": uuid7(), "version": 9, "sid": "SM1"}))
    with world.unit() as unit:
        assert unit.outbox.report(known["id"], "SM1", "delivered", None, world.now)


@both
def test_the_database_itself_lets_nothing_be_repeated_twice_or_unmarked(world: World) -> None:
    world.book(HOURS_3)
    send(world, forgetful(world))
    assert rows(world).state == "unknown"

    def repeat(**values: Any) -> Callable[[], None]:
        def run() -> None:
            with database.write(world.engine) as connection:
                connection.execute(update(message).where(message.c.state == "unknown").values(**values))

        return run

    with pytest.raises(IntegrityError):
        repeat(state="claimed")()
    repeat(repeated_at=NOW)()
    with pytest.raises(IntegrityError):
        repeat(state="claimed")()


@both
def test_two_workers_at_once_repeat_it_once(world: World) -> None:
    world.book(HOURS_3)
    provider = forgetful(world, takes=False)
    send(world, provider)
    world.now = NOW + 4 * MINUTE
    with world.unit() as unit:
        [question] = unit.outbox.unknowns.questions(world.now, unit.book, QUIET)
        assert unit.outbox.unknowns.questions(world.now, unit.book, QUIET) == []
    again = []
    for _ in range(2):
        with world.unit() as unit:
            unknowns = unit.outbox.unknowns
            asked = (question.claim, world.now, world.now, LEASE, unit.book, QUIET)
            again.append(unknowns.not_found(*asked) is not None)
    assert again == [True, False]


def at_nightfall(world: World, starts_in: timedelta) -> Forgetful:
    """A message handed over at three minutes to nine in the evening, of which nobody knows."""
    world.now = NOW + timedelta(hours=10, minutes=57)
    world.book(starts_in)
    provider = forgetful(world, takes=True, shown_after=timedelta(minutes=40))
    send(world, provider)
    return provider


@both
def test_at_night_it_is_still_looked_for_but_not_sent_once_more(world: World) -> None:
    provider = at_nightfall(world, timedelta(hours=14, minutes=3))
    settle(world, provider, 50 * MINUTE)
    assert (provider.requests, rows(world).state, lines(world)) == (1, "accepted", [])


def test_when_the_morning_is_too_late_a_person_hears_of_it_at_once(world: World) -> None:
    provider = at_nightfall(world, timedelta(hours=11, minutes=3))
    settle(world, provider, 4 * MINUTE)
    assert (provider.requests, lines(world)) == (1, [("night", "open")])


@pytest.mark.parametrize("end", ["delivered", "undelivered", "failed"])
def test_a_report_settles_what_nobody_knew(world: World, end: str) -> None:
    world.book(HOURS_3)
    send(world, forgetful(world))
    with world.unit() as unit:
        assert unit.outbox.report(rows(world).id, "SM1", end, None, world.now)
    assert (rows(world).state, rows(world).sid) == (end, "SM1")
