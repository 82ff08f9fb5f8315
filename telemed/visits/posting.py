"""Turns what a unit changed into what must go out, just before the commit."""

from scheduling.events import Event
from scheduling.reminders import QuietHours
from telemed.messages.about import about_call, about_offer
from telemed.messages.outbox import Addressee
from telemed.unit import Unit
from telemed.visits.addressees import addressee

QUIET = QuietHours()


def post_events(unit: Unit) -> None:
    """Write the outbox rows for every event of this unit, and leave freed times for the waiting list."""
    for given in unit.book.given_back:
        unit.book.note_freed(given.slot, given.visit_type_id, given.facility_id, unit.now)
    unit.outbox.from_events(unit.book.events, lambda event: _addressee(unit, event), unit.now, QUIET)


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
