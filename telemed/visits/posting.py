"""Turns what a unit changed into what must go out, just before the commit."""

from uuid import UUID

from scheduling.reminders import QuietHours
from telemed.messages.outbox import Addressee
from telemed.unit import Unit

QUIET = QuietHours()


def post_events(unit: Unit) -> None:
    """Write the outbox rows for every event of this unit, in its own transaction."""
    unit.outbox.from_events(unit.book.events, lambda subject: _addressee(unit, subject), unit.now, QUIET)


def _addressee(unit: Unit, appointment_id: UUID) -> Addressee:
    appointment = unit.book.appointment(appointment_id)
    patient = unit.book.patient(appointment.patient_id)
    site = unit.book.site(appointment.site_id)
    return Addressee(
        appointment=appointment,
        phone=patient.phone,
        language=patient.language,
        consents=unit.records.consents.allows(patient.id, "sms"),
        place=site.name,
        time_zone=site.time_zone,
    )
