"""Books, moves and cancels for another system; every refusal names the element that asked for too much."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from uuid import UUID, uuid5

from scheduling import booking
from scheduling.booking import Appointment, Request
from scheduling.calendar import Slot, Span
from scheduling.errors import NotFound, SlotTaken, StaleVersion
from scheduling.events import Actor
from scheduling.store import Book
from scheduling.visit_types import VisitType
from telemed.countries.pack import Country
from telemed.fhir.appointments import Asked
from telemed.fhir.claims import Claim, Identifier
from telemed.fhir.reading import Malformed
from telemed.unit import Unit
from telemed.visits.directory import Directory, Place
from telemed.visits.exchange_patients import patient_of
from telemed.visits.lines import channel_for

_Part = TypeVar("_Part")

HORIZON = timedelta(days=366)

_ALTERNATIVES = 3
_MINUTE = timedelta(minutes=1)
_NEW = ("proposed", "pending", "booked")


@dataclass(frozen=True)
class Ticket:
    """One request to book: its key, what it is a digest of, and whether it was named by the asker."""

    key: UUID
    request_hash: str | None

    @property
    def named(self) -> bool:
        """Whether the same request may come again."""
        return self.request_hash is not None


@dataclass(frozen=True)
class Desk:
    """What an exchange works with besides the unit: the directory and the country's rules."""

    directory: Directory
    country: Country


class Full(SlotTaken):
    """The kiosk that was chosen here is taken, though maybe not every kiosk of the site: look again."""


def book(unit: Unit, desk: Desk, asked: Asked, ticket: Ticket) -> Appointment:
    """Book what is asked for; SlotTaken carries the slot from which alternatives are looked for."""
    if asked.status not in _NEW:
        raise Malformed("Appointment.status", "a new appointment is booked", "business-rule")
    practitioner_id = _needed(asked.practitioner_id, "participant", "name a Practitioner or a slot")
    starts_at = _needed(asked.starts_at, "start", "name start and end, or a slot")
    code = _needed(asked.type_code, "serviceType", "name a visit type or a slot")
    location_id = _needed(asked.location_id, "participant", "name a Location")
    if asked.patient is None:
        raise Malformed("Appointment.participant", "name a Patient", "required")
    _own(unit, desk, practitioner_id)
    visit_type = desk.directory.visit_type(unit.book, code, unit.real_now)
    place = _place(unit, desk, asked, location_id)
    slot, others = _slot(unit, practitioner_id, visit_type, place, starts_at)
    _fits(asked, slot)
    zone = desk.directory.zone(unit.book, slot.site_id)
    request = Request(
        patient_id=patient_of(unit, desk.country, asked.patient, ticket.key if ticket.named else None),
        slot=slot,
        visit_type_id=visit_type.id,
        channel=channel_for(unit, slot, visit_type.channels, zone, asked.channel),
        key=ticket.key,
        request_hash=ticket.request_hash,
        by_patient=True,
    )
    try:
        made = unit.book.book(request, unit.now, actor(unit))
    except SlotTaken as refusal:
        raise _refused(unit, slot, visit_type.id, others) from refusal
    _require_own(unit, made)
    return made


def earlier(unit: Unit, ticket: Ticket) -> Appointment | None:
    """What this request booked when it came before, whatever has changed since; KeyReused for another one."""
    made = unit.book.booked_under(ticket.key, ticket.request_hash) if ticket.named else None
    if made is not None:
        _require_own(unit, made)
    return made


def change(unit: Unit, desk: Desk, current: Appointment, version: int, asked: Asked) -> Appointment:
    """Cancel or move an appointment that was read before; what asks for nothing new changes nothing.

    A system acts for the patient, who needs the notice that the visit type asks for; PastWindow without it.
    """
    if current.version != version:
        raise StaleVersion("appointment")
    if isinstance(asked.patient, UUID | Claim | Identifier):
        raise Malformed("Appointment.participant", "the patient stays the same", "business-rule")
    if asked.status == current.status == "cancelled":
        return current
    if asked.status == "cancelled":
        return _cancel(unit, current, asked)
    if asked.status not in ("booked", current.status):
        raise Malformed(
            "Appointment.status", "cancelled, or booked at another time, can be asked for", "business-rule"
        )
    return _move(unit, desk, current, version, asked)


def alternatives(
    book: Book, desk: Desk, refusal: SlotTaken, facility_id: UUID | None, now: datetime
) -> list[Slot]:
    """The nearest free slots, with the asking facility's practitioners."""
    found = book.alternatives(refusal.slot, refusal.visit_type_id, now, _ALTERNATIVES, facility_id)
    # A duty for the asking facility is not enough where somebody else's practitioner does it.
    return [
        each
        for each in found
        if facility_id in (None, desk.directory.facility_of(book, each.practitioner_id))
    ]


def appointment(unit: Unit, appointment_id: UUID) -> Appointment:
    """An appointment with the asking facility; any other does not exist for it."""
    found = unit.book.appointment(appointment_id)
    _require_own(unit, found)
    return found


def actor(unit: Unit) -> Actor:
    """Who changes something: the system that asks."""
    return Actor("client", client_uuid(unit.reader.id))


@lru_cache(maxsize=256)
def client_uuid(client_id: str) -> UUID:
    """A client's id as events carry it."""
    try:
        return UUID(client_id)
    except ValueError:
        return uuid5(_CLIENTS, client_id)


_CLIENTS = UUID("7c0e8f57-9a5e-4a36-8f0a-9b1c2d3e4f50")


def _cancel(unit: Unit, current: Appointment, asked: Asked) -> Appointment:
    # Only a facility's own system can know that it is the practitioner who cannot come.
    by_staff = asked.by_provider and unit.reader.facility_id is not None
    needed = timedelta(0) if by_staff else booking.notice(unit.book.visit_type(current.visit_type_id))
    cancelled, event = booking.cancel(current, unit.now, actor(unit), asked.reason, needed=needed)
    unit.book.change(cancelled, event)
    return cancelled


def _move(unit: Unit, desk: Desk, current: Appointment, version: int, asked: Asked) -> Appointment:
    if asked.type_code is not None:
        wanted = desk.directory.visit_type(unit.book, asked.type_code, unit.real_now)
        if wanted.id != current.visit_type_id:
            raise Malformed("Appointment.serviceType", "the visit type stays the same", "business-rule")
    if asked.channel not in (None, current.channel):
        raise Malformed("Appointment.extension", "the channel stays the same", "business-rule")
    if asked.starts_at is None and asked.practitioner_id is None and asked.location_id is None:
        return current
    practitioner_id = asked.practitioner_id or current.practitioner_id
    _own(unit, desk, practitioner_id)
    visit_type = unit.book.visit_type(current.visit_type_id)
    place = (
        _place(unit, desk, asked, asked.location_id)
        if asked.location_id
        else desk.directory.place(unit.book, current.site_id)
    )
    starts_at = asked.starts_at or current.starts_at
    slot, others = _slot(unit, practitioner_id, visit_type, place, starts_at)
    _fits(asked, slot)
    try:
        moved = unit.book.move(
            current.id, version, slot, unit.now, actor(unit), asked.reason, by_patient=True
        )
    except SlotTaken as refusal:
        raise _refused(unit, slot, visit_type.id, others) from refusal
    _require_own(unit, moved)
    return moved


def _slot(
    unit: Unit, practitioner_id: UUID, visit_type: VisitType, place: Place, starts_at: datetime
) -> tuple[Slot, bool]:
    """The slot that is meant, with a kiosk; and whether another kiosk of the site would do as well."""
    ends_at = starts_at + visit_type.length
    if starts_at > unit.now + HORIZON:
        raise Malformed("Appointment.start", "nothing is planned that far ahead", "business-rule")
    if not visit_type.needs_kiosk or place.kiosk_id is not None:
        kiosk_id = place.kiosk_id if visit_type.needs_kiosk else None
        return Slot(practitioner_id, kiosk_id, place.site_id, starts_at, ends_at), False
    only = unit.book.only_kiosk(place.site_id)
    if only is not None:
        # As far as memory knows; booking looks again under its lock, and so does whoever it refuses.
        return Slot(practitioner_id, only, place.site_id, starts_at, ends_at), True
    window = Span(starts_at, starts_at + _MINUTE)
    for slot, free in unit.book.practitioner_slots(
        practitioner_id, visit_type.id, window, unit.now, place.site_id
    ):
        if slot.starts_at == starts_at:
            return slot, free
    # Nothing begins then: with any kiosk of the site, booking says exactly why.
    kiosks = unit.book.kiosks(place.site_id)
    if not kiosks:
        raise NotFound("kiosk at this site")
    return Slot(practitioner_id, kiosks[0].id, place.site_id, starts_at, ends_at), False


def _refused(unit: Unit, slot: Slot, visit_type_id: str, others: bool) -> SlotTaken:
    """Taken for good, or only with this kiosk; the calendar in memory is the right one now."""
    if others and unit.book.only_kiosk(slot.site_id) != slot.kiosk_id:
        return Full(slot, visit_type_id)
    return SlotTaken(slot, visit_type_id)


def _place(unit: Unit, desk: Desk, asked: Asked, location_id: UUID) -> Place:
    place = desk.directory.place(unit.book, location_id)
    if asked.site_id not in (None, place.site_id):
        raise Malformed("Appointment.participant", "the Location does not agree with the slot", "invariant")
    return place


def _fits(asked: Asked, slot: Slot) -> None:
    if asked.ends_at not in (None, slot.ends_at):
        minutes = int((slot.ends_at - slot.starts_at).total_seconds()) // 60
        raise Malformed("Appointment.end", f"a visit of this type lasts {minutes} minutes", "business-rule")


def _own(unit: Unit, desk: Desk, practitioner_id: UUID) -> None:
    facility_id = unit.reader.facility_id
    if facility_id is not None and desk.directory.facility_of(unit.book, practitioner_id) != facility_id:
        raise NotFound("practitioner")


def _require_own(unit: Unit, found: Appointment) -> None:
    if unit.reader.facility_id not in (None, found.facility_id):
        raise NotFound("appointment")


def _needed(value: _Part | None, name: str, reason: str) -> _Part:
    if value is None:
        raise Malformed(f"Appointment.{name}", reason, "required")
    return value
