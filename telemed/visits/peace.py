"""Numbers that are left in peace, as far as a facility's own patients are concerned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, or_, select

from scheduling import tables
from scheduling.errors import NotFound
from telemed.messages.stopped import Stopped
from telemed.messages.tables import message, stopped_number
from telemed.records.tables import encounter
from telemed.unit import Unit


@dataclass(frozen=True)
class InPeace:
    """One number that gets nothing by one channel; of the number only its end."""

    id: UUID
    patient_id: UUID
    name: str
    address_end: str
    channel: str
    reason: str
    since: datetime


def stopped(unit: Unit, facility_id: UUID, most: int = 200) -> list[InPeace]:
    """Which numbers of the facility's patients are left in peace, the latest first."""
    rows = _rows(unit, facility_id, most)
    people = unit.book.patients(row.patient_id for row in rows)
    return [
        InPeace(
            row.id,
            row.patient_id,
            people[row.patient_id].name,
            row.address[-3:],
            row.channel,
            row.reason,
            row.at,
        )
        for row in rows
    ]


def lift(unit: Unit, facility_id: UUID, row_id: UUID, why: str) -> None:
    """Let messages go to a number again; NotFound when it is no number of the facility's patients."""
    found = next((row for row in _rows(unit, facility_id, None) if row.id == row_id), None)
    if found is None:
        raise NotFound("number")
    unit.sightings(found.patient_id, "message")
    Stopped(unit.connection).lift(found.address, (found.channel,), unit.reader.id, why, unit.now)


def _rows(unit: Unit, facility_id: UUID, most: int | None) -> list[Row[Any]]:
    columns, of = stopped_number.c, message.c
    appointment, entry = tables.appointment.c, tables.queue_entry.c
    offer, wish, visit = tables.wish_offer.c, tables.wish.c, encounter.c
    theirs = encounter.alias().c
    seen_by_them = exists().where(theirs.patient_id == of.patient_id, theirs.facility_id == facility_id)
    owners = (appointment.facility_id, entry.facility_id, wish.facility_id, visit.facility_id)
    wanted = (
        select(columns.id, columns.address, columns.channel, columns.reason, columns.at, of.patient_id)
        .join_from(stopped_number, message, of.id == columns.message_id)
        .outerjoin(tables.appointment, appointment.id == of.appointment_id)
        .outerjoin(tables.queue_entry, entry.id == of.queue_entry_id)
        .outerjoin(tables.wish_offer, offer.id == of.wish_offer_id)
        .outerjoin(tables.wish, wish.id == offer.wish_id)
        .outerjoin(encounter, visit.id == of.encounter_id)
        .where(columns.lifted_at.is_(None))
        .where(or_(*(owner == facility_id for owner in owners), of.read_on.is_not(None) & seen_by_them))
        .order_by(columns.at.desc(), columns.id)
        .limit(most)
    )
    return list(unit.connection.execute(wanted))
