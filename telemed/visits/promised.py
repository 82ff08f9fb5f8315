"""What staff do with a promised visit: missed, cancelled, moved, undone, or one more allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling import booking
from scheduling.booking import Appointment
from scheduling.calendar import Slot, nearest
from scheduling.errors import NotFound, StaleVersion, WrongState
from scheduling.events import Actor
from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from scheduling.visit_types import VisitType
from telemed.unit import Unit

Step = Literal["no_show", "cancel", "undo"]
DAYS_SHOWN = 14
TIMES_SHOWN = 12
_BY_HAND = "at the clinic"


@dataclass(frozen=True)
class Sheet:
    """One appointment with everybody it concerns, and what can be done with it now."""

    appointment: Appointment
    patient: Patient
    practitioner: Practitioner
    site: Site
    visit_type: VisitType
    more: int
    gets_sms: bool
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """A free time an appointment can be moved to; ``key`` is what the form sends."""

    key: str
    slot: Slot
    practitioner: Practitioner


def sheet(unit: Unit, appointment_id: UUID) -> Sheet:
    """An appointment of the reader's own facility; any other does not exist for them."""
    appointment = unit.book.appointment(appointment_id)
    if appointment.facility_id != unit.reader.facility_id:
        raise NotFound("appointment")
    patient = unit.book.patient(appointment.patient_id)
    return Sheet(
        appointment,
        patient,
        unit.book.practitioner(appointment.practitioner_id),
        unit.book.site(appointment.site_id),
        unit.book.visit_type(appointment.visit_type_id),
        unit.book.allowed_more(appointment.patient_id, appointment.visit_type_id),
        patient.phone is not None and unit.records.consents.allows(patient.id, "sms"),
        tuple(_steps(unit, appointment)),
    )


def offers(unit: Unit, promised: Sheet) -> list[Offer]:
    """The free times of the next two weeks nearest to it, at the same place, with the same doctor if free."""
    appointment, today = promised.appointment, unit.now.astimezone(ZoneInfo(promised.site.time_zone)).date()
    slots = unit.book.free_slots(
        appointment.site_id,
        appointment.facility_id,
        appointment.visit_type_id,
        today,
        DAYS_SHOWN,
        unit.now,
    )
    by_time: dict[datetime, Slot] = {}
    for slot in slots:
        if slot.starts_at not in by_time or slot.practitioner_id == appointment.practitioner_id:
            by_time[slot.starts_at] = slot
    near = nearest(list(by_time.values()), appointment.starts_at, TIMES_SHOWN)
    people = {each: unit.book.practitioner(each) for each in {slot.practitioner_id for slot in near}}
    return [Offer(key_of(slot), slot, people[slot.practitioner_id]) for slot in near]


def key_of(slot: Slot) -> str:
    """A slot as a form sends it."""
    return f"{slot.practitioner_id}|{slot.kiosk_id or ''}|{slot.starts_at.isoformat()}"


def step(unit: Unit, appointment_id: UUID, version: int, which: Step, who: Actor) -> None:
    """Take one step; StaleVersion when the page showed another version, WrongState when it is past that."""
    promised = sheet(unit, appointment_id)
    current = promised.appointment
    if current.version != version:
        raise StaleVersion("appointment")
    if which not in promised.steps:
        raise WrongState(f"the appointment is {current.status}")
    if which == "undo":
        unit.book.undo(current.id, version, unit.now, who, _BY_HAND)
    elif which == "cancel":
        unit.book.change(*booking.cancel(current, unit.now, who, _BY_HAND))
    else:
        unit.book.change(*booking.no_show(current, unit.now, who, _BY_HAND))


def move(unit: Unit, appointment_id: UUID, version: int, key: str, who: Actor) -> Appointment:
    """Give it one of the times that are free now; NotFound for a key that names none of them."""
    promised = sheet(unit, appointment_id)
    wanted = next((offer.slot for offer in offers(unit, promised) if offer.key == key), None)
    if wanted is None:
        raise NotFound("free time")
    return unit.book.move(appointment_id, version, wanted, unit.now, who, _BY_HAND)


def allow_one_more(unit: Unit, appointment_id: UUID, practitioner_id: UUID) -> None:
    """Let the patient have one open visit of this type more than they may now."""
    promised = sheet(unit, appointment_id)
    patient_id, visit_type_id = promised.patient.id, promised.visit_type.id
    unit.book.allow_more(patient_id, visit_type_id, min(promised.more + 1, 20), practitioner_id, unit.now)


def _steps(unit: Unit, appointment: Appointment) -> Iterable[str]:
    begun = appointment.starts_at <= unit.now
    if appointment.status == "booked":
        yield "no_show" if begun else "cancel"
        if not begun:
            yield "move"
    ended = appointment.ends_at <= unit.now
    # Who has arrived stands in the queue: leaving there, at the kiosk, is how that is taken back.
    if appointment.status in ("cancelled", "noshow") and not ended:
        yield "undo"
