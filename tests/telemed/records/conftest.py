from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine

from scheduling.ids import uuid7
from scheduling.people import Patient, Practitioner
from scheduling.places import Facility, Kiosk, Opening, Settlement, Site
from scheduling.store import Book
from scheduling.tables import metadata
from telemed import database
from telemed.records import tables
from telemed.records.encounters import Encounter
from telemed.records.store import RecordStore

NOW = datetime(2026, 12, 1, 7, 40, tzinfo=UTC)
KEY = b"k" * 32


def nobody_asks(_owner: UUID, _what: str) -> None:
    pass


@dataclass(frozen=True)
class World:
    facility_id: UUID
    other_facility_id: UUID
    site_id: UUID
    kiosk_id: UUID
    doctor_id: UUID
    patient_id: UUID

    def visit(self, **changes: object) -> Encounter:
        values: dict[str, object] = {
            "id": uuid7(),
            "room": uuid4().hex,
            "patient_id": self.patient_id,
            "intake_id": uuid7(),
            "appointment_id": None,
            "queue_entry_id": None,
            "facility_id": self.facility_id,
            "site_id": self.site_id,
            "kiosk_id": self.kiosk_id,
            "practitioner_id": None,
            "opened_at": NOW,
        }
        return Encounter(**{**values, **changes})  # type: ignore[arg-type]  # named by each test


def patient(name: str = "Мария Стоянова", birth_date: date | None = date(1948, 3, 3)) -> Patient:
    return Patient(uuid7(), "claimed", name, birth_date, "female", None, None, None, "bg")


@pytest.fixture
def schema(engine: Engine) -> Engine:
    """The database of the test with the tables and guards of records, whatever the template has so far."""
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in tables.TRIGGERS[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    return engine


@pytest.fixture
def world(schema: Engine) -> World:
    """One village kiosk, two facilities, one doctor and one patient."""
    made = World(*(uuid7() for _ in range(6)))
    with database.write(schema) as connection:
        book = Book(connection, nobody_asks)
        book.add_settlement(Settlement("07079", "Белица", "Belitsa", "Благоевград", "Белица", 41.9, 23.5))
        book.add_facility(Facility(made.facility_id, "МЦ Разлог", "Europe/Sofia"))
        book.add_facility(Facility(made.other_facility_id, "МЦ Банско", "Europe/Sofia"))
        hours = (Opening(1, time(8), time(16)),)
        book.add_site(Site(made.site_id, "post_office", "07079", "Поща Белица", "Europe/Sofia", hours))
        book.add_kiosk(Kiosk(made.kiosk_id, made.site_id, "1"))
        book.add_practitioner(
            Practitioner(made.doctor_id, made.facility_id, "д-р Иванова", "general", ("bg",))
        )
        book.add_patient(replace(patient(), id=made.patient_id))
    return made


@pytest.fixture
def connection(schema: Engine, world: World) -> Iterator[Connection]:
    """A writing transaction in that world."""
    with database.write(schema) as connection:
        yield connection


@dataclass
class SeenByTest:
    """Remembers what was handed out, as the unit does."""

    pairs: list[tuple[UUID, str]]

    def __call__(self, owner: UUID, what: str) -> None:
        self.pairs.append((owner, what))


@pytest.fixture
def seen() -> SeenByTest:
    """What the stores told about."""
    return SeenByTest([])


@pytest.fixture
def records(connection: Connection, seen: SeenByTest) -> RecordStore:
    """The store under test."""
    return RecordStore(connection, seen, KEY)
