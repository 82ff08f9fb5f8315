"""Finds free slots, books them for one taker only, and keeps the appointments."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduling import booking, tables
from scheduling.booking import Appointment
from scheduling.calendar import Slot, Span, nearest
from scheduling.calendar_store import CalendarStore
from scheduling.errors import SlotTaken, WrongState
from scheduling.events import Actor, Event
from scheduling.ledger import columns_of, found
from scheduling.placing import offered, placing
from scheduling.visit_types import CONSULTATION

_ALTERNATIVES = 3
_DAY = timedelta(days=1)
_COLUMNS = columns_of(Appointment, tables.appointment)


class BookingStore(CalendarStore):
    """The part of the book that promises times."""

    def book(
        self, patient_id: UUID, slot: Slot, channel: str, now: datetime, who: Actor, booking_key: UUID
    ) -> Appointment:
        """Take practitioner and kiosk together; the same key again gives the same appointment.

        Raises SlotTaken (with alternatives), OutsideHours or TooLate, and then has changed nothing.
        """
        practitioner, site = self._lock_calendars(slot.practitioner_id, slot.kiosk_id, slot.site_id)
        earlier = self._booked_with(booking_key, patient_id)
        if earlier is not None:
            return earlier
        facility_id = placing(slot, offered(practitioner, CONSULTATION), practitioner, site)
        made, event = booking.book(patient_id, facility_id, slot, channel, now, who)
        span = Span(slot.starts_at, slot.ends_at)
        taken = self._taken({slot.practitioner_id, slot.kiosk_id}, span, now).values()
        if any(span.overlaps(other) for spans in taken for other in spans):
            raise SlotTaken(self._alternatives(slot, now))
        try:
            self._allocate(made, booking_key)
        except IntegrityError as refusal:
            if _says_taken(refusal):
                raise SlotTaken(()) from refusal
            raise
        self._record(event)
        return made

    def appointment(self, appointment_id: UUID) -> Appointment:
        """The appointment with this id."""
        return found(
            next(iter(self._appointments(tables.appointment.c.id == appointment_id)), None), "appointment"
        )

    def appointments_on(
        self,
        day_start: datetime,
        day_end: datetime,
        *,
        practitioner_id: UUID | None = None,
        site_id: UUID | None = None,
        facility_id: UUID | None = None,
    ) -> list[Appointment]:
        """The appointments, in any state, that start from one instant up to another, by start."""
        columns = tables.appointment.c
        wanted = {"practitioner_id": practitioner_id, "site_id": site_id, "facility_id": facility_id}
        where = [columns[name] == value for name, value in wanted.items() if value is not None]
        return self._appointments(columns.starts_at >= day_start, columns.starts_at < day_end, *where)

    def appointments_of(self, patient_id: UUID) -> list[Appointment]:
        """Every appointment of one patient, by start."""
        return self._appointments(tables.appointment.c.patient_id == patient_id)

    def change(self, appointment: Appointment, event: Event) -> None:
        """Store the next version of an appointment; StaleVersion when somebody else stored one first."""
        self._replace(
            tables.appointment,
            appointment.id,
            appointment.version,
            status=appointment.status,
            confirmed_at=appointment.confirmed_at,
        )
        if appointment.status not in booking.OPEN:
            self._connection.execute(
                update(tables.allocation)
                .where(tables.allocation.c.booking == appointment.id)
                .values(active=False)
            )
        self._record(event)

    def _booked_with(self, booking_key: UUID, patient_id: UUID) -> Appointment | None:
        earlier = self._appointments(tables.appointment.c.booking_key == booking_key)
        if earlier and earlier[0].patient_id != patient_id:
            raise WrongState("this booking key belongs to another patient")
        return earlier[0] if earlier else None

    def _allocate(self, made: Appointment, booking_key: UUID) -> None:
        self._connection.execute(
            insert(tables.appointment).values({**asdict(made), "booking_key": booking_key})
        )
        taken = {"booking": made.id, "starts_at": made.starts_at, "ends_at": made.ends_at, "active": True}
        rows = [{**taken, "resource": resource} for resource in (made.practitioner_id, made.kiosk_id)]
        self._connection.execute(insert(tables.allocation).values(rows))

    def _alternatives(self, slot: Slot, now: datetime) -> tuple[Slot, ...]:
        zone = ZoneInfo(self.site(slot.site_id).time_zone)
        day = slot.starts_at.astimezone(zone).date()
        slots = self.free_slots(slot.site_id, None, CONSULTATION, day, 7, now)
        return nearest(slots, slot.starts_at, _ALTERNATIVES)

    def _appointments(self, *where: ColumnElement[bool]) -> list[Appointment]:
        query = (
            select(*_COLUMNS).where(*where).order_by(tables.appointment.c.starts_at, tables.appointment.c.id)
        )
        appointments = [Appointment(*row) for row in self._connection.execute(query)]
        for owner in {appointment.patient_id for appointment in appointments}:
            self._seen(owner, "appointment")
        return appointments


def _says_taken(refusal: IntegrityError) -> bool:
    return any(name in str(refusal.orig) for name in ("allocation_no_overlap", "booking_key"))
