"""From one carrier to the next: a message is handed on only when it was surely not sent; costs are kept."""

from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine, select, update

from telemed import database
from telemed.messages.breaking import OPEN_FOR_AN_OPERATOR
from telemed.messages.carriers import Carriers
from telemed.messages.circuits import Circuits
from telemed.messages.fakes import AcceptsAndTimesOut, FakeProvider
from telemed.messages.port import OutcomeUnknown, Refused, SendError, TryLater
from telemed.messages.sending import Sender, send_due
from telemed.messages.tables import message
from tests.telemed.messages.world import QUIET, WORDS, World

HOURS_3 = timedelta(hours=3)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


def first(*answers: SendError) -> FakeProvider:
    return FakeProvider(answers, name="twilio")


def second(*answers: SendError) -> FakeProvider:
    return FakeProvider(answers, name="smpp")


def send(world: World, *ports: Any) -> None:
    carriers = Carriers(ports, Circuits(world.engine), {"twilio": 70_000, "smpp": 20_000}, "EUR")
    send_due(Sender(world.unit, carriers, WORDS, lambda: world.now, QUIET))


def booked(world: World) -> Any:
    with database.read(world.engine) as connection:
        return connection.execute(select(message).where(message.c.kind == "booked")).one()


@pytest.mark.both_databases
@pytest.mark.parametrize("reason", ["20429", "20003", "no-connection"])
def test_what_was_not_processed_goes_to_the_next_at_once(world: World, reason: str) -> None:
    world.book(HOURS_3)
    other = second()
    send(world, first(TryLater(reason)), other)
    row = booked(world)
    assert (row.state, row.provider, row.refused_by) == ("accepted", "smpp", "twilio")
    assert (row.segments, row.cost_micros, row.currency) == (1, 20_000, "EUR")
    assert len(other.received) == 1


def test_with_nobody_left_it_waits_and_all_are_asked_again(world: World) -> None:
    world.book(HOURS_3)
    busy, other = first(TryLater("20429")), second(TryLater("throttled"))
    send(world, busy, other)
    assert (booked(world).state, booked(world).refused_by) == ("due", None)
    assert booked(world).due_at > world.now
    world.now += timedelta(minutes=2)
    send(world, busy, other)
    assert (booked(world).state, booked(world).provider) == ("accepted", "twilio")


def test_an_unknown_outcome_is_never_handed_on(world: World) -> None:
    world.book(HOURS_3)
    other = second()
    send(world, AcceptsAndTimesOut(name="twilio"), other)
    assert (booked(world).state, booked(world).provider) == ("unknown", "twilio")
    assert other.received == []


@pytest.mark.parametrize(("code", "state"), [("21610", "failed"), ("21614", "failed"), ("21211", "failed")])
def test_what_is_wrong_with_the_number_no_other_carrier_can_mend(world: World, code: str, state: str) -> None:
    world.book(HOURS_3)
    other = second()
    send(world, first(Refused(code)), other)
    assert (booked(world).state, booked(world).reason) == (state, code)
    assert other.received == []


def test_a_filtered_text_is_not_sent_again_and_the_operator_hears_of_it(world: World) -> None:
    world.book(HOURS_3)
    other = second()
    with structlog.testing.capture_logs() as logs:
        send(world, first(Refused("30007")), other)
    assert other.received == []
    assert {"event": "carrier.alarm", "kind": "twilio", "reason": "30007", "log_level": "error"} in logs


def test_a_sender_that_may_not_write_there_leaves_it_to_the_next(world: World) -> None:
    world.book(HOURS_3)
    send(world, first(Refused("21408")), second())
    assert (booked(world).state, booked(world).provider) == ("accepted", "smpp")


def test_a_carrier_without_a_contract_any_more_gets_nothing_until_it_is_tried(world: World) -> None:
    for _ in range(3):
        world.book(HOURS_3)
        world.now += timedelta(minutes=20)
    closed, other = first(*[TryLater("20003")] * 20), second()
    send(world, closed, other)
    # Those that were on their way when it said no may still reach it.
    reached = closed.calls
    assert reached <= 2 < len(other.received)
    send(world, closed, other)
    world.now += OPEN_FOR_AN_OPERATOR
    world.book(HOURS_3 - OPEN_FOR_AN_OPERATOR)
    send(world, closed, other)
    assert closed.calls == reached + 1


def test_nobody_is_rung_at_night(world: World) -> None:
    world.book(timedelta(days=3))
    with database.write(world.engine) as connection:
        connection.execute(update(message).values(channel="voice"))
    rings = FakeProvider(name="twilio_voice", channel="voice")
    world.now = world.now.replace(hour=22)
    send(world, rings)
    assert rings.received == []
    assert (booked(world).state, booked(world).due_at.hour) == ("due", 6)
    world.now = booked(world).due_at
    send(world, rings)
    assert len(rings.received) == 1


def test_a_channel_that_nobody_carries_waits(world: World) -> None:
    world.book(HOURS_3)
    with database.write(world.engine) as connection:
        connection.execute(update(message).values(channel="voice"))
    send(world, first(OutcomeUnknown("never asked")))
    assert booked(world).state == "due"
