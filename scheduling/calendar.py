"""Free slots: where duty, opening hours and a kiosk's presence meet and nothing is taken yet."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.hours import (
    DAY,
    Span,
    Stretch,
    common,
    instant,
    local_days,
    local_span,
    merged,
    seconds,
    without,
)
from scheduling.marks import Marks, both, clear_of, either, inside
from scheduling.openings import SiteCalendar
from scheduling.rosters import Duty, PractitionerCalendar, Shift
from scheduling.visit_types import VisitType

__all__ = [
    "Busy",
    "Shift",
    "Slot",
    "Span",
    "Taken",
    "days_of",
    "first_free",
    "free_slots",
    "grid_start",
    "instant",
    "local_span",
    "nearest",
    "room",
    "slots_of",
]

Busy = Mapping[UUID, Sequence[Span]]
"""What is taken of each practitioner and kiosk."""

Taken = Mapping[UUID, Sequence[Stretch]]
"""The same in seconds since 1970: a month of starts is compared with hundreds of visits."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which this practitioner and, where the visit needs one, this kiosk can be had."""

    practitioner_id: UUID
    kiosk_id: UUID | None
    site_id: UUID
    starts_at: datetime
    ends_at: datetime


def free_slots(
    practitioners: Iterable[PractitionerCalendar],
    site: SiteCalendar,
    visit_type: VisitType,
    window: Span,
    busy: Busy,
    now: datetime,
    facility_id: UUID | None = None,
) -> list[Slot]:
    """Every slot for such a visit that starts in the window and can still be booked: by start, practitioner.

    Each practitioner is offered once at each time, at the first free kiosk. `facility_id` keeps the duties
    of one facility only.
    """
    search = _Search(site, visit_type, window, busy, now)
    found: dict[tuple[datetime, UUID], Slot] = {}
    if search.desks:
        for practitioner in practitioners:
            for slot in search.free(practitioner, facility_id):
                found.setdefault((slot.starts_at, slot.practitioner_id), slot)
    return [found[key] for key in sorted(found)]


def first_free(
    practitioners: Iterable[PractitionerCalendar],
    site: SiteCalendar,
    visit_type: VisitType,
    window: Span,
    busy: Busy,
    now: datetime,
    facility_id: UUID | None = None,
) -> Slot | None:
    """The earliest of the free slots, found without making the others."""
    search = _Search(site, visit_type, window, busy, now)
    best: Slot | None = None
    if search.desks:
        for practitioner in practitioners:
            for slot in search.free(practitioner, facility_id):
                if best is None or _order(slot) < _order(best):
                    best = slot
                    # Nobody is looked at beyond it, not even the same practitioner's other duties.
                    search.not_after = slot.starts_at
    return best


def room(site: SiteCalendar, visit_type: VisitType, window: Span, busy: Busy, now: datetime) -> list[Span]:
    """Where in the window such a visit could begin or go on at the site, whoever gives it."""
    search = _Search(site, visit_type, window, busy, now)
    if search.earliest >= window.ends_at:
        return []
    free = merged(span for desk in search.desks for span in desk.free)
    return common(free, [Span(search.earliest, window.ends_at)])


def slots_of(
    practitioner: PractitionerCalendar,
    site: SiteCalendar,
    visit_type: VisitType,
    window: Span,
    taken: Taken,
    now: datetime,
) -> list[tuple[Slot, bool]]:
    """Every slot of one practitioner at a site that starts in the window, each with whether it is free.

    What has begun, or begins sooner than such a visit must be booked, is there but not free.
    """
    grid = _Grid(practitioner, site, visit_type, window, taken, now)
    who, where, length = practitioner.practitioner_id, site.site.id, visit_type.length
    return [
        (Slot(who, kiosk_id, where, starts_at, starts_at + length), free)
        for starts_at, kiosk_id, free in grid.times()
    ]


def days_of(
    practitioner: PractitionerCalendar,
    site: SiteCalendar,
    visit_type: VisitType,
    window: Span,
    taken: Taken,
    now: datetime,
    zone: ZoneInfo,
) -> dict[date, tuple[int, int]]:
    """For each local day in the window, how many such slots are free and how many there are."""
    grid = _Grid(practitioner, site, visit_type, window, taken, now)
    there, free = grid.anywhere()
    found: dict[date, tuple[int, int]] = {}
    first = 0
    for day in local_days(window, zone):
        after = bisect_left(grid.starts, _day_after(day, zone))
        found[day] = (free.count(1, first, after), there.count(1, first, after))
        first = after
    return found


def nearest(slots: Sequence[Slot], wanted: datetime, count: int) -> tuple[Slot, ...]:
    """The slots closest to the wanted start, the sooner of two equals, one for each time, by time."""
    by_start = {slot.starts_at: slot for slot in reversed(slots)}
    closest = sorted(by_start, key=lambda starts_at: (abs(starts_at - wanted), starts_at))[:count]
    return tuple(by_start[starts_at] for starts_at in sorted(closest))


def grid_start(duty: Duty, visit_type: VisitType, at: datetime) -> bool:
    """Whether a visit of this kind may begin at this moment of a duty."""
    return (at - duty.span.starts_at) % (visit_type.length + visit_type.buffer) == timedelta(0)


def _order(slot: Slot) -> tuple[datetime, UUID]:
    return slot.starts_at, slot.practitioner_id


class _Desk:
    """Where a visit can take place: one kiosk, or the site itself for visits that need none."""

    def __init__(self, kiosk_id: UUID | None, spans: Sequence[Span], taken: Sequence[Span]) -> None:
        self.kiosk_id = kiosk_id
        self.free = without(spans, taken) if taken else spans
        self._free_from = [span.starts_at for span in self.free]

    def free_for(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether it can be had from one moment to another."""
        at = bisect_right(self._free_from, starts_at) - 1
        return at >= 0 and ends_at <= self.free[at].ends_at


_NOWHERE = UUID(int=0)


class _Grid:
    """The grid of one practitioner at one site, with marks for each start: who is free, which desk is."""

    def __init__(
        self,
        practitioner: PractitionerCalendar,
        site: SiteCalendar,
        visit_type: VisitType,
        window: Span,
        taken: Taken,
        now: datetime,
    ) -> None:
        self.starts = starts = practitioner.grid(window, visit_type)
        length = seconds(visit_type.length)
        kept = length + seconds(visit_type.buffer)
        self._alone = clear_of(starts, taken.get(practitioner.practitioner_id, ()), kept)
        too_soon = bisect_left(starts, (now + visit_type.lead).timestamp())
        self._alone[:too_soon] = bytes(too_soon)
        self._desks: list[tuple[UUID | None, Marks, Marks]] = []
        for kiosk_id in [kiosk.kiosk_id for kiosk in site.kiosks] if visit_type.needs_kiosk else [None]:
            open_ = inside(starts, site.stretches(window, visit_type, kiosk_id), length)
            others = taken.get(kiosk_id, ()) if kiosk_id else ()
            free = both(open_, clear_of(starts, others, length)) if others else open_
            self._desks.append((kiosk_id, open_, free))

    def times(self) -> Iterator[tuple[datetime, UUID | None, bool]]:
        """Every start for which a desk is open: which desk, and whether it and the practitioner are free."""
        for number, start in enumerate(self.starts):
            if self._alone[number]:
                free = next((kiosk_id for kiosk_id, _, free in self._desks if free[number]), _NOWHERE)
                if free is not _NOWHERE:
                    yield datetime.fromtimestamp(start, UTC), free, True
                    continue
            busy = next((kiosk_id for kiosk_id, open_, _ in self._desks if open_[number]), _NOWHERE)
            if busy is not _NOWHERE:
                yield datetime.fromtimestamp(start, UTC), busy, False

    def anywhere(self) -> tuple[Marks, Marks]:
        """Marks where any desk is open, and where it and the practitioner are free."""
        there, free = bytearray(len(self.starts)), bytearray(len(self.starts))
        for _, open_, unused in self._desks:
            there, free = either(there, open_), either(free, unused)
        return there, both(free, self._alone)


@lru_cache(maxsize=1024)
def _day_after(day: date, zone: ZoneInfo) -> float:
    return instant(day + DAY, time(), zone).timestamp()


class _Search:
    """One question about one site, one kind of visit and one window, asked of any number of practitioners."""

    def __init__(
        self, site: SiteCalendar, visit_type: VisitType, window: Span, busy: Busy, now: datetime
    ) -> None:
        self._site_id = site.site.id
        self._type = visit_type
        self._window = window
        self._busy = busy
        self.earliest = max(window.starts_at, now + visit_type.lead)
        self.not_after: datetime | None = None
        ids = [kiosk.kiosk_id for kiosk in site.kiosks] if visit_type.needs_kiosk else [None]
        spans = {kiosk_id: site.spans(window, visit_type, kiosk_id) for kiosk_id in ids}
        self.desks = [
            _Desk(kiosk_id, spans[kiosk_id], merged(busy.get(kiosk_id, ()) if kiosk_id else ()))
            for kiosk_id in ids
            if spans[kiosk_id]
        ]

    def free(self, practitioner: PractitionerCalendar, facility_id: UUID | None = None) -> Iterator[Slot]:
        """The free slots of one practitioner, duty by duty."""
        taken = merged(self._busy.get(practitioner.practitioner_id, ()))
        length = self._type.length
        for duty in practitioner.duties(self._window):
            if facility_id is not None and duty.facility_id != facility_id:
                continue
            for starts_at in _untaken(duty, self._type, self._window, self.earliest, taken):
                if self.not_after is not None and starts_at > self.not_after:
                    break
                ends_at = starts_at + length
                for desk in self.desks:
                    if desk.free_for(starts_at, ends_at):
                        yield Slot(
                            practitioner.practitioner_id, desk.kiosk_id, self._site_id, starts_at, ends_at
                        )
                        break


def _untaken(
    duty: Duty, visit_type: VisitType, window: Span, earliest: datetime, taken: Sequence[Span]
) -> Iterator[datetime]:
    """The starts on a duty's grid at which the practitioner, with the buffer, has nothing else."""
    anchor, length = duty.span.starts_at, visit_type.length
    kept = length + visit_type.buffer
    last = min(duty.span.ends_at - length, window.ends_at - timedelta.resolution)
    starts_at = _on_grid(anchor, kept, earliest)
    at = bisect_right(taken, starts_at, key=lambda span: span.ends_at)
    while starts_at <= last:
        while at < len(taken) and taken[at].ends_at <= starts_at:
            at += 1
        if at < len(taken) and taken[at].starts_at < starts_at + kept:
            starts_at = _on_grid(anchor, kept, taken[at].ends_at)
        else:
            yield starts_at
            starts_at += kept


def _on_grid(anchor: datetime, step: timedelta, moment: datetime) -> datetime:
    return anchor + max(0, -((anchor - moment) // step)) * step
