"""What is booked at a kiosk: which types of visits there are, a slot kept for a while, the slot taken."""

from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.booking import Appointment, Hold, Request
from scheduling.calendar import Slot
from scheduling.errors import NotOffered
from scheduling.events import Actor
from scheduling.places import Kiosk
from scheduling.store import Book
from scheduling.visit_types import VisitType
from telemed.intake.submission import SlotChoice
from telemed.unit import Unit
from telemed.visits.lines import channel_for


def types_at_kiosks(book: Book, forbidden: Collection[str]) -> list[VisitType]:
    """The types that somebody offers, that take place at a kiosk, and that the law allows at a distance."""
    offered = set[str]().union(*book.offers().values())
    return [
        visit_type
        for visit_type in book.visit_types()
        if visit_type.id in offered and visit_type.needs_kiosk and visit_type.service not in forbidden
    ]


def keep_slot(unit: Unit, choice: SlotChoice, kiosk: Kiosk, instead_of: UUID | None) -> Hold:
    """Keep a slot while the patient goes on; the one kept before for them is given back first."""
    if instead_of is not None:
        give_back(unit, instead_of, kiosk)
    slot, _ = _slot(unit, choice)
    return unit.book.hold(slot, choice.visit_type_id, unit.now, _actor(kiosk))


def give_back(unit: Unit, hold_id: UUID, kiosk: Kiosk) -> None:
    """Give a slot back that this kiosk has kept; any other hold is none of its business."""
    held = unit.book.standing_hold(hold_id, unit.now)
    if held is not None and held.who == _actor(kiosk):
        unit.book.release(hold_id, unit.now)


def take_slot(unit: Unit, choice: SlotChoice, patient_id: UUID, key: UUID, kiosk: Kiosk) -> Appointment:
    """Book the chosen slot, by the best channel that the line there carries then."""
    slot, visit_type = _slot(unit, choice)
    zone = ZoneInfo(unit.book.site(slot.site_id).time_zone)
    channel = channel_for(unit, slot, visit_type.channels, zone)
    request = Request(patient_id, slot, visit_type.id, channel, key, hold_id=choice.hold_id, by_patient=True)
    return unit.book.book(request, unit.now, _actor(kiosk))


def _slot(unit: Unit, choice: SlotChoice) -> tuple[Slot, VisitType]:
    visit_type = unit.book.visit_type(choice.visit_type_id)
    if not visit_type.needs_kiosk:
        raise NotOffered("this kind of visit does not take place at a kiosk")
    # The time may be at another place than this one, when here there was none.
    there = unit.book.kiosk(choice.kiosk_id)
    ends_at = choice.starts_at + visit_type.length
    return Slot(choice.practitioner_id, there.id, there.site_id, choice.starts_at, ends_at), visit_type


def _actor(kiosk: Kiosk) -> Actor:
    return Actor("kiosk", kiosk.id)
