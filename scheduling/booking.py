"""The appointment and the steps it may take."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from scheduling.calendar import Slot
from scheduling.errors import TooLate, WrongState
from scheduling.events import Actor, Event, Kind
from scheduling.ids import uuid7

Status = Literal["booked", "arrived", "fulfilled", "cancelled", "noshow"]

OPEN: frozenset[Status] = frozenset({"booked", "arrived"})
"""The statuses in which practitioner and kiosk are held."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A promise that patient, practitioner and kiosk meet at a time; each change makes a new version."""

    id: UUID
    version: int
    patient_id: UUID
    practitioner_id: UUID
    facility_id: UUID
    site_id: UUID
    kiosk_id: UUID
    starts_at: datetime
    ends_at: datetime
    channel: str
    status: Status
    confirmed_at: datetime | None


Change = tuple[Appointment, Event]


def book(patient_id: UUID, facility_id: UUID, slot: Slot, channel: str, now: datetime, who: Actor) -> Change:
    """The first version of an appointment; whether the slot is free is the store's to know."""
    if slot.starts_at < now:
        raise TooLate("the slot has begun")
    appointment = Appointment(
        id=uuid7(),
        version=1,
        patient_id=patient_id,
        practitioner_id=slot.practitioner_id,
        facility_id=facility_id,
        site_id=slot.site_id,
        kiosk_id=slot.kiosk_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        channel=channel,
        status="booked",
        confirmed_at=None,
    )
    return appointment, _event("appointment.booked", appointment, now, who, "")


def confirm(appointment: Appointment, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient says they will come; once, and before the start."""
    _require(appointment, "booked")
    if appointment.confirmed_at is not None:
        raise WrongState("the appointment is already confirmed")
    _require_before(appointment.starts_at, now)
    return _step(appointment, "appointment.confirmed", now, who, why, confirmed_at=now)


def cancel(appointment: Appointment, now: datetime, who: Actor, why: str = "") -> Change:
    """The appointment is off: before its start, or also later when the patient is already there."""
    _require(appointment, "booked", "arrived")
    if appointment.status == "booked":
        _require_before(appointment.starts_at, now)
    return _step(appointment, "appointment.cancelled", now, who, why, status="cancelled")


def arrive(appointment: Appointment, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient is there, at the latest before the appointment would have ended."""
    _require(appointment, "booked")
    _require_before(appointment.ends_at, now)
    return _step(appointment, "appointment.arrived", now, who, why, status="arrived")


def fulfil(appointment: Appointment, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient was seen."""
    _require(appointment, "arrived")
    return _step(appointment, "appointment.fulfilled", now, who, why, status="fulfilled")


def no_show(appointment: Appointment, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient did not come; nobody can know before the start."""
    _require(appointment, "booked")
    if now < appointment.starts_at:
        raise WrongState("the appointment has not begun")
    return _step(appointment, "appointment.noshow", now, who, why, status="noshow")


def _require(appointment: Appointment, *statuses: Status) -> None:
    if appointment.status not in statuses:
        raise WrongState(f"the appointment is {appointment.status}")


def _require_before(moment: datetime, now: datetime) -> None:
    if now >= moment:
        raise TooLate("the appointment's time has passed")


def _step(
    appointment: Appointment,
    kind: Kind,
    now: datetime,
    who: Actor,
    why: str,
    *,
    status: Status | None = None,
    confirmed_at: datetime | None = None,
) -> Change:
    changed = replace(
        appointment,
        version=appointment.version + 1,
        status=status or appointment.status,
        confirmed_at=confirmed_at or appointment.confirmed_at,
    )
    return changed, _event(kind, changed, now, who, why)


def _event(kind: Kind, appointment: Appointment, now: datetime, who: Actor, why: str) -> Event:
    return Event(uuid7(), now, kind, appointment.id, appointment.version, who, why)
