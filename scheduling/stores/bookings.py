"""Books free slots for one taker only, and keeps the appointments."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduling import booking, tables
from scheduling.booking import Appointment, Request
from scheduling.calendar import Slot
from scheduling.errors import KeyReused, StaleVersion
from scheduling.events import Actor, Event
from scheduling.stores.allocations import AllocationStore, refused, taken_rows
from scheduling.stores.booking_facts import read_facts
from scheduling.stores.ledger import columns_of, event_row, found

_COLUMNS = columns_of(Appointment, tables.appointment)
_NEVER_CHANGE = ("id", "version", "patient_id", "visit_type_id", "channel")


class BookingStore(AllocationStore):
    """The part of the book that promises times."""

    def book(self, request: Request, now: datetime, who: Actor) -> Appointment:
        """Take practitioner and kiosk together; the same request under its key gives the same appointment.

        A hold on just this slot becomes the appointment. Raises what is under PatientMustChoose, NotOffered,
        KeyReused or Forbidden, and then has changed nothing.
        """
        slot, (practitioner, site) = request.slot, self._lock(request.slot)
        known = practitioner.visit_types.get(request.visit_type_id)
        buffer = known.buffer if known else timedelta(0)
        facts = read_facts(
            self._connection, slot, request.visit_type_id, buffer, now, request.patient_id, request.key
        )
        if facts.of("key"):
            # First of all: what is booked stays booked, though hours and offers may have changed since.
            return self._same(request)
        visit_type, facility_id = self._placed_in((practitioner, site), slot, request.visit_type_id)
        becomes = facts.held_by(request.hold_id) and self._held_for(request, now)
        held = request.hold_id if becomes else None
        made, event = booking.book(request, facility_id, visit_type, facts.nth(), now, who, held)
        if request.hold_id is not None and held is None:
            self.release(request.hold_id, now)
        self._clear(facts, *facts.holds & {request.hold_id})
        if held is not None:
            self._keep(held, facts)
        row = {**_row(made), "booking_key": request.key, "request_hash": request.request_hash}
        self._insert_at(
            facts,
            (tables.appointment, [row]),
            (tables.allocation, [] if held else taken_rows(made.id, facts.needed)),
            (tables.event, [event_row(event)]),
        )
        self.events.append(event)
        self._written[made.id] = made
        return made

    def booked_under(self, key: UUID, request_hash: str | None) -> Appointment | None:
        """What an earlier request booked under this key; KeyReused when it was another request."""
        columns = tables.appointment.c
        kept = self._connection.execute(
            select(columns.request_hash).where(columns.booking_key == key)
        ).first()
        if kept is None:
            return None
        if kept.request_hash != request_hash:
            raise KeyReused("this key was used for another request")
        return self._appointments(columns.booking_key == key)[0]

    def move(
        self,
        appointment_id: UUID,
        version: int,
        slot: Slot,
        now: datetime,
        who: Actor,
        why: str = "",
        *,
        by_patient: bool = False,
    ) -> Appointment:
        """Give an appointment another slot, old and new in one step: it is never without one."""
        current = self._at_version(appointment_id, version)
        visit_type, facility_id = self._lock_and_place(slot, current.visit_type_id)
        facts = read_facts(self._connection, slot, visit_type.id, visit_type.buffer, now)
        moved, event = booking.move(
            current, slot, facility_id, visit_type, now, who, why, by_patient=by_patient
        )
        self._clear(facts, current.id)
        self._write(moved)
        self._take_instead(moved.id, facts)
        self._record(event)
        self.given_back.append(current)
        return moved

    def undo(
        self, appointment_id: UUID, version: int, now: datetime, who: Actor, why: str = ""
    ) -> Appointment:
        """Book again what was cancelled, marked as missed or as arrived by mistake, if its time is free."""
        current = self._at_version(appointment_id, version)
        again, event = booking.undo(current, now, who, why)
        if current.status == "arrived":
            self._write(again)
        else:
            slot = current.slot
            visit_type, _ = self._lock_and_place(slot, current.visit_type_id)
            facts = read_facts(
                self._connection, slot, visit_type.id, visit_type.buffer, now, current.patient_id
            )
            again = replace(again, nth=facts.nth())
            self._clear(facts)
            self._write(again)
            self._take_instead(again.id, facts)
        self._record(event)
        return again

    def change(self, appointment: Appointment, event: Event) -> None:
        """Store the next version of an appointment; StaleVersion when somebody else stored one first."""
        self._write(appointment)
        if appointment.status not in booking.OPEN:
            self._connection.execute(
                update(tables.allocation)
                .where(tables.allocation.c.booking == appointment.id)
                .values(active=False)
            )
        if appointment.status == "cancelled":
            self.given_back.append(appointment)
        self._record(event)

    def allow_more(
        self, patient_id: UUID, visit_type_id: str, more: int, practitioner_id: UUID, now: datetime
    ) -> None:
        """A clinician lets a patient have this many more open visits of a type than the usual one."""
        columns = tables.allowance.c
        of_it = (columns.patient_id == patient_id, columns.visit_type_id == visit_type_id)
        granted = {"more": more, "granted_by": practitioner_id, "granted_at": now}
        written = self._connection.execute(update(tables.allowance).where(*of_it).values(granted))
        if written.rowcount == 0:
            row = {"patient_id": patient_id, "visit_type_id": visit_type_id, **granted}
            self._connection.execute(insert(tables.allowance).values(row))

    def allowed_more(self, patient_id: UUID, visit_type_id: str) -> int:
        """How many open visits of a type more than one this patient may have."""
        columns = tables.allowance.c
        query = select(columns.more).where(
            columns.patient_id == patient_id, columns.visit_type_id == visit_type_id
        )
        return self._connection.scalar(query) or 0

    def appointment(self, appointment_id: UUID) -> Appointment:
        """The appointment with this id."""
        written: Appointment | None = self._written.get(appointment_id)
        if written is not None:
            self._seen(written.patient_id, "appointment")
            return written
        return found(
            next(iter(self._appointments(tables.appointment.c.id == appointment_id)), None), "appointment"
        )

    def appointments(self, appointment_ids: Collection[UUID]) -> list[Appointment]:
        """The appointments with these ids, by start, in one question."""
        if not appointment_ids:
            return []
        return self._appointments(tables.appointment.c.id.in_(sorted(set(appointment_ids))))

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

    def _same(self, request: Request) -> Appointment:
        earlier = found(self.booked_under(request.key, request.request_hash), "appointment")
        if earlier.patient_id != request.patient_id:
            raise KeyReused("this key was used for another request")
        return earlier

    def _at_version(self, appointment_id: UUID, version: int) -> Appointment:
        current = self.appointment(appointment_id)
        if current.version != version:
            raise StaleVersion("appointment")
        return current

    def _write(self, appointment: Appointment) -> None:
        values = {name: value for name, value in _row(appointment).items() if name not in _NEVER_CHANGE}
        try:
            self._replace(tables.appointment, appointment.id, appointment.version, **values)
            self._written[appointment.id] = appointment
        except IntegrityError as refusal:
            raise refused(refusal, appointment.slot, appointment.visit_type_id) from refusal

    def _appointments(self, *where: ColumnElement[bool]) -> list[Appointment]:
        query = (
            select(*_COLUMNS).where(*where).order_by(tables.appointment.c.starts_at, tables.appointment.c.id)
        )
        appointments = [Appointment(*row) for row in self._connection.execute(query)]
        for owner in {appointment.patient_id for appointment in appointments}:
            self._seen(owner, "appointment")
        return appointments


def _row(appointment: Appointment) -> dict[str, Any]:
    # Not asdict, which copies each value to its depth.
    return {column.name: getattr(appointment, column.name) for column in _COLUMNS}
