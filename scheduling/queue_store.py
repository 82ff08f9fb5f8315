"""Reads and writes the queue of people who wait."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, insert, or_, select

from scheduling import booking, tables, waiting
from scheduling.events import Actor, Event
from scheduling.ledger import Ledger, found
from scheduling.waiting import QueueEntry


class QueueStore(Ledger):
    """The part of the book that knows who is there."""

    def enter_queue(
        self,
        patient_id: UUID,
        facility_id: UUID,
        site_id: UUID,
        kiosk_id: UUID,
        appointment_id: UUID | None,
        emergency: bool,
        now: datetime,
        who: Actor,
    ) -> QueueEntry:
        """The patient begins to wait; asked again, the same entry, raised to an emergency if it is one."""
        columns = tables.queue_entry.c
        already = self._entries(
            columns.patient_id == patient_id,
            columns.facility_id == facility_id,
            columns.appointment_id == appointment_id,
            columns.status.in_(sorted(waiting.OPEN)),
        )
        if already:
            return self._escalated(already[0], emergency, now, who)
        entry, event = waiting.enter(
            patient_id, facility_id, site_id, kiosk_id, appointment_id, emergency, now, who
        )
        self._connection.execute(insert(tables.queue_entry).values(asdict(entry)))
        self._record(event)
        return entry

    def queue(self, facility_id: UUID) -> list[QueueEntry]:
        """Who is there for a facility: those who wait, next first, and then those being seen."""
        columns = tables.queue_entry.c
        entries = self._entries(columns.facility_id == facility_id, columns.status.in_(sorted(waiting.OPEN)))
        return [*waiting.order(entries), *(entry for entry in entries if entry.status == "admitted")]

    def queue_entry(self, entry_id: UUID) -> QueueEntry:
        """The queue entry with this id."""
        return found(next(iter(self._entries(tables.queue_entry.c.id == entry_id)), None), "queue entry")

    def change_entry(self, entry: QueueEntry, event: Event) -> None:
        """Store the next version of an entry; StaleVersion when somebody else stored one first."""
        self._replace(
            tables.queue_entry,
            entry.id,
            entry.version,
            status=entry.status,
            practitioner_id=entry.practitioner_id,
            emergency=entry.emergency,
        )
        self._record(event)

    def active_relation(self, patient_id: UUID, facility_id: UUID) -> bool:
        """Whether the patient has an appointment still to come or under way, or waits, at the facility."""
        relations = [
            exists().where(
                table.c.patient_id == patient_id,
                table.c.facility_id == facility_id,
                table.c.status.in_(sorted(statuses)),
            )
            for table, statuses in (
                (tables.appointment, booking.OPEN),
                (tables.queue_entry, waiting.OPEN),
            )
        ]
        return bool(self._connection.scalar(select(or_(*relations))))

    def change_mark(self, facility_id: UUID, day_start: datetime, day_end: datetime) -> str:
        """A text that changes when the facility's queue or its appointments of that day do."""
        entry, appointment = tables.queue_entry.c, tables.appointment.c
        there = select(entry.id, entry.version).where(
            entry.facility_id == facility_id, entry.status.in_(sorted(waiting.OPEN))
        )
        promised = select(func.count(), func.coalesce(func.sum(appointment.version), 0)).where(
            appointment.facility_id == facility_id,
            appointment.starts_at >= day_start,
            appointment.starts_at < day_end,
        )
        queue = ",".join(
            f"{row.id}.{row.version}" for row in self._connection.execute(there.order_by(entry.id))
        )
        return f"{queue}/{'.'.join(str(number) for number in self._connection.execute(promised).one())}"

    def _escalated(self, entry: QueueEntry, emergency: bool, now: datetime, who: Actor) -> QueueEntry:
        if entry.emergency or not emergency:
            return entry
        entry, event = waiting.escalate(entry, now, who)
        self.change_entry(entry, event)
        return entry

    def _entries(self, *where: ColumnElement[bool]) -> list[QueueEntry]:
        columns = tables.queue_entry.c
        query = select(tables.queue_entry).where(*where).order_by(columns.entered_at, columns.id)
        entries = [QueueEntry(*row) for row in self._connection.execute(query)]
        for owner in {entry.patient_id for entry in entries}:
            self._seen(owner, "queue entry")
        return entries
