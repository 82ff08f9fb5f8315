"""Finds the appointments that hours and rosters no longer cover, and which of them stand all the same."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, insert, select

from scheduling import tables
from scheduling.booking import Appointment
from scheduling.calendar import Slot
from scheduling.events import Actor
from scheduling.hours import Span
from scheduling.openings import SiteCalendar
from scheduling.placing import Obstacle, in_the_way
from scheduling.rosters import PractitionerCalendar
from scheduling.stores.calendars import CalendarStore


class Stranding(NamedTuple):
    """One appointment that does not fit, and what is in its way; who the patient is stands elsewhere."""

    appointment_id: UUID
    version: int
    facility_id: UUID
    obstacle: Obstacle


@dataclass(frozen=True)
class Scope:
    """Whose appointments are looked at: with nothing named, everybody's."""

    facility_id: UUID | None = None
    site_ids: Collection[UUID] = ()
    practitioner_ids: Collection[UUID] = ()
    window: Span | None = None


class StrandedStore(CalendarStore):
    """The part of the book that says which promises cannot be kept as things stand."""

    def stranded(self, now: datetime, scope: Scope) -> list[Stranding]:
        """The booked appointments ahead that lie outside hours, presence or roster, by start.

        What a practitioner has stopped to offer stays booked: only time and place are looked at.
        """
        rows = self._ahead(now, scope)
        sites = {each: self.site_calendar(each) for each in {row.site_id for row in rows}}
        doctors = {each: self.practitioner_calendar(each) for each in {row.practitioner_id for row in rows}}
        return list(self._unfitting(rows, sites, doctors))

    def keep(self, appointment: Appointment, who: Actor, now: datetime) -> None:
        """Somebody decided that this version of an appointment stands, wherever it lies."""
        key = {"appointment_id": appointment.id, "version": appointment.version}
        if (appointment.id, appointment.version) not in self.kept([appointment.id]):
            self._connection.execute(
                insert(tables.kept_appointment).values(**key, who_kind=who.kind, who_id=who.id, kept_at=now)
            )

    def kept(self, appointment_ids: Iterable[UUID]) -> set[tuple[UUID, int]]:
        """Which of these somebody has decided to keep, and in which version."""
        columns = tables.kept_appointment.c
        query = select(columns.appointment_id, columns.version).where(
            columns.appointment_id.in_(sorted(set(appointment_ids)))
        )
        return {(row.appointment_id, row.version) for row in self._connection.execute(query)}

    def _ahead(self, now: datetime, scope: Scope) -> list[Row[Any]]:
        columns = tables.appointment.c
        query = select(
            columns.id,
            columns.version,
            columns.facility_id,
            columns.practitioner_id,
            columns.kiosk_id,
            columns.site_id,
            columns.starts_at,
            columns.ends_at,
            columns.visit_type_id,
        ).where(columns.status == "booked", columns.starts_at > now)
        if scope.facility_id is not None:
            query = query.where(columns.facility_id == scope.facility_id)
        if scope.site_ids:
            query = query.where(columns.site_id.in_(sorted(scope.site_ids)))
        if scope.practitioner_ids:
            query = query.where(columns.practitioner_id.in_(sorted(scope.practitioner_ids)))
        if scope.window is not None:
            query = query.where(
                columns.starts_at < scope.window.ends_at, columns.ends_at > scope.window.starts_at
            )
        return list(self._connection.execute(query.order_by(columns.starts_at, columns.id)))

    def _unfitting(
        self,
        rows: Iterable[Row[Any]],
        sites: dict[UUID, SiteCalendar],
        doctors: dict[UUID, PractitionerCalendar],
    ) -> Iterator[Stranding]:
        types = {each.id: each for each in self.visit_types()}
        able = {key: replace(each, visit_types=types) for key, each in doctors.items()}
        for row in rows:
            slot = Slot(row.practitioner_id, row.kiosk_id, row.site_id, row.starts_at, row.ends_at)
            # A visit without a kiosk was booked when its type needed none.
            kind = replace(types[row.visit_type_id], needs_kiosk=row.kiosk_id is not None)
            obstacle = in_the_way(slot, kind, able[row.practitioner_id], sites[row.site_id])
            if obstacle is not None:
                yield Stranding(row.id, row.version, row.facility_id, obstacle)
