"""Proof that a database refuses what it must refuse; everything it tries is rolled back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, TableClause, Uuid, column, insert, table, text, update
from sqlalchemy.exc import DBAPIError

from scheduling.ids import uuid7
from scheduling.tables import Instant
from telemed import database
from telemed.migrations.schema import metadata
from telemed.records.tables import access_entry

_LENGTH = timedelta(minutes=20)
_START = datetime(2040, 1, 2, 8, 0, tzinfo=UTC)


class _RolledBack(Exception):
    """Raised at the end of a trial, so that nothing of it stays."""


def check(engine: Engine) -> list[str]:
    """Return one line for each promise that the database does not keep, or for each table it lacks."""
    with database.read(engine) as connection:
        missing = sorted(set(metadata.tables) - set(connection.dialect.get_table_names(connection)))
    if missing:
        return [f"Tables are missing: {', '.join(missing)}. Run `telemed db upgrade`."]
    return broken(engine)


def broken(engine: Engine) -> list[str]:
    """Return one line for each promise that the database, at whatever step of its life, does not keep."""
    problems: list[str] = []
    try:
        with database.write(engine) as connection:
            for promise, attempt in _attempts(connection):
                if _succeeds(connection, attempt):
                    problems.append(f"Not refused: {promise}. Run `telemed db upgrade`, then check again.")
            raise _RolledBack
    except _RolledBack:
        return problems


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
    patient, practitioner, kiosk, other = two_appointments(connection)
    row = {"booking": other, "resource": practitioner, "active": True}
    span = {"starts_at": _START + _LENGTH / 2, "ends_at": _START + _LENGTH * 2}
    idle = {**row, **span, "resource": kiosk, "active": False}
    _add(connection, "allocation", **idle)
    allocation = _table("allocation", idle)
    mine = update(allocation).where(allocation.c.booking == other)
    return [
        ("a practitioner taken twice", lambda: _add(connection, "allocation", **row, **span)),
        ("a kiosk taken twice", lambda: connection.execute(mine.values(active=True))),
        (
            "a changed access log",
            lambda: _touch_log(connection, patient, "UPDATE access_entry SET what = 'nothing'"),
        ),
        ("a shortened access log", lambda: _touch_log(connection, patient, "DELETE FROM access_entry")),
        *_signed_limits(connection, practitioner),
    ]


def _signed_limits(connection: Connection, practitioner: UUID) -> list[tuple[str, Callable[[], object]]]:
    """What must stay as it was signed, where the database has come so far."""
    if not connection.dialect.has_table(connection, "limit_set"):
        return []
    facility = uuid7()
    _add(connection, "facility", id=facility, name="check", time_zone="UTC")
    signed = {"facility_id": facility, "version": 1, "signed_by": practitioner, "signed_at": _START}
    _add(connection, "limit_set", limits="{}", **signed)
    return [
        ("changed limits", lambda: connection.execute(text("UPDATE limit_set SET version = 2"))),
        ("limits taken away", lambda: connection.execute(text("DELETE FROM limit_set"))),
    ]


def two_appointments(connection: Connection) -> tuple[UUID, UUID, UUID, UUID]:
    """Patient, practitioner and kiosk of an appointment, and another one of theirs that takes nothing yet.

    Written with the columns of the first step only, so that every later one can be tried as well.
    """
    facility, site, patient, practitioner, kiosk = (uuid7() for _ in range(5))
    _add(connection, "facility", id=facility, name="check", time_zone="UTC")
    named = {"name": "check", "name_latin": "check", "district": "", "municipality": ""}
    _add(connection, "settlement", code=str(facility), **named)
    place = {"settlement_code": str(facility), "name": "check", "time_zone": "UTC"}
    _add(connection, "site", id=site, kind="clinic", **place)
    _add(connection, "resource", id=practitioner, kind="practitioner")
    _add(connection, "resource", id=kiosk, kind="kiosk")
    _add(connection, "kiosk", id=kiosk, site_id=site, label="check")
    _add(
        connection,
        "practitioner",
        id=practitioner,
        facility_id=facility,
        name="check",
        specialty="",
        languages="[]",
    )
    _add(connection, "patient", id=patient, identity="claimed", name="check", language="en")
    where = {"practitioner_id": practitioner, "facility_id": facility, "site_id": site, "kiosk_id": kiosk}
    span = {"starts_at": _START, "ends_at": _START + _LENGTH}
    ids = uuid7(), uuid7()
    for number, status in zip(ids, ("booked", "cancelled"), strict=True):
        promise = {"id": number, "booking_key": uuid7(), "version": 1, "channel": "video", "status": status}
        _add(connection, "appointment", patient_id=patient, **promise, **where, **span)
    for resource in (practitioner, kiosk):
        _add(connection, "allocation", booking=ids[0], resource=resource, active=True, **span)
    return patient, practitioner, kiosk, ids[1]


def _add(connection: Connection, to: str, /, **values: Any) -> None:
    connection.execute(insert(_table(to, values)).values(**values))


def _table(name: str, values: dict[str, Any]) -> TableClause:
    kinds: dict[type, Any] = {UUID: Uuid(), datetime: Instant()}
    return table(name, *(column(each, kinds.get(type(value))) for each, value in values.items()))


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
