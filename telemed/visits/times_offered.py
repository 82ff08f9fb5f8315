"""Moving a visit by SMS: three other times are offered, and a number takes one of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from scheduling import booking
from scheduling.booking import Appointment
from scheduling.calendar import Slot
from scheduling.errors import PastWindow, SchedulingError
from scheduling.events import Actor
from scheduling.other_times import LOOKED_AT, other_times
from telemed.messages import choices
from telemed.messages.calling import add_line, site_of
from telemed.messages.choices import MOST, TIMES, Option
from telemed.messages.inbound import reply_to, was_told
from telemed.messages.replies import Meaning
from telemed.unit import Unit

FIRST, AGAIN = TIMES
# Nobody reads, chooses and arrives sooner.
_TO_READ_AND_COME = timedelta(hours=2)
NO_TIMES = "move"
"""Why a person must call: no time could be offered, or none that was offered could be had."""


def offer(
    unit: Unit, row: Row[Any], appointment_id: UUID, inbound_id: UUID | None, kind: str = FIRST
) -> None:
    """Offer the patient who answered this message other times with the same doctor, or let a person call."""
    appointment = unit.book.appointment(appointment_id)
    if appointment.status != "booked":
        return
    notice = booking.notice(unit.book.visit_type(appointment.visit_type_id))
    if unit.now > appointment.starts_at - notice:
        tell_once(unit, row, "too_late", appointment)
        return
    slots = _free(unit, appointment)
    # Once for each version, and once more when a time was gone: then somebody should talk with the patient.
    if not slots or was_told(unit.connection, [kind], appointment):
        person(unit, row, NO_TIMES, inbound_id)
        tell_once(unit, row, "we_call", appointment)
        return
    made = reply_to(unit.connection, row, kind, unit.now, appointment)
    options = [Option(appointment.id, Meaning.MOVE.value, slot.starts_at, slot) for slot in slots]
    choices.give(unit.connection, made, options)


def take(unit: Unit, row: Row[Any], option: Option, inbound_id: UUID | None) -> None:
    """Move the visit to the chosen time, by the rules that bind every patient."""
    appointment = unit.book.appointment(option.appointment_id)
    if appointment.status != "booked" or appointment.starts_at != row.starts_at or option.slot is None:
        # Somebody has moved or cancelled it since, and the patient was told so.
        return
    who = Actor("patient", appointment.patient_id)
    moving = (appointment.id, appointment.version, option.slot, unit.now, who, "sms")
    try:
        with unit.connection.begin_nested():
            unit.book.move(*moving, by_patient=True)
    except PastWindow:
        tell_once(unit, row, "too_late", appointment)
    except SchedulingError:
        _gone(unit, row, appointment, inbound_id)


def keep(unit: Unit, row: Row[Any], appointment_id: UUID) -> None:
    """Say that everything stays as it was."""
    appointment = unit.book.appointment(appointment_id)
    if appointment.status == "booked":
        tell_once(unit, row, "kept", appointment)


def person(unit: Unit, row: Row[Any], reason: str, inbound_id: UUID | None, needed: bool = True) -> None:
    """Put what was written on the list of calls of the counter that the message was for."""
    site_id = site_of(row, unit.book)
    add_line(unit.connection, row, reason, unit.now, site_id, inbound_id=inbound_id, needed=needed)


def tell_once(unit: Unit, row: Row[Any], kind: str, appointment: Appointment) -> None:
    """Answer whoever answered this message, once for each version of the visit."""
    if not was_told(unit.connection, [kind], appointment):
        reply_to(unit.connection, row, kind, unit.now, appointment)


def _gone(unit: Unit, row: Row[Any], appointment: Appointment, inbound_id: UUID | None) -> None:
    if row.kind == FIRST:
        offer(unit, row, appointment.id, inbound_id, AGAIN)
        return
    person(unit, row, NO_TIMES, inbound_id)
    tell_once(unit, row, "we_call", appointment)


def _free(unit: Unit, appointment: Appointment) -> tuple[Slot, ...]:
    """The other times that a patient may have with the same doctor, for the same, at the same place."""
    visit_type = unit.book.visit_type(appointment.visit_type_id)
    earliest = unit.now + max(visit_type.lead, _TO_READ_AND_COME)
    first = max(earliest, appointment.starts_at - LOOKED_AT)
    days = (appointment.starts_at + LOOKED_AT - first).days + 1
    free = unit.book.free_slots(
        appointment.site_id,
        None,
        visit_type.id,
        first.date(),
        days,
        unit.now,
        practitioner_id=appointment.practitioner_id,
    )
    zone = unit.book.site(appointment.site_id).time_zone
    possible = [slot for slot in free if slot.starts_at >= earliest]
    return other_times(possible, appointment.starts_at, zone, MOST)
