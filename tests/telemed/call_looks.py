"""Looks at a call, and a visit that they are about."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.call_quality import Call, Look
from telemed.records.encounter_store import EncounterStore
from telemed.records.encounters import Encounter
from tests import build


def look(n: int, at: datetime | None = None, **told: Any) -> Look:
    """A look five seconds after the one before; a good one, unless something else is told."""
    usual: dict[str, Any] = {
        "rung": "video",
        "rtt_ms": 80,
        "loss_percent": 0.5,
        "concealed_percent": 0.1,
        "fps": 20.0,
        "buffer_ms": 60,
        "sent_bytes": 300_000,
        "received_bytes": 310_000,
        "up_kbps": 800,
    }
    return Look(n=n, at=at or build.NOW + n * timedelta(seconds=5), **{**usual, **told})


def visit_at(engine: Engine) -> Call:
    """A visit that waits at the kiosk of the usual world."""
    call, _ = _made(engine)
    return call


def visit_and_doctor(engine: Engine) -> tuple[UUID, UUID]:
    """The same: the visit's id, and that of a practitioner."""
    call, practitioner_id = _made(engine)
    return call.visit_id, practitioner_id


def _made(engine: Engine) -> tuple[Call, UUID]:
    with database.write(engine) as connection:
        book = Book(connection, lambda *_: None)
        world, patient = build.world(book), build.patient()
        book.add_patient(patient)
        visit = Encounter(
            id=uuid7(),
            room=f"room-{uuid7()}",
            patient_id=patient.id,
            intake_id=None,
            appointment_id=None,
            queue_entry_id=None,
            facility_id=world.facility.id,
            site_id=world.site.id,
            kiosk_id=world.kiosk.id,
            practitioner_id=None,
            opened_at=build.NOW,
        )
        EncounterStore(connection, lambda *_: None).add(visit)
    return Call(visit.id, world.site.id, world.kiosk.id), world.practitioner.id
