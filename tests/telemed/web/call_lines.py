"""Lines on the clerk's call list, as the ladder and the answers leave them."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from scheduling.ids import uuid7
from scheduling.people import Contact, ContactWay
from telemed import database
from telemed.messages.tables import call_list, message
from telemed.records.consent import Consent, Kind
from tests import build
from tests.telemed.web.coordinators_desk import READER, Desk

PHONE = "+359888000001"


def to_call(desk: Desk, reason: str = "repeated", kind: str = "two_hours", **of_message: Any) -> UUID:
    """Put the patient on the list about a visit at eleven; returns the line."""
    booked = desk.books(build.local(11), desk.world.patient)
    line_id, message_id, now = uuid7(), uuid7(), desk.services.clock.now()
    told = {
        "id": message_id,
        "appointment_id": booked.id,
        "version": booked.version + 1,
        "kind": kind,
        "patient_id": booked.patient_id,
        "phone": PHONE,
        "language": "bg",
        "place": "",
        "time_zone": "Europe/Sofia",
        "starts_at": booked.starts_at,
        "due_at": now,
        "state": "on_call_list",
        "changed_at": now,
        "attempts": 2,
        **of_message,
    }
    of_call = {
        "id": line_id,
        "message_id": message_id,
        "patient_id": booked.patient_id,
        "site_id": booked.site_id,
        "phone": told["phone"],
        "reason": reason,
        "added_at": now,
        "status": "open",
        "changed_at": now,
        "version": 1,
    }
    with database.write(desk.services.engine) as connection:
        connection.execute(insert(message).values(told))
        connection.execute(insert(call_list).values(of_call))
    return line_id


def agrees(desk: Desk, *kinds: Kind) -> None:
    """Let the patient say yes to these ways."""
    with desk.services.unit(READER) as unit:
        for kind in kinds:
            answer = Consent(uuid7(), desk.world.patient.id, kind, True, "bg-2026-11", unit.now)
            unit.records.consents.add(answer)


def reached_at(desk: Desk, way: ContactWay, address: str, name: str | None = None) -> None:
    """Let the patient have named a further way."""
    with desk.services.unit(READER) as unit:
        unit.book.set_contact(Contact(uuid7(), desk.world.patient.id, way, address, name, build.NOW))
