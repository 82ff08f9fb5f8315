"""Counts every change of a calendar on the rows that a booking locks, so that no booking misses one."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update

from scheduling import tables
from scheduling.errors import NotFound
from scheduling.stores.ledger import Ledger


class CalendarVersions(Ledger):
    """The part of the book that says a calendar is another one now."""

    def keep_roster_still(self, practitioner_id: UUID) -> None:
        """Let nobody else change this practitioner's calendar until the transaction ends."""
        self._hold_still({practitioner_id}, "practitioner")

    def keep_site_still(self, site_id: UUID) -> None:
        """Let nobody else change this site's calendar until the transaction ends."""
        self._hold_still(self._there([site_id]), "kiosk")
        columns = tables.site.c
        held = select(columns.id).where(columns.id == site_id).with_for_update()
        if self._connection.execute(held).one_or_none() is None:
            raise NotFound("site")

    def _roster_changes(self, practitioner_ids: Iterable[UUID]) -> None:
        """Lock these practitioners in id order and give each calendar its next version."""
        self._next_version(set(practitioner_ids), "practitioner")

    def _site_changes(self, site_ids: Iterable[UUID], kiosk_ids: Iterable[UUID] = ()) -> None:
        """Lock every kiosk that can be at these sites, and these kiosks, then give all their next version."""
        sites = sorted(set(site_ids))
        self._next_version(self._there(sites) | set(kiosk_ids), "kiosk")
        self._bump_sites(sites)

    def _every_site_changes(self) -> None:
        """Lock every kiosk and give all kiosks and sites their next version."""
        kiosks = self._connection.execute(select(tables.kiosk.c.id)).scalars()
        self._next_version(set(kiosks), "kiosk")
        self._bump_sites(list(self._connection.execute(select(tables.site.c.id)).scalars()))

    def _next_version(self, resource_ids: set[UUID], kind: str) -> None:
        self._hold_still(resource_ids, kind)
        columns = tables.resource.c
        self._connection.execute(
            update(tables.resource)
            .where(columns.id.in_(sorted(resource_ids)))
            .values(calendar_version=columns.calendar_version + 1)
        )
        self._calendars = self._calendars.apart()

    def _hold_still(self, resource_ids: set[UUID], kind: str) -> None:
        columns = tables.resource.c
        ids = sorted(resource_ids)
        mine = columns.id.in_(ids) & (columns.kind == kind)
        locked = self._connection.execute(
            select(columns.id).where(mine).order_by(columns.id).with_for_update()
        ).all()
        if len(locked) != len(ids):
            raise NotFound(kind)

    def _there(self, site_ids: Iterable[UUID]) -> set[UUID]:
        """Every kiosk that can be at these sites."""
        sites = sorted(site_ids)
        stops, kiosks = tables.stop.c, tables.kiosk.c
        found = (
            select(kiosks.id)
            .where(kiosks.site_id.in_(sites))
            .union(select(stops.kiosk_id).where(stops.site_id.in_(sites)))
        )
        return set(self._connection.execute(found).scalars())

    def _bump_sites(self, site_ids: list[UUID]) -> None:
        columns = tables.site.c
        bumped = self._connection.execute(
            update(tables.site)
            .where(columns.id.in_(site_ids))
            .values(calendar_version=columns.calendar_version + 1)
        )
        if bumped.rowcount != len(site_ids):
            raise NotFound("site")
