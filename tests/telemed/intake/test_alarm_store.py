"""Alarms and signed limits are kept as they were, go only forward, and are handed out by name only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, insert, update
from sqlalchemy.exc import DatabaseError

from scheduling.errors import NotFound, StaleVersion
from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.intake import summons
from telemed.intake.alarm_store import AlarmStore
from telemed.intake.alarm_tables import alarm, alarm_value, limit_set
from telemed.intake.alarms import Alarm
from telemed.intake.limit_store import UNSIGNED, LimitStore
from telemed.intake.limits import PROPOSAL, Beyond, Limit
from telemed.intake.tables import intake
from telemed.records.encounter_store import EncounterStore
from telemed.records.encounters import Encounter
from tests import build

AT = datetime(2026, 11, 17, 8, tzinfo=UTC)
PATIENCE = timedelta(minutes=3)
STRICTER = {**PROPOSAL, "oxygen": Limit("oxygen", Decimal(93), None)}


class Witness:
    """Remembers whose data were handed out."""

    def __init__(self) -> None:
        self.saw: list[tuple[UUID, str]] = []

    def __call__(self, owner: UUID, what: str) -> None:
        self.saw.append((owner, what))


@pytest.fixture
def world(engine: Engine) -> build.World:
    with database.write(engine) as connection:
        return build.world(Book(connection, lambda *_: None))


@pytest.fixture
def raised(engine: Engine, world: build.World) -> Alarm:
    new = Alarm(
        id=uuid7(),
        intake_id=uuid7(),
        visit_id=uuid7(),
        patient_id=world.patient.id,
        facility_id=world.facility.id,
        site_id=world.site.id,
        kiosk_id=world.kiosk.id,
        values=(
            Beyond("oxygen", Decimal(88), PROPOSAL["oxygen"]),
            Beyond("temperature", Decimal("39.40"), PROPOSAL["temperature"]),
            # A meter that shows HI, and what the clerk saw: no numbers, and none is made of them.
            Beyond("glucose", None, PROPOSAL["glucose"], "above-range"),
            Beyond("consciousness", None, Limit("consciousness", None, Decimal(1)), "unresponsive"),
        ),
        limits_version=UNSIGNED,
        raised_at=AT,
        reach="first",
        asked=world.practitioner.id,
        asked_at=AT,
    )
    plant_visit(engine, new)
    with database.write(engine) as connection:
        AlarmStore(connection, Witness()).add(new)
    return new


def plant_visit(engine: Engine, of: Alarm) -> None:
    """The intake and the visit that an alarm points to."""
    with database.write(engine) as connection:
        connection.execute(
            insert(intake).values(
                id=of.intake_id,
                visit_id=of.visit_id,
                patient_id=of.patient_id,
                kiosk_id=of.kiosk_id,
                site_id=of.site_id,
                filed_at=AT,
                sha256="0" * 64,
                body=b"{}",
            )
        )
        visit = Encounter(
            of.visit_id,
            str(uuid7()),
            of.patient_id,
            of.intake_id,
            None,
            None,
            of.facility_id,
            of.site_id,
            of.kiosk_id,
            None,
        )
        EncounterStore(connection, Witness()).add(visit)


@pytest.mark.both_databases
def test_an_alarm_reads_back_with_its_values_and_its_owner_is_told(engine: Engine, raised: Alarm) -> None:
    witness = Witness()
    with database.read(engine) as connection:
        store = AlarmStore(connection, witness)
        assert store.get(raised.id) == raised
        assert store.of_visit(raised.visit_id) == raised
        assert store.open_at(raised.facility_id) == [raised]
        assert store.of_visit(uuid7()) is None
        assert store.open_at(uuid7()) == []
    assert witness.saw == [(raised.patient_id, "value beyond a limit")] * 3


def test_numbers_and_references_are_nobodys_data(engine: Engine, raised: Alarm) -> None:
    witness = Witness()
    with database.read(engine) as connection:
        store = AlarmStore(connection, witness)
        assert store.visit_of_intake(raised.intake_id) == (raised.visit_id, True)
        assert store.visit_of_intake(uuid7()) is None
        assert (store.count_open(), store.count_open(raised.facility_id), store.count_open(uuid7())) == (
            1,
            1,
            0,
        )
        assert store.open_kiosks(raised.site_id) == [raised.kiosk_id]
        assert store.to_pass_on(AT, AT) == [raised.id]
        assert store.to_pass_on(AT - timedelta(seconds=1), AT) == []
    assert witness.saw == []


@pytest.mark.both_databases
def test_once_seen_it_is_open_no_more_and_stays_so(engine: Engine, raised: Alarm) -> None:
    seen = summons.acknowledge(raised, raised.asked or uuid7(), AT + PATIENCE)
    with database.write(engine) as connection:
        store = AlarmStore(connection, Witness())
        before = store.mark(raised.facility_id)
        store.change(seen)
        assert store.get(raised.id) == seen
        assert (store.count_open(), store.open_at(raised.facility_id), store.to_pass_on(AT, AT)) == (
            0,
            [],
            [],
        )
        assert store.mark(raised.facility_id) != before
    with pytest.raises(DatabaseError, match="only forward"), database.write(engine) as connection:
        connection.execute(update(alarm).values(acknowledged_by=None, acknowledged_at=None))


def test_of_two_who_see_it_at_once_one_stands(engine: Engine, raised: Alarm) -> None:
    seen = summons.acknowledge(raised, raised.asked or uuid7(), AT)
    with database.write(engine) as connection:
        AlarmStore(connection, Witness()).change(seen)
    with pytest.raises(StaleVersion), database.write(engine) as connection:
        AlarmStore(connection, Witness()).change(replace(seen, acknowledged_at=AT + PATIENCE))


@pytest.mark.both_databases
def test_the_database_itself_refuses_to_forget(engine: Engine, raised: Alarm, world: build.World) -> None:
    with database.write(engine) as connection:
        store = AlarmStore(connection, Witness())
        store.change(summons.pass_on(raised, [], AT + PATIENCE, PATIENCE))
        LimitStore(connection).sign(world.facility.id, STRICTER, world.practitioner.id, AT, UNSIGNED)
    for forbidden in (
        update(alarm).values(raised_at=AT + PATIENCE),
        update(alarm).values(limits_version=7),
        update(alarm).values(escalations=0),
        delete(alarm),
        update(alarm_value).values(value="97"),
        delete(alarm_value),
        update(limit_set).values(limits={}),
        delete(limit_set),
    ):
        with pytest.raises(DatabaseError), database.write(engine) as connection:
            connection.execute(forbidden)


def test_an_alarm_that_is_not_there_is_said_so(engine: Engine) -> None:
    with pytest.raises(NotFound), database.read(engine) as connection:
        AlarmStore(connection, Witness()).get(uuid7())


@pytest.mark.both_databases
def test_until_somebody_signs_the_proposal_holds_and_nobodys_name_is_under_it(
    engine: Engine, world: build.World
) -> None:
    with database.write(engine) as connection:
        store = LimitStore(connection)
        before = store.in_force(world.facility.id)
        assert (before.version, before.limits, before.signed) == (UNSIGNED, PROPOSAL, False)
        signed = store.sign(world.facility.id, STRICTER, world.practitioner.id, AT, UNSIGNED)
        assert store.in_force(world.facility.id) == signed
        assert (signed.version, signed.signed_by, signed.signed_at) == (1, world.practitioner.id, AT)
        again = store.sign(world.facility.id, PROPOSAL, world.practitioner.id, AT + PATIENCE, 1)
        assert store.history(world.facility.id) == [again, signed]
        assert store.in_force(uuid7()).signed is False


def test_who_signs_over_what_they_have_not_seen_is_told(engine: Engine, world: build.World) -> None:
    with database.write(engine) as connection:
        LimitStore(connection).sign(world.facility.id, STRICTER, world.practitioner.id, AT, UNSIGNED)
    with pytest.raises(StaleVersion), database.write(engine) as connection:
        LimitStore(connection).sign(world.facility.id, PROPOSAL, world.practitioner.id, AT, UNSIGNED)


@pytest.mark.both_databases
def test_a_kind_that_came_after_the_signing_is_watched_by_the_proposal_until_the_next(
    engine: Engine, world: build.World
) -> None:
    of_its_day = {code: limit for code, limit in STRICTER.items() if code != "breathing"}
    with database.write(engine) as connection:
        store = LimitStore(connection)
        store.sign(world.facility.id, of_its_day, world.practitioner.id, AT, UNSIGNED)
        held = store.in_force(world.facility.id)
        assert held.limits["breathing"] == PROPOSAL["breathing"]
        assert (held.limits["oxygen"], held.version) == (STRICTER["oxygen"], 1)
        (as_signed,) = store.history(world.facility.id)
        assert "breathing" not in as_signed.limits


@pytest.mark.both_databases
def test_the_kiosk_measures_again_by_the_tightest_limits_of_all_facilities(
    engine: Engine, world: build.World
) -> None:
    with database.write(engine) as connection:
        store = LimitStore(connection)
        assert store.tightest() == PROPOSAL
        laxer = {**STRICTER, "pulse": Limit("pulse", Decimal(35), Decimal(150))}
        store.sign(world.facility.id, laxer, world.practitioner.id, AT, UNSIGNED)
        tightest = store.tightest()
    assert (tightest["oxygen"], tightest["pulse"]) == (STRICTER["oxygen"], PROPOSAL["pulse"])
