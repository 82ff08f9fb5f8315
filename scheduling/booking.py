"""The appointment and the steps it may take."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from scheduling.calendar import Slot
from scheduling.errors import NotOffered, PastWindow, TooLate, TooSoon, WrongState
from scheduling.events import Actor, Event, Kind
from scheduling.ids import uuid7
from scheduling.visit_types import VisitType

Status = Literal["booked", "arrived", "fulfilled", "cancelled", "noshow"]

OPEN: frozenset[Status] = frozenset({"booked", "arrived"})
"""The statuses in which practitioner and kiosk are held."""

HOLD_LENGTH = timedelta(minutes=10)
"""How long a slot is kept for somebody who has chosen it and has not yet booked."""

_NO_NOTICE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A promise that patient, practitioner and kiosk meet at a time; each change makes a new version.

    Without a kiosk it is a visit by telephone. `nth` tells the patient's open visits of one type apart.
    """

    id: UUID
    version: int
    patient_id: UUID
    practitioner_id: UUID
    facility_id: UUID
    site_id: UUID
    kiosk_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    channel: str
    status: Status
    confirmed_at: datetime | None
    visit_type_id: str = "consultation"
    nth: int | None = 0

    @property
    def slot(self) -> Slot:
        """The time it takes."""
        return Slot(self.practitioner_id, self.kiosk_id, self.site_id, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Hold:
    """A slot kept for somebody for some minutes; booked in time, its appointment has the same id."""

    id: UUID
    slot: Slot
    visit_type_id: str
    expires_at: datetime
    who: Actor


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks to be booked; the same `key` with the same `request_hash` is the same request.

    Lead time binds a request `by_patient`; staff may book the patient in front of them at once.
    """

    patient_id: UUID
    slot: Slot
    visit_type_id: str
    channel: str
    key: UUID
    request_hash: str | None = None
    hold_id: UUID | None = None
    by_patient: bool = False


Change = tuple[Appointment, Event]


def notice(visit_type: VisitType) -> timedelta:
    """How long before the start a patient may still cancel or move a visit of this type alone."""
    return timedelta(minutes=visit_type.cancel_minutes)


def hold(
    slot: Slot, visit_type: VisitType, now: datetime, who: Actor, lasts: timedelta = HOLD_LENGTH
) -> Hold:
    """Keep a slot for a while; whether it is free is the store's to know."""
    _require_future(slot, now)
    _require_fit(slot, visit_type)
    return Hold(uuid7(), slot, visit_type.id, now + lasts, who)


def book(
    request: Request,
    facility_id: UUID,
    visit_type: VisitType,
    nth: int,
    now: datetime,
    who: Actor,
    appointment_id: UUID | None = None,
) -> Change:
    """The first version of an appointment; whether the slot is free is the store's to know."""
    slot = request.slot
    _require_future(slot, now)
    _require_fit(slot, visit_type)
    if request.by_patient:
        _require_lead(slot, visit_type, now)
    if request.channel not in visit_type.channels:
        raise NotOffered(f"no {visit_type.id} by {request.channel}")
    appointment = Appointment(
        id=appointment_id or uuid7(),
        version=1,
        patient_id=request.patient_id,
        practitioner_id=slot.practitioner_id,
        facility_id=facility_id,
        site_id=slot.site_id,
        kiosk_id=slot.kiosk_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        channel=request.channel,
        status="booked",
        confirmed_at=None,
        visit_type_id=visit_type.id,
        nth=nth,
    )
    return appointment, _event("appointment.booked", appointment, now, who, "")


def confirm(appointment: Appointment, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient says they will come; once, and before the start."""
    _require(appointment, "booked")
    if appointment.confirmed_at is not None:
        raise WrongState("the appointment is already confirmed")
    _require_before(appointment.starts_at, now)
    return _step(appointment, "appointment.confirmed", now, who, why, confirmed_at=now)


def cancel(
    appointment: Appointment, now: datetime, who: Actor, why: str = "", *, needed: timedelta = _NO_NOTICE
) -> Change:
    """The appointment is off: before its start, or also later when the patient is already there.

    A patient needs the `notice` that the visit type asks for; staff need none.
    """
    _require(appointment, "booked", "arrived")
    if appointment.status == "booked":
        _require_notice(appointment, needed, now)
    return _step(appointment, "appointment.cancelled", now, who, why, status="cancelled")


def move(
    appointment: Appointment,
    slot: Slot,
    facility_id: UUID,
    visit_type: VisitType,
    now: datetime,
    who: Actor,
    why: str = "",
    *,
    by_patient: bool = False,
) -> Change:
    """Another time, practitioner or place for the same visit, which then has to be confirmed anew."""
    _require(appointment, "booked")
    _require_notice(appointment, notice(visit_type) if by_patient else _NO_NOTICE, now)
    _require_future(slot, now)
    _require_fit(slot, visit_type)
    if by_patient:
        _require_lead(slot, visit_type, now)
    moved = replace(
        appointment,
        practitioner_id=slot.practitioner_id,
        facility_id=facility_id,
        site_id=slot.site_id,
        kiosk_id=slot.kiosk_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )
    return _step(moved, "appointment.moved", now, who, why, confirmed_at=None)


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


def undo(appointment: Appointment, now: datetime, who: Actor, why: str = "") -> Change:
    """Booked again after a step too far; until it would have ended, and only if the time is still free."""
    _require(appointment, "cancelled", "noshow", "arrived")
    _require_before(appointment.ends_at, now)
    return _step(appointment, "appointment.reinstated", now, who, why, status="booked")


def _require(appointment: Appointment, *statuses: Status) -> None:
    if appointment.status not in statuses:
        raise WrongState(f"the appointment is {appointment.status}")


def _require_before(moment: datetime, now: datetime) -> None:
    if now >= moment:
        raise TooLate("the appointment's time has passed")


def _require_notice(appointment: Appointment, notice: timedelta, now: datetime) -> None:
    _require_before(appointment.starts_at, now)
    closed_at = appointment.starts_at - notice
    if notice and now > closed_at:
        raise PastWindow(closed_at)


def _require_future(slot: Slot, now: datetime) -> None:
    if slot.starts_at < now:
        raise TooLate("the slot has begun")


def _require_lead(slot: Slot, visit_type: VisitType, now: datetime) -> None:
    earliest = now + visit_type.lead
    if slot.starts_at < earliest:
        raise TooSoon(earliest)


def _require_fit(slot: Slot, visit_type: VisitType) -> None:
    if slot.ends_at - slot.starts_at != visit_type.length:
        raise NotOffered(f"a {visit_type.id} lasts {visit_type.minutes} minutes")
    if (slot.kiosk_id is not None) != visit_type.needs_kiosk:
        raise NotOffered(f"a {visit_type.id} {'needs a' if visit_type.needs_kiosk else 'takes no'} kiosk")


def _step(
    appointment: Appointment, kind: Kind, now: datetime, who: Actor, why: str, **changes: Any
) -> Change:
    changed = replace(appointment, version=appointment.version + 1, **changes)
    return changed, _event(kind, changed, now, who, why)


def _event(kind: Kind, appointment: Appointment, now: datetime, who: Actor, why: str) -> Event:
    return Event(uuid7(), now, kind, appointment.id, appointment.version, who, why)
