"""Finds free slots, books them for one taker only, and keeps the appointments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduling import booking, tables
from scheduling.booking import Appointment
from scheduling.calendar import Slot, Span, free_slots, nearest, shift_covering
from scheduling.errors import NotFound, OutsideHours, SlotTaken, WrongState
from scheduling.events import Actor, Event
from scheduling.ledger import columns_of, found
from scheduling.place_store import PlaceStore

LONGEST_SEARCH = 62
"""How many days one search for free slots may cover."""

_ALTERNATIVES = 3
_DAY = timedelta(days=1)
_COLUMNS = columns_of(Appointment, tables.appointment)


class BookingStore(PlaceStore):
    """The part of the book that promises times."""

    def free_slots(
        self,
        site_id: UUID,
        facility_id: UUID | None,
        day_from: date,
        days: int,
        length: timedelta,
        now: datetime,
    ) -> list[Slot]:
        """The free slots at a site on its local days, with one facility's practitioners or everybody's."""
        if not 0 < days <= LONGEST_SEARCH:
            raise ValueError(f"a search covers 1 to {LONGEST_SEARCH} days, not {days}")
        site = self.site(site_id)
        kiosks = self.kiosks(site_id)
        shifts = self.shifts(facility_id=facility_id)
        resources = [kiosk.id for kiosk in kiosks] + [shift.practitioner_id for shift in shifts]
        midnight = datetime.combine(day_from, datetime.min.time(), ZoneInfo(site.time_zone))
        busy = self._busy(set(resources), Span(midnight - _DAY, midnight + (days + 1) * _DAY))
        return free_slots(site, kiosks, shifts, self.time_zones(), busy, day_from, days, length, now)

    def book(
        self, patient_id: UUID, slot: Slot, channel: str, now: datetime, who: Actor, booking_key: UUID
    ) -> Appointment:
        """Take practitioner and kiosk together; the same key again gives the same appointment.

        Raises SlotTaken (with alternatives), OutsideHours or TooLate, and then has changed nothing.
        """
        self._lock(slot.practitioner_id, slot.kiosk_id)
        earlier = self._booked_with(booking_key, patient_id)
        if earlier is not None:
            return earlier
        facility_id = self._facility_for(slot)
        made, event = booking.book(patient_id, facility_id, slot, channel, now, who)
        span = Span(slot.starts_at, slot.ends_at)
        if self._busy({slot.practitioner_id, slot.kiosk_id}, span):
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

    def _lock(self, *resource_ids: UUID) -> None:
        columns = tables.resource.c
        rows = self._connection.execute(
            select(columns.id).where(columns.id.in_(resource_ids)).order_by(columns.id).with_for_update()
        ).all()
        if len(rows) != len(set(resource_ids)):
            raise NotFound("practitioner or kiosk")

    def _booked_with(self, booking_key: UUID, patient_id: UUID) -> Appointment | None:
        earlier = self._appointments(tables.appointment.c.booking_key == booking_key)
        if earlier and earlier[0].patient_id != patient_id:
            raise WrongState("this booking key belongs to another patient")
        return earlier[0] if earlier else None

    def _facility_for(self, slot: Slot) -> UUID:
        if self.kiosk(slot.kiosk_id).site_id != slot.site_id:
            raise NotFound("kiosk at this site")
        shifts = self.shifts(practitioner_id=slot.practitioner_id)
        span = Span(slot.starts_at, slot.ends_at)
        shift = shift_covering(span, self.site(slot.site_id), shifts, self.time_zones())
        if shift is None:
            raise OutsideHours("the site is closed or the practitioner does not work then")
        return shift.facility_id

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
        slots = self.free_slots(slot.site_id, None, day, 7, slot.ends_at - slot.starts_at, now)
        return nearest(slots, slot.starts_at, _ALTERNATIVES)

    def _busy(self, resource_ids: Iterable[UUID], window: Span) -> dict[UUID, Sequence[Span]]:
        columns = tables.allocation.c
        query = select(columns.resource, columns.starts_at, columns.ends_at).where(
            columns.active,
            columns.resource.in_(sorted(resource_ids)),
            columns.starts_at < window.ends_at,
            columns.ends_at > window.starts_at,
        )
        busy: dict[UUID, list[Span]] = defaultdict(list)
        for resource_id, starts_at, ends_at in self._connection.execute(query):
            busy[resource_id].append(Span(starts_at, ends_at))
        return dict(busy)

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
