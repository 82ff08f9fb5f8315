"""Turns what a unit changed into what must go out, just before the commit."""

from uuid import UUID

from scheduling.booking import Appointment
from scheduling.events import Event
from scheduling.reminders import QuietHours
from telemed.messages.about import About, about_call, about_offer
from telemed.messages.outbox import Addressee
from telemed.unit import Unit

QUIET = QuietHours()


def post_events(unit: Unit) -> None:
    """Write the outbox rows for every event of this unit, and leave freed times for the waiting list."""
    for event in unit.book.events:
        if event.kind == "appointment.cancelled":
            given = unit.book.appointment(event.subject_id)
            unit.book.note_freed(given.slot, given.visit_type_id, given.facility_id, unit.now)
    unit.outbox.from_events(unit.book.events, lambda event: _addressee(unit, event), unit.now, QUIET)


def addressee(unit: Unit, about: Appointment | About, site_id: UUID) -> Addressee:
    """Whom a message about this goes to, as things stand now."""
    patient = unit.book.patient(about.patient_id)
    site = unit.book.site(site_id)
    return Addressee(
        about=about,
        phone=patient.phone,
        language=patient.language,
        consents=unit.records.consents.allows(patient.id, "sms"),
        place=site.name,
        time_zone=site.time_zone,
    )


def _addressee(unit: Unit, event: Event) -> Addressee:
    if event.kind.startswith("queue."):
        entry = unit.book.queue_entry(event.subject_id)
        return addressee(unit, about_call(entry, unit.now), entry.site_id)
    if event.kind.startswith("wish."):
        wish = unit.book.wish(event.subject_id)
        offer = unit.book.open_offer(wish.id)
        assert offer is not None, "an offer is stored with its event"
        return addressee(unit, about_offer(offer, unit.book.wish_owner(wish.id)), offer.site_id)
    appointment = unit.book.appointment(event.subject_id)
    return addressee(unit, appointment, appointment.site_id)
