"""When practitioners work: weekly shifts, days that differ, leave, and the duties these make."""

import operator
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, repeat
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.hours import Span, local_days, local_span
from scheduling.visit_types import VisitType

_DAYS_REMEMBERED = 128
_GRIDS_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Shift:
    """One span of local time on one weekday (0 is Monday) in which a practitioner works for a facility.

    It holds from one day until another, both included; None leaves that end open.
    """

    practitioner_id: UUID
    facility_id: UUID
    weekday: int
    starts: time
    ends: time
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday must be 0 (Monday) to 6, not {self.weekday}")
        if self.starts >= self.ends:
            raise ValueError(f"a shift must end after it starts: {self.starts}–{self.ends}")
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError(f"a shift cannot end before it holds: {self.valid_from}–{self.valid_until}")

    def falls_on(self, day: date) -> bool:
        """Whether it is worked on this day."""
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class DutyDay:
    """One day on which a practitioner does not keep the weekly roster of a facility: other times, or none."""

    practitioner_id: UUID
    facility_id: UUID
    day: date
    starts: time | None
    ends: time | None

    def __post_init__(self) -> None:
        if (self.starts is None) != (self.ends is None):
            raise ValueError("a duty day has both times or none")
        if self.starts is not None and self.ends is not None and self.starts >= self.ends:
            raise ValueError(f"a duty must end after it starts: {self.starts}–{self.ends}")


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which a practitioner works nowhere, both ends included, whatever the rosters say."""

    id: UUID
    practitioner_id: UUID
    first_day: date
    last_day: date
    reason: str

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise ValueError(f"leave cannot end before it begins: {self.first_day}–{self.last_day}")


@dataclass(frozen=True, slots=True)
class Duty:
    """A stretch in which a practitioner works for a facility; its start anchors the grid of slots."""

    facility_id: UUID
    span: Span


@dataclass(frozen=True, eq=False)
class PractitionerCalendar:
    """Everything that decides when one practitioner works and for what, at one version."""

    practitioner_id: UUID
    version: int
    languages: tuple[str, ...]
    visit_types: Mapping[str, VisitType]
    zones: Mapping[UUID, str]
    shifts: tuple[Shift, ...] = ()
    duty_days: tuple[DutyDay, ...] = ()
    leave: tuple[Leave, ...] = ()
    _known: dict[tuple[UUID, date], tuple[Duty, ...]] = field(default_factory=dict, repr=False)
    _grids: dict[tuple[Span, int, int], Sequence[int]] = field(default_factory=dict, repr=False)

    def duties(self, window: Span) -> list[Duty]:
        """The duties with a moment in the window, by start."""
        found: list[Duty] = []
        for facility_id in self._facilities:
            for day in local_days(window, ZoneInfo(self.zones[facility_id])):
                found += [duty for duty in self._on(facility_id, day) if duty.span.overlaps(window)]
        found.sort(key=_start)
        return found

    def starts(self, window: Span, visit_type: VisitType) -> list[datetime]:
        """The moments in the window, in order, at which such a visit may begin on the grid of a duty."""
        length, step = visit_type.length, visit_type.length + visit_type.buffer
        found: list[datetime] = []
        in_order = True
        for duty in self.duties(window):
            first, last = duty.span.starts_at, duty.span.ends_at - length
            if first <= last:
                in_order = in_order and not (found and first <= found[-1])
                steps: Iterator[timedelta] = repeat(step, (last - first) // step)
                found += accumulate(steps, operator.add, initial=first)
        if not in_order:
            # Rosters of two facilities may overlap; one start is one slot all the same.
            found = sorted(set(found))
        return found[bisect_left(found, window.starts_at) : bisect_left(found, window.ends_at)]

    def grid(self, window: Span, visit_type: VisitType) -> Sequence[int]:
        """The same moments in seconds since 1970, remembered: the same days are asked for again and again."""
        key = (window, visit_type.minutes, visit_type.buffer_minutes)
        known = self._grids.get(key)
        if known is None:
            if len(self._grids) >= _GRIDS_REMEMBERED:
                self._grids.clear()
            starts = self.starts(window, visit_type)
            known = self._grids[key] = array("q", (int(start.timestamp()) for start in starts))
        return known

    def speaks(self, languages: Iterable[str]) -> bool:
        """Whether the practitioner speaks one of these; of no languages, anybody does."""
        wanted = set(languages)
        return not wanted or bool(wanted & set(self.languages))

    @cached_property
    def _facilities(self) -> list[UUID]:
        working = [shift.facility_id for shift in self.shifts]
        return list(dict.fromkeys([*working, *(each.facility_id for each in self.duty_days)]))

    def _on(self, facility_id: UUID, day: date) -> tuple[Duty, ...]:
        known = self._known.get((facility_id, day))
        if known is None:
            if len(self._known) >= _DAYS_REMEMBERED:
                self._known.clear()
            zone = ZoneInfo(self.zones[facility_id])
            spans = (local_span(day, *hours, zone) for hours in self._hours(facility_id, day))
            known = tuple(Duty(facility_id, span) for span in spans if span is not None)
            self._known[facility_id, day] = known
        return known

    def _hours(self, facility_id: UUID, day: date) -> list[tuple[time, time]]:
        if any(leave.first_day <= day <= leave.last_day for leave in self.leave):
            return []
        instead = [each for each in self.duty_days if each.day == day and each.facility_id == facility_id]
        if instead:
            return sorted((each.starts, each.ends) for each in instead if each.starts and each.ends)
        shifts = [shift for shift in self.shifts if shift.facility_id == facility_id and shift.falls_on(day)]
        return sorted((shift.starts, shift.ends) for shift in shifts)


def _start(duty: Duty) -> datetime:
    return duty.span.starts_at
