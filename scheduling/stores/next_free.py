"""Finds the next free time at a site among any number of practitioners, reading little more than it must."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from scheduling import calendar, tables
from scheduling.calendar import Slot
from scheduling.hours import Span, whole_days
from scheduling.stores.calendars import CalendarStore
from scheduling.visit_types import LONGEST

_FIRST_REACH, _LONGEST_REACH = timedelta(hours=1), timedelta(hours=16)


class NextFreeStore(CalendarStore):
    """The part of the book that answers "when can somebody see me?"."""

    def next_free(
        self,
        visit_type_id: str,
        site_id: UUID,
        now: datetime,
        days: int = 30,
        *,
        facility_id: UUID | None = None,
        practitioner_id: UUID | None = None,
        languages: Iterable[str] = (),
    ) -> Slot | None:
        """The earliest free slot at a site within so many local days from today.

        Where the site has room is known first; the practitioners are asked about an hour of that, then
        about ever longer stretches: most searches read one hour, and few read much beyond what they find.
        """
        site, practitioners, visit_type = self._offering(
            site_id, visit_type_id, days, practitioner_id, languages
        )
        zone = ZoneInfo(site.site.time_zone)
        window = whole_days(now.astimezone(zone).date(), days, zone)
        kiosks = [kiosk.kiosk_id for kiosk in site.kiosks] if visit_type.needs_kiosk else []
        desks = self._taken(kiosks, window, now) if kiosks else {}
        ids = [practitioner.practitioner_id for practitioner in practitioners]
        for stretch in _stretches(calendar.room(site, visit_type, window, desks, now) if ids else []):
            busy = self._islands(ids, stretch, visit_type.length + visit_type.buffer, now) | desks
            slot = calendar.first_free(practitioners, site, visit_type, stretch, busy, now, facility_id)
            if slot is not None:
                return slot
        return None

    def _islands(
        self, practitioner_ids: Sequence[UUID], stretch: Span, kept: timedelta, now: datetime
    ) -> dict[UUID, list[Span]]:
        """What is taken of these, visits without a gap as one: a full day is two rows, not twenty."""
        values = {
            "resources": sorted(practitioner_ids),
            "from": stretch.starts_at,
            "until": stretch.ends_at + kept,
            "begun_after": stretch.starts_at - LONGEST,
            "now": now,
        }
        taken: dict[UUID, list[Span]] = defaultdict(list)
        began = stretch.starts_at
        for resource_id, starts_at, ends_at, opens, closes in self._connection.execute(_EDGES, values).all():
            if opens:
                began = starts_at
            if closes:
                taken[resource_id].append(Span(began, ends_at))
        return taken


def _stretches(room: Sequence[Span]) -> Iterator[Span]:
    """The same time in windows that hold an hour of it, then two, then four, …; idle time costs nothing."""
    reach = left = _FIRST_REACH
    began: datetime | None = None
    for span in room:
        at = span.starts_at
        while at < span.ends_at:
            began = at if began is None else began
            step = min(span.ends_at - at, left)
            at, left = at + step, left - step
            if not left:
                yield Span(began, at)
                began, reach = None, min(reach * 2, _LONGEST_REACH)
                left = reach
    if began is not None:
        yield Span(began, room[-1].ends_at)


def _edges() -> Any:
    """The first and the last of visits that follow each other without a gap, by practitioner and time."""
    at = tables.allocation.c
    before: ColumnElement[Any] = func.lag(at.ends_at).over(partition_by=at.resource, order_by=at.starts_at)
    after: ColumnElement[Any] = func.lead(at.starts_at).over(partition_by=at.resource, order_by=at.starts_at)
    rows = (
        select(
            at.resource,
            at.starts_at,
            at.ends_at,
            or_(before.is_(None), before < at.starts_at).label("opens"),
            or_(after.is_(None), after > at.ends_at).label("closes"),
        )
        .where(
            tables.ACTIVE,
            at.resource.in_(bindparam("resources", expanding=True)),
            at.starts_at >= bindparam("begun_after"),
            at.starts_at < bindparam("until"),
            at.ends_at > bindparam("from"),
            or_(at.expires_at.is_(None), at.expires_at > bindparam("now")),
        )
        .subquery()
    )
    return select(rows).where(or_(rows.c.opens, rows.c.closes)).order_by(rows.c.resource, rows.c.starts_at)


_EDGES = _edges()
