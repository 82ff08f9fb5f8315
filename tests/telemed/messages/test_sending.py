"""Whatever the provider does, a message goes out at most once, never too late and never about nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from telemed.messages.fakes import AcceptsAndTimesOut, DiesWhileSending, FakeProvider
from telemed.messages.port import (
    Accepted,
    Channel,
    Found,
    Lost,
    OutcomeUnknown,
    Outgoing,
    Port,
    Refused,
    TryLater,
)
from telemed.messages.sending import LEASE, send_due
from tests.telemed.messages.world import NOW, World, bodies, sender

HOURS_3 = timedelta(hours=3)
DAYS_3 = timedelta(days=3)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


def send(world: World, provider: Port) -> int:
    return send_due(sender(world, provider))


@pytest.mark.both_databases
def test_a_due_message_is_sent_once(world: World) -> None:
    world.book(HOURS_3)
    provider = FakeProvider()
    assert send(world, provider) == 1
    assert send(world, provider) == 0
    assert bodies(provider.received) == ["Телемед: запазен час 23.11 13:00, поща Коритен"]
    assert world.states() == {"booked": "accepted", "two_hours": "due"}


def test_nothing_is_sent_before_it_is_due(world: World) -> None:
    world.book(HOURS_3)
    provider = FakeProvider()
    send(world, provider)
    world.now = NOW + timedelta(minutes=59)
    assert send(world, provider) == 0
    world.now = NOW + timedelta(minutes=60)
    assert send(world, provider) == 1
    assert "1=да" in provider.received[-1].body


@pytest.mark.both_databases
def test_a_provider_that_accepts_and_times_out_is_not_asked_again(world: World) -> None:
    appointment = world.book(HOURS_3)
    provider = AcceptsAndTimesOut()
    send(world, provider)
    world.now = NOW + timedelta(minutes=30)
    send(world, provider)
    assert len(provider.received) == 1
    assert world.states(appointment)["booked"] == "unknown"


@pytest.mark.both_databases
def test_a_worker_that_dies_in_the_call_leaves_unknown_and_not_a_second_sms(world: World) -> None:
    appointment = world.book(HOURS_3)
    dying = DiesWhileSending()
    with pytest.raises(KeyboardInterrupt):
        send(world, dying)
    assert world.states(appointment)["booked"] == "claimed"
    world.now = NOW + LEASE
    assert send(world, FakeProvider()) == 0
    assert world.states(appointment)["booked"] == "unknown"


def test_an_unknown_outcome_is_settled_by_the_providers_report(world: World) -> None:
    appointment = world.book(HOURS_3)
    provider = AcceptsAndTimesOut()
    send(world, provider)
    with world.unit() as unit:
        assert unit.outbox.report(provider.received[0].reference, "SM1", "delivered", None, NOW)
    assert world.states(appointment)["booked"] == "delivered"


def test_too_many_requests_wait_and_then_go_out(world: World) -> None:
    appointment = world.book(HOURS_3)
    provider = FakeProvider(answers=(TryLater("429"), TryLater("429")))
    send(world, provider)
    assert world.states(appointment)["booked"] == "due"
    assert send(world, provider) == 0
    for minutes in (2, 6):
        world.now = NOW + timedelta(minutes=minutes)
        send(world, provider)
    assert len(provider.received) == 1
    assert world.states(appointment)["booked"] == "accepted"


def test_a_refusal_is_final(world: World) -> None:
    appointment = world.book(HOURS_3)
    provider = FakeProvider(answers=(Refused("21211"),))
    send(world, provider)
    world.now = NOW + timedelta(minutes=30)
    send(world, provider)
    assert provider.received == []
    assert world.states(appointment)["booked"] == "failed"


def test_one_bad_answer_does_not_hold_up_the_others(world: World) -> None:
    world.book(HOURS_3)
    world.book(HOURS_3 + timedelta(hours=1))
    provider = FakeProvider(answers=(OutcomeUnknown("ReadTimeout"),))
    send(world, provider)
    assert len(provider.received) == 1


@pytest.mark.both_databases
def test_a_cancelled_appointment_is_not_reminded_of(world: World) -> None:
    appointment = world.book(DAYS_3)
    provider = FakeProvider()
    send(world, provider)
    world.cancel(appointment)
    world.now = NOW + timedelta(days=2)
    send(world, provider)
    assert bodies(provider.received) == [
        "Телемед: запазен час 26.11 10:00, поща Коритен",
        "Телемед: 26.11 10:00, поща Коритен е отменен",
    ]


def test_a_reminder_that_comes_too_late_is_dropped(world: World) -> None:
    appointment = world.book(HOURS_3)
    world.now = NOW + HOURS_3
    provider = FakeProvider()
    assert send(world, provider) == 0
    assert set(world.states(appointment).values()) == {"cancelled"}


def test_after_a_pause_only_the_latest_reminder_goes_out(world: World) -> None:
    world.book(DAYS_3)
    send(world, FakeProvider())
    world.now = NOW + DAYS_3 - timedelta(hours=1)
    provider = FakeProvider()
    send(world, provider)
    assert bodies(provider.received) == ["Телемед: днес 10:00, поща Коритен. Отговор: 1=да, 2=отказ"]


@pytest.mark.parametrize(("hour", "waits_until"), [(21, 8), (23, 8), (3, 8), (7, 8)])
def test_what_becomes_due_at_night_waits_for_the_morning(world: World, hour: int, waits_until: int) -> None:
    world.book(DAYS_3)
    local_midnight = NOW.replace(hour=22)
    world.now = local_midnight + timedelta(hours=(hour - 24) if hour > 12 else hour)
    provider = FakeProvider()
    assert send(world, provider) == 0
    world.now = local_midnight + timedelta(hours=waits_until)
    assert send(world, provider) == 1


def test_a_second_worker_in_the_middle_of_the_call_finds_nothing_to_send(world: World) -> None:
    world.book(HOURS_3)
    provider = FakeProvider()
    send(world, _Interrupted(provider, lambda: send(world, provider)))
    assert len(provider.received) == 1


@dataclass
class _Interrupted:
    """Lets something else happen while the call to the provider is under way."""

    provider: FakeProvider
    meanwhile: Callable[[], object]
    name: str = "fake"
    channel: Channel = "sms"

    def send(self, outgoing: Outgoing) -> Accepted:
        self.meanwhile()
        return self.provider.send(outgoing)

    def find(self, lost: Lost) -> Found | None:
        return self.provider.find(lost)
