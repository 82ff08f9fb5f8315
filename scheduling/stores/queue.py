"""Reads and writes the queue of people who wait."""

from dataclasses import asdict, fields
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, insert, or_, select

from scheduling import booking, tables, waiting
from scheduling.events import Actor, Event
from scheduling.stores.ledger import Ledger, found
from scheduling.tokens import token
from scheduling.waiting import QueueEntry, Ticket

_TICKET = [tables.queue_entry.c[field.name] for field in fields(Ticket)]
_ENTRY = [tables.queue_entry.c[field.name] for field in fields(QueueEntry)]
LONGEST_WAIT = timedelta(days=2)
"""No place in the queue is older than this when it ends."""


class Expected(NamedTuple):
    """One visit at a site without who comes to it; the token is there once somebody has come."""

    starts_at: datetime
    kiosk_id: UUID | None
    status: str
    token: str


_FOR_GOOD = ("id", "version", "patient_id", "facility_id", "appointment_id", "entered_at", "visit_type_id")


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
        *,
        visit_type_id: str = "consultation",
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
            return self._alarmed(already[0], emergency, now, who)
        starts_at, visit_type_id = self._promised(appointment_id, visit_type_id)
        entry, event = waiting.enter(
            patient_id,
            facility_id,
            site_id,
            kiosk_id,
            appointment_id,
            emergency,
            now,
            who,
            visit_type_id=visit_type_id,
            token=token(self._number(facility_id, now)),
            appointment_at=starts_at,
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

    def tickets(self, *, facility_id: UUID | None = None, site_id: UUID | None = None) -> list[Ticket]:
        """The open places in the queue, of one facility or one site, without the patients: nobody's data."""
        columns = tables.queue_entry.c
        wanted = {columns.facility_id: facility_id, columns.site_id: site_id}
        query = select(*_TICKET).where(
            columns.status.in_(sorted(waiting.OPEN)),
            *(column == value for column, value in wanted.items() if value is not None),
        )
        rows = self._connection.execute(query.order_by(columns.entered_at, columns.id))
        return [Ticket(**row._mapping) for row in rows]

    def expected(self, site_id: UUID, since: datetime, until: datetime) -> list[Expected]:
        """Who is to come to a site's kiosks, by time and token alone: nobody's data."""
        visit, place = tables.appointment.c, tables.queue_entry.c
        query = (
            select(visit.starts_at, visit.kiosk_id, visit.status, func.coalesce(place.token, ""))
            .outerjoin(tables.queue_entry, place.appointment_id == visit.id)
            .where(
                visit.site_id == site_id,
                visit.starts_at >= since,
                visit.starts_at < until,
                visit.status.in_(("booked", "arrived")),
            )
        )
        rows = self._connection.execute(query.order_by(visit.starts_at, visit.id))
        return [Expected(*row) for row in rows]

    def change_entry(self, entry: QueueEntry, event: Event) -> None:
        """Store the next version of an entry; StaleVersion when somebody else stored one first."""
        values = {name: value for name, value in asdict(entry).items() if name not in _FOR_GOOD}
        self._replace(tables.queue_entry, entry.id, entry.version, **values)
        self._record(event)

    def left_because(self, entry_id: UUID) -> str:
        """Why a place in the queue was left; nothing when it was not, or nobody said why."""
        columns = tables.event.c
        query = select(columns.why).where(columns.subject_id == entry_id, columns.kind == "queue.left")
        return self._connection.scalar(query.order_by(columns.version.desc()).limit(1)) or ""

    def unseen(
        self,
        since: datetime,
        why: str = waiting.DAY_OVER,
        *,
        facility_id: UUID | None = None,
        site_id: UUID | None = None,
    ) -> list[Ticket]:
        """The places that ended since then unseen, for this reason, without the patients: nobody's data."""
        event, columns = tables.event.c, tables.queue_entry.c
        ended = exists().where(
            event.subject_id == columns.id,
            event.version == columns.version,
            event.why == why,
            event.at >= since,
        )
        wanted = {columns.facility_id: facility_id, columns.site_id: site_id}
        query = select(*_TICKET).where(
            *(column == value for column, value in wanted.items() if value is not None),
            columns.entered_at >= since - LONGEST_WAIT,
            columns.status == "left",
            ended,
        )
        rows = self._connection.execute(query.order_by(columns.entered_at, columns.id))
        return [Ticket(**row._mapping) for row in rows]

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

    def _alarmed(self, entry: QueueEntry, emergency: bool, now: datetime, who: Actor) -> QueueEntry:
        if entry.emergency or not emergency:
            return entry
        entry, event = waiting.raise_alarm(entry, now, who)
        self.change_entry(entry, event)
        return entry

    def _promised(self, appointment_id: UUID | None, visit_type_id: str) -> tuple[datetime | None, str]:
        columns = tables.appointment.c
        query = select(columns.starts_at, columns.visit_type_id).where(columns.id == appointment_id)
        row = self._connection.execute(query).one_or_none() if appointment_id else None
        return (row.starts_at, row.visit_type_id) if row else (None, visit_type_id)

    def _number(self, facility_id: UUID, now: datetime) -> int:
        """How many came to the facility on this local day so far, and one; its row is locked meanwhile."""
        place, columns = tables.facility.c, tables.queue_entry.c
        zone = self._connection.scalar(
            select(place.time_zone).where(place.id == facility_id).with_for_update(key_share=True)
        )
        local = now.astimezone(ZoneInfo(found(zone, "facility")))
        midnight = datetime.combine(local.date(), time(), local.tzinfo)
        tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
        earlier = select(func.count()).where(
            columns.facility_id == facility_id, columns.entered_at >= midnight, columns.entered_at < tomorrow
        )
        return int(self._connection.execute(earlier).scalar_one()) + 1

    def _entries(self, *where: ColumnElement[bool]) -> list[QueueEntry]:
        columns = tables.queue_entry.c
        query = select(*_ENTRY).where(*where).order_by(columns.entered_at, columns.id)
        entries = [QueueEntry(**row._mapping) for row in self._connection.execute(query)]
        for owner in {entry.patient_id for entry in entries}:
            self._seen(owner, "queue entry")
        return entries
