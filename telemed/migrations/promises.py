"""Proof that a database refuses what it must refuse; everything it tries is rolled back."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, insert, text, update
from sqlalchemy.exc import DBAPIError

from scheduling import booking, tables
from scheduling.calendar import Shift, Slot
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.people import Patient, Practitioner
from scheduling.places import Facility, Kiosk, Opening, Settlement, Site
from scheduling.store import Book
from telemed import database
from telemed.migrations.schema import metadata
from telemed.records.tables import access_entry

_LENGTH = timedelta(minutes=20)
_START = datetime(2040, 1, 2, 8, 0, tzinfo=UTC)
_CHECK = Actor("job", None)


class _RolledBack(Exception):
    """Raised at the end of a trial, so that nothing of it stays."""


def check(engine: Engine) -> list[str]:
    """Return one line for each promise that the database does not keep."""
    problems: list[str] = []
    try:
        with database.write(engine) as connection:
            missing = sorted(set(metadata.tables) - set(_tables(connection)))
            if missing:
                return [f"Tables are missing: {', '.join(missing)}. Run `telemed db upgrade`."]
            for promise, attempt in _attempts(connection):
                if _succeeds(connection, attempt):
                    problems.append(f"Not refused: {promise}. Run `telemed db upgrade`, then check again.")
            raise _RolledBack
    except _RolledBack:
        return problems


def _tables(connection: Connection) -> list[str]:
    return connection.dialect.get_table_names(connection)


def _succeeds(connection: Connection, attempt: Callable[[], object]) -> bool:
    trial = connection.begin_nested()
    try:
        attempt()
    except DBAPIError:
        trial.rollback()
        return False
    trial.rollback()
    return True


def _attempts(connection: Connection) -> list[tuple[str, Callable[[], object]]]:
    patient, practitioner, kiosk, taken = _booked(connection)
    other = booking.book(
        patient,
        taken.facility_id,
        Slot(practitioner, kiosk, taken.site_id, _START, _START + _LENGTH),
        "video",
        _START,
        _CHECK,
    )[0]
    connection.execute(insert(tables.appointment).values(**{**_columns(other), "booking_key": uuid7()}))
    row = {"booking": other.id, "resource": practitioner, "active": True}
    span = {"starts_at": _START + _LENGTH / 2, "ends_at": _START + _LENGTH * 2}
    idle = {**row, **span, "resource": kiosk, "active": False}
    connection.execute(insert(tables.allocation).values(**idle))
    mine = tables.allocation.c.booking == other.id
    return [
        (
            "a practitioner taken twice",
            lambda: connection.execute(insert(tables.allocation).values(**row, **span)),
        ),
        (
            "a kiosk taken twice",
            lambda: connection.execute(update(tables.allocation).where(mine).values(active=True)),
        ),
        (
            "a changed access log",
            lambda: _touch_log(connection, patient, "UPDATE access_entry SET what = 'nothing'"),
        ),
        ("a shortened access log", lambda: _touch_log(connection, patient, "DELETE FROM access_entry")),
    ]


def _booked(connection: Connection) -> tuple[UUID, UUID, UUID, booking.Appointment]:
    book = Book(connection, lambda _owner, _what: None)
    facility, site = Facility(uuid7(), "check", "UTC"), uuid7()
    book.add_facility(facility)
    book.add_settlement(Settlement("check", "check", "check", "", "", None, None))
    hours = tuple(Opening(day, time(0), time(23)) for day in range(7))
    book.add_site(Site(site, "clinic", "check", "check", "UTC", hours))
    kiosk, practitioner = Kiosk(uuid7(), site, "check"), Practitioner(uuid7(), facility.id, "check", "", ())
    book.add_kiosk(kiosk)
    book.add_practitioner(practitioner)
    for day in range(7):
        book.add_shift(Shift(practitioner.id, facility.id, day, time(0), time(23)))
    patient = Patient(uuid7(), "claimed", "check", None, None, None, None, None, "en")
    book.add_patient(patient)
    slot = Slot(practitioner.id, kiosk.id, site, _START, _START + _LENGTH)
    return (
        patient.id,
        practitioner.id,
        kiosk.id,
        book.book(patient.id, slot, "video", _START, _CHECK, uuid7()),
    )


def _columns(appointment: booking.Appointment) -> dict[str, object]:
    return {name: getattr(appointment, name) for name in booking.Appointment.__slots__}


def _touch_log(connection: Connection, owner: UUID, statement: str) -> None:
    entry = {
        "owner_id": owner,
        "seq": 1,
        "at": _START,
        "reader_kind": "job",
        "reader_id": "check",
        "reader_name": "check",
        "reader_role": "",
        "what": "check",
        "purpose": "check",
        "prev_hash": "0" * 64,
        "hash": "0" * 64,
    }
    connection.execute(insert(access_entry).values(**entry))
    connection.execute(text(statement))
