"""What a carrier says of a message decides who is asked next, and what becomes of the number."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.carriers import Carriers
from telemed.messages.fakes import FakeProvider
from telemed.messages.port import Accepted, OutcomeUnknown, Refused, SendError, TryLater
from telemed.messages.recording import Handed, wait
from telemed.messages.sending import Sender, send_due
from telemed.messages.stopped import Stopped
from telemed.messages.tables import message, stopped_number
from tests.telemed.messages.world import NOW, PHONE, QUIET, WORDS, World, look, sender

pytestmark = pytest.mark.both_databases
HOURS_3 = timedelta(hours=3)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


def with_two(world: World, first: SendError, second: SendError | None = None) -> tuple[Any, Any]:
    """Send by two carriers of which the first answers so; returns the message and who received it."""
    one = FakeProvider(answers=(first,), name="twilio")
    other = FakeProvider(answers=(second,), name="other")
    carriers = Carriers((one, other))
    world.book(HOURS_3)
    send_due(Sender(world.unit, carriers, WORDS, lambda: world.now, QUIET))
    return booked(world), {each.name: len(each.received) for each in (one, other)}


def booked(world: World) -> Any:
    with database.read(world.engine) as connection:
        return connection.execute(select(message).where(message.c.kind == "booked")).one()


@pytest.mark.parametrize("answer", [TryLater("20429"), Refused("21606")])
def test_what_one_carrier_could_not_send_goes_to_the_next_at_once(world: World, answer: SendError) -> None:
    row, received = with_two(world, answer)
    assert (row.state, row.provider, row.refused_by) == ("accepted", "other", "twilio")
    assert received == {"twilio": 0, "other": 1}


def test_what_may_have_gone_out_goes_to_nobody_else(world: World) -> None:
    row, received = with_two(world, OutcomeUnknown("ReadTimeout"))
    assert (row.state, row.provider) == ("unknown", "twilio")
    assert received == {"twilio": 0, "other": 0}


def test_with_no_carrier_left_it_waits_and_all_may_be_asked_again(world: World) -> None:
    row, _ = with_two(world, TryLater("20429"), TryLater("throttled"))
    assert (row.state, row.refused_by) == ("due", None)
    assert NOW < row.due_at <= NOW + timedelta(minutes=1)


@pytest.mark.parametrize(("code", "reason"), [("21610", "carrier"), ("21614", "not_mobile")])
def test_a_number_that_the_carrier_will_not_reach_is_left_in_peace(
    world: World, code: str, reason: str
) -> None:
    row, received = with_two(world, Refused(code))
    with database.read(world.engine) as connection:
        listed = connection.execute(select(stopped_number)).one()
    assert (row.state, received) == ("failed", {"twilio": 0, "other": 0})
    assert (listed.address, listed.channel, listed.reason, listed.message_id) == (
        PHONE,
        "sms",
        reason,
        row.id,
    )


def test_a_report_that_no_mobile_was_reached_does_the_same(world: World) -> None:
    world.book(HOURS_3)
    send_due(sender(world, FakeProvider(name="twilio")))
    with world.unit() as unit:
        unit.outbox.report(booked(world).id, f"fake-{booked(world).id}", "undelivered", "30006", NOW)
    with database.read(world.engine) as connection:
        assert Stopped(connection).is_stopped(PHONE, "sms")


@pytest.mark.parametrize(
    ("reason", "ends"), [("asked", ("cancelled", "stopped")), ("not_mobile", ("failed", "not_mobile"))]
)
def test_nothing_goes_to_a_stopped_number_a_wish_is_obeyed_and_a_dead_one_is_climbed_over(
    world: World, reason: Any, ends: tuple[str, str]
) -> None:
    world.book(HOURS_3)
    with database.write(world.engine) as connection:
        Stopped(connection).add(PHONE, "sms", reason, None, NOW)
    provider = FakeProvider()
    assert send_due(sender(world, provider)) == 0
    assert (provider.received, (booked(world).state, booked(world).reason)) == ([], ends)


def test_words_price_and_the_moment_of_silence_are_kept(world: World) -> None:
    world.book(HOURS_3)
    carriers = Carriers((FakeProvider(),), costs={"fake": 74_500}, currency="EUR")
    send_due(Sender(world.unit, carriers, WORDS, lambda: world.now, QUIET))
    row = booked(world)
    assert (row.segments, row.cost_micros, row.currency) == (1, 74_500, "EUR")
    assert NOW < row.silent_at <= NOW + timedelta(minutes=30)


def test_of_a_carrier_that_never_reports_silence_says_nothing(world: World) -> None:
    world.book(HOURS_3)
    with world.unit() as unit:
        claim = unit.outbox.claim(unit.book, look(NOW, FakeProvider()))[0]
    with world.unit() as unit:
        unit.outbox.record([Handed(claim, "text", Accepted("1", reported=False))], NOW)
    assert (booked(world).state, booked(world).silent_at) == ("accepted", None)


def test_a_name_that_an_equal_text_has_taken_meanwhile_spoils_no_other_outcome(world: World) -> None:
    for hours in (3, 4):
        world.book(timedelta(hours=hours))
    with world.unit() as unit:
        claims = unit.outbox.claim(unit.book, look(NOW, FakeProvider()))
    with database.write(world.engine) as connection:
        row = connection.execute(select(message).where(message.c.id == claims[0].id)).one()._asdict()
        connection.execute(insert(message).values(row | {"id": uuid7(), "version": 9, "sid": "SM0"}))
    with world.unit() as unit:
        unit.outbox.record(
            [Handed(claim, "text", Accepted(f"SM{number}")) for number, claim in enumerate(claims)], NOW
        )
    with database.read(world.engine) as connection:
        wanted = select(message.c.state, message.c.sid).where(message.c.id.in_([each.id for each in claims]))
        ended = {tuple(row) for row in connection.execute(wanted)}
    assert ended == {("accepted", None), ("accepted", "SM1")}


def test_waiting_grows_and_is_not_the_same_for_all() -> None:
    ids = [uuid7() for _ in range(50)]
    first, tenth = ({wait(each, attempts) for each in ids} for attempts in (0, 10))
    assert len(first) > 1
    assert max(first) < min(tenth) <= max(tenth) <= timedelta(seconds=45)
