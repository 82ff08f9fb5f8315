"""A booking and its messages are one transaction; what happens to the one happens to the others."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduling.errors import SlotTaken
from scheduling.ids import uuid7
from telemed import database
from telemed.messages.fakes import FakeProvider
from telemed.messages.outbox import Outbox
from telemed.messages.port import Accepted
from telemed.messages.recording import Handed
from telemed.messages.tables import STEPS, TRIGGERS, message
from tests.telemed.messages.world import CLERK, NOW, PHONE, World, look

pytestmark = pytest.mark.both_databases
DAYS_3 = timedelta(days=3)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


def test_a_booking_plans_its_messages(world: World) -> None:
    world.book(DAYS_3)
    assert world.states() == {"booked": "due", "day_before": "due", "two_hours": "due"}


def test_a_booking_for_today_skips_the_reminder_for_yesterday(world: World) -> None:
    world.book(timedelta(hours=3))
    assert set(world.states()) == {"booked", "two_hours"}


@pytest.mark.parametrize(("phone", "consents"), [(None, True), (PHONE, False)])
def test_without_a_number_or_consent_nothing_is_planned(
    world: World, phone: str | None, consents: bool
) -> None:
    world.phone, world.consents = phone, consents
    world.book(DAYS_3)
    assert world.states() == {}


def test_a_cancellation_withdraws_what_is_pending_and_tells_the_patient(world: World) -> None:
    appointment = world.book(DAYS_3)
    world.cancel(appointment)
    assert world.states() == {
        "booked": "cancelled",
        "day_before": "cancelled",
        "two_hours": "cancelled",
        "cancelled": "due",
    }


def test_the_patients_own_confirmation_is_thanked_for_and_the_clerks_is_not(world: World) -> None:
    first = world.book(DAYS_3)
    second = world.book(DAYS_3 + timedelta(hours=1))
    world.confirm(first)
    world.confirm(second, CLERK)
    assert "confirmed" in world.states(first)
    assert "confirmed" not in world.states(second)
    assert world.states(first)["two_hours"] == "due"


def test_a_refused_booking_leaves_no_message(world: World) -> None:
    world.book(DAYS_3)
    with pytest.raises(SlotTaken):
        world.book(DAYS_3)
    assert len(world.states()) == 3


def test_only_one_message_of_a_kind_can_exist_for_a_version(world: World) -> None:
    world.book(DAYS_3)
    with database.read(world.engine) as connection:
        row = connection.execute(select(message).limit(1)).one()._asdict()
    with pytest.raises(IntegrityError), database.write(world.engine) as connection:
        connection.execute(insert(message).values({**row, "id": uuid7()}))


def test_the_next_message_is_found_for_everybody_and_for_one_number(world: World) -> None:
    world.book(DAYS_3)
    with database.read(world.engine) as connection:
        outbox = Outbox(connection, lambda owner, what: None)
        assert outbox.next_due(NOW) == NOW + DAYS_3 - timedelta(days=1)
        assert outbox.next_due(NOW, PHONE) == NOW + DAYS_3 - timedelta(days=1)
        assert outbox.next_due(NOW, "+359888000009") is None


def test_the_database_itself_lets_no_message_move_backwards(world: World) -> None:
    world.book(timedelta(hours=3))
    with database.write(world.engine) as connection:
        for statement in TRIGGERS[connection.dialect.name]:
            connection.exec_driver_sql(statement)
        template = connection.execute(select(message).limit(1)).one()._asdict()
        allowed = {
            (before, after)
            for before, after in itertools.product(STEPS, STEPS)
            if _is_allowed(connection, template, before, after)
        }
    forward = {(before, after) for before, steps in STEPS.items() for after in steps}
    assert allowed == forward | {(state, state) for state in STEPS}


def _is_allowed(connection: Connection, template: dict[str, Any], before: str, after: str) -> bool:
    attempt = connection.begin_nested()
    planted = template | {"id": uuid7(), "kind": "help", "state": before}
    connection.execute(insert(message).values(planted))
    # What is sent a second time says so.
    moved = {"repeated_at": NOW} if (before, after) == ("unknown", "claimed") else {}
    try:
        connection.execute(update(message).where(message.c.id == planted["id"]).values(state=after, **moved))
    except IntegrityError:
        return False
    finally:
        attempt.rollback()
    return True


def test_reports_come_late_twice_and_out_of_order(world: World) -> None:
    appointment = world.book(timedelta(hours=3))
    with world.unit() as unit:
        claim = unit.outbox.claim(unit.book, look(NOW, FakeProvider()))[0]
    with world.unit() as unit:
        assert unit.outbox.report(claim.id, "SM1", "delivered", None, NOW)
    with world.unit() as unit:
        unit.outbox.record([Handed(claim, "text", Accepted("SM1"))], NOW)
        assert not unit.outbox.report(claim.id, "SM1", "delivered", None, NOW)
        assert not unit.outbox.report(claim.id, "SM1", "accepted", None, NOW)
        assert not unit.outbox.report(claim.id, "SM1", "failed", "30003", NOW)
    assert world.states(appointment)["booked"] == "delivered"


def test_a_report_about_somebody_elses_message_changes_nothing(world: World) -> None:
    appointment = world.book(timedelta(hours=3))
    with world.unit() as unit:
        claim = unit.outbox.claim(unit.book, look(NOW, FakeProvider()))[0]
        unit.outbox.record([Handed(claim, "text", Accepted("SM1"))], NOW)
    with world.unit() as unit:
        assert not unit.outbox.report(claim.id, "SM2", "failed", "30003", NOW)
        assert not unit.outbox.report(uuid7(), "SM1", "failed", "30003", NOW)
    assert world.states(appointment)["booked"] == "accepted"
