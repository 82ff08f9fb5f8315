"""Each step of each message is in its timeline, in order, for good; nothing else is."""

import itertools
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.fakes import DiesWhileSending, FakeProvider, Forgetful
from telemed.messages.port import Accepted, Channel, Found, Lost, Outgoing, Refused, TryLater
from telemed.messages.recording import Handed
from telemed.messages.sending import LEASE, hand_over, send_due
from telemed.messages.settling import settle_unknown
from telemed.messages.steps import plan
from telemed.messages.tables import STEPS, message, message_step
from tests.telemed.messages.world import NOW, World, look, sender

HOURS_3 = timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


def timeline(world: World, kind: str = "booked") -> list[tuple[str, str | None, str | None]]:
    """State, provider and reason of every step of the message of this kind."""
    columns = message_step.c
    wanted = select(columns.state, columns.provider, columns.reason).join(message)
    with database.read(world.engine) as connection:
        rows = connection.execute(wanted.where(message.c.kind == kind).order_by(columns.id))
        return [(row.state, row.provider, row.reason) for row in rows]


@pytest.mark.both_databases
def test_the_way_of_a_message_that_arrives(world: World) -> None:
    world.book(HOURS_3)
    provider = FakeProvider()
    send_due(sender(world, provider))
    with world.unit() as unit:
        sms = provider.received[0]
        unit.outbox.report(sms.reference, f"fake-{sms.reference}", "delivered", None, NOW)
    assert timeline(world) == [
        ("due", None, None),
        ("claimed", "fake", None),
        ("accepted", "fake", None),
        ("delivered", "fake", None),
    ]


def test_what_was_put_off_or_refused_says_why(world: World) -> None:
    world.book(HOURS_3)
    provider = FakeProvider(answers=(TryLater("429"), Refused("30007")))
    send_due(sender(world, provider))
    world.now = NOW + MINUTE
    send_due(sender(world, provider))
    assert timeline(world) == [
        ("due", None, None),
        ("claimed", "fake", None),
        ("due", "fake", "429"),
        ("claimed", "fake", None),
        ("failed", "fake", "30007"),
    ]


@pytest.mark.both_databases
def test_a_repeated_message_is_marked_as_one(world: World) -> None:
    world.book(HOURS_3)
    provider = Forgetful(lambda: world.now, takes=False)
    send_due(sender(world, provider))
    for minutes in (1, 4, 5, 8):
        world.now = NOW + minutes * MINUTE
        settle_unknown(sender(world, provider))
    assert [(state, reason) for state, _, reason in timeline(world)] == [
        ("due", None),
        ("claimed", None),
        ("unknown", "ReadTimeout"),
        ("claimed", "repeated"),
        ("unknown", "ReadTimeout"),
        ("on_call_list", "repeated"),
    ]


def test_a_dead_worker_and_a_cancelled_visit_leave_their_lines(world: World) -> None:
    appointment = world.book(HOURS_3)
    with pytest.raises(KeyboardInterrupt):
        send_due(sender(world, DiesWhileSending()))
    world.now = NOW + LEASE
    send_due(sender(world, FakeProvider()))
    world.cancel(appointment)
    assert timeline(world)[-1] == ("unknown", "deadly", "worker-lost")
    assert timeline(world, "two_hours") == [("due", None, None), ("cancelled", None, "overtaken")]


@pytest.mark.both_databases
def test_nobody_can_change_or_shorten_a_timeline(world: World) -> None:
    world.book(HOURS_3)
    for change in (update(message_step).values(state="delivered"), delete(message_step)):
        with pytest.raises(IntegrityError), database.write(world.engine) as connection:
            connection.execute(change)
    assert timeline(world) == [("due", None, None)]


@pytest.mark.both_databases
def test_many_at_once_each_have_their_lines(world: World) -> None:
    for hours in range(3, 9):
        world.book(timedelta(hours=hours))
    provider = FakeProvider()
    assert send_due(sender(world, provider, at_once=4)) == len(provider.received) == 6
    steps = timeline(world)
    assert [steps.count((state, by, None)) for state, by in (("due", None), ("accepted", "fake"))] == [6, 6]


@pytest.mark.parametrize("end", ["delivered", "undelivered", "failed"])
def test_every_order_of_answer_and_reports_comes_to_the_same_end(world: World, end: str) -> None:
    world.book(HOURS_3)
    with world.unit() as unit:
        claim = unit.outbox.claim(unit.book, look(NOW, FakeProvider()))[0]
    with database.read(world.engine) as connection:
        claimed = connection.execute(select(message).where(message.c.id == claim.id)).one()._asdict()
    for number, order in enumerate(sorted(set(itertools.permutations(["answer", "sent", "sent", end])))):
        copy = claimed | {"id": uuid7(), "version": 2 + number}
        with database.write(world.engine) as connection:
            plan(connection, [copy])
        for each in order:
            with world.unit() as unit:
                if each == "answer":
                    unit.outbox.record(
                        [Handed(replace(claim, id=copy["id"]), "text", Accepted(f"SM{number}"))], NOW
                    )
                else:
                    unit.outbox.report(
                        copy["id"], f"SM{number}", {"sent": "accepted"}.get(each, each), None, NOW
                    )
        assert path(world, copy["id"])[-1] == end, order
        assert all(after in STEPS[before] for before, after in itertools.pairwise(path(world, copy["id"])))


def path(world: World, message_id: UUID) -> list[str]:
    wanted = select(message_step.c.state).where(message_step.c.message_id == message_id)
    with database.read(world.engine) as connection:
        return list(connection.execute(wanted.order_by(message_step.c.id)).scalars())


@pytest.mark.both_databases
def test_an_hour_back_loses_nothing_and_sends_nothing_twice(world: World) -> None:
    world.book(HOURS_3 + timedelta(hours=1))
    silent = Forgetful(lambda: world.now, takes=False)
    send_due(sender(world, silent))
    world.now -= timedelta(hours=1)
    for _ in range(11):
        world.now += MINUTE / 2
        send_due(sender(world, silent))
        settle_unknown(sender(world, silent))
    # Counted from the new time: absent for three minutes, then once more.
    assert [(state, reason) for state, _, reason in timeline(world)][2:] == [
        ("unknown", "ReadTimeout"),
        ("claimed", "repeated"),
        ("unknown", "ReadTimeout"),
    ]
    assert silent.requests == 2


@pytest.mark.both_databases
def test_a_claim_from_before_an_hour_back_is_given_up_at_once(world: World) -> None:
    world.book(HOURS_3 + timedelta(hours=1))
    dying = DiesWhileSending()
    with pytest.raises(KeyboardInterrupt):
        send_due(sender(world, dying))
    world.now -= timedelta(hours=1)
    send_due(sender(world, dying))
    assert timeline(world)[-1] == ("unknown", "deadly", "worker-lost")
    settle_unknown(sender(world, dying))
    assert timeline(world)[-1] == ("accepted", "deadly", None)
    assert len(dying.received) == 1


def test_an_hour_forward_in_the_middle_of_the_call_repeats_nothing_that_went_out(world: World) -> None:
    world.book(HOURS_3 + timedelta(hours=1))
    provider = FakeProvider()
    jumping = Jumping(world, provider)
    send_due(sender(world, jumping))
    settle_unknown(sender(world, jumping))
    assert timeline(world)[-1] == ("accepted", "fake", None)
    assert len(provider.received) == 1


@dataclass
class Jumping:
    """While it is handed a message the clock goes an hour forward, and another worker looks."""

    world: World
    inner: FakeProvider
    name: str = "fake"
    channel: Channel = "sms"
    jumped: bool = False

    def send(self, outgoing: Outgoing) -> Accepted:
        accepted = self.inner.send(outgoing)
        if not self.jumped:
            self.jumped = True
            self.world.now += timedelta(hours=1)
            send_due(sender(self.world, self.inner))
        return accepted

    def find(self, lost: Lost) -> Found | None:
        return self.inner.find(lost)


def test_a_worker_that_slept_past_its_lease_sends_nothing_any_more(world: World) -> None:
    world.book(HOURS_3)
    provider = FakeProvider()
    with world.unit() as unit:
        claim = unit.outbox.claim(unit.book, look(NOW, provider))[0]
    world.now += LEASE
    handed = hand_over(claim, sender(world, provider))
    assert (handed.body, provider.received) == (None, [])


@pytest.mark.both_databases
def test_a_late_no_takes_nothing_away_from_whoever_came_after(world: World) -> None:
    world.book(HOURS_3)
    provider = Forgetful(lambda: world.now, takes=False)
    with world.unit() as unit:
        slow = unit.outbox.claim(unit.book, look(NOW, provider))[0]
    world.now = NOW + LEASE
    send_due(sender(world, provider))
    with database.write(world.engine) as connection:
        again = {"state": "claimed", "repeated_at": world.now, "lease_until": world.now + LEASE}
        connection.execute(update(message).where(message.c.id == slow.id).values(again))
    with world.unit() as unit:
        unit.outbox.record([Handed(slow, "text", TryLater("429"))], world.now)
    with database.read(world.engine) as connection:
        state = connection.execute(select(message.c.state).where(message.c.id == slow.id)).scalar_one()
    assert state == "claimed"
