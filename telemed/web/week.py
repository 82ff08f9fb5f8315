"""The week view: a facility's rosters turned into a grid of practitioners and days, with bars to draw."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal
from uuid import UUID

from scheduling.people import Practitioner
from scheduling.rosters import DutyDay, Leave, Shift

Why = Literal["weekly", "changed", "leave", "off"]

_DAY = timedelta(days=1)
EARLIEST, LATEST = 7 * 60, 19 * 60
"""The minutes of the day that are always drawn; a longer day widens the whole grid."""


@dataclass(frozen=True)
class Stretch:
    """One span of local time in which somebody works."""

    starts: time
    ends: time

    @property
    def first(self) -> int:
        """The minute of the day at which it starts."""
        return _minute(self.starts)

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return _minute(self.ends) - self.first


@dataclass(frozen=True)
class Cell:
    """One practitioner on one day: what is worked, and why it is so."""

    day: date
    why: Why
    stretches: tuple[Stretch, ...]
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One practitioner's week."""

    practitioner: Practitioner
    cells: tuple[Cell, ...]

    @property
    def minutes(self) -> int:
        """How much is worked in the week."""
        return sum(stretch.minutes for cell in self.cells for stretch in cell.stretches)


@dataclass(frozen=True)
class Grid:
    """A week of a facility; `first` and `last` are the minutes of the day that the bars lie between."""

    monday: date
    days: tuple[date, ...]
    rows: tuple[Row, ...]
    first: int
    last: int


@dataclass(frozen=True)
class Period:
    """One stretch of time with the same weekly hours, by weekday; `last` is None while it has no end."""

    first: date
    last: date | None
    days: tuple[tuple[tuple[time, time], ...], ...]


def monday_of(day: date) -> date:
    """The Monday of the week in which a day lies."""
    return day - day.weekday() * _DAY


def week_of(
    monday: date,
    practitioners: Iterable[Practitioner],
    shifts: Sequence[Shift],
    duty_days: Sequence[DutyDay],
    leaves: Sequence[Leave],
) -> Grid:
    """The grid of one week: leave before a changed day, a changed day before the weekly roster."""
    days = tuple(monday + number * _DAY for number in range(7))
    by_day = _by_day(duty_days)
    rows = tuple(
        Row(who, tuple(cell(who.id, day, shifts, by_day, leaves) for day in days)) for who in practitioners
    )
    stretches = [each for row in rows for one in row.cells for each in one.stretches]
    return Grid(
        monday,
        days,
        rows,
        min([EARLIEST, *(_whole_hour(each.first) for each in stretches)]),
        max([LATEST, *(-_whole_hour(-each.first - each.minutes) for each in stretches)]),
    )


def periods_of(shifts: Sequence[Shift], today: date) -> list[Period]:
    """The weekly hours in force today and those to come, each as a whole week with its first and last day."""
    starts = {each.valid_from for each in shifts if each.valid_from and each.valid_from > today}
    starts |= {each.valid_until + _DAY for each in shifts if each.valid_until and each.valid_until >= today}
    firsts = [today, *sorted(starts - {today})]
    found = []
    for first, following in itertools.pairwise([*firsts, None]):
        assert first is not None
        holding = [
            each
            for each in shifts
            if (each.valid_from is None or each.valid_from <= first)
            and (each.valid_until is None or each.valid_until >= first)
        ]
        days = tuple(
            tuple(sorted((each.starts, each.ends) for each in holding if each.weekday == weekday))
            for weekday in range(7)
        )
        found.append(Period(first, following - _DAY if following else None, days))
    return found if len(found) > 1 or any(found[0].days) else []


def cell(
    practitioner_id: UUID,
    day: date,
    shifts: Sequence[Shift],
    changed: Mapping[tuple[UUID, date], Sequence[DutyDay]],
    leaves: Sequence[Leave],
) -> Cell:
    """What one practitioner works on one day."""
    away = [
        each
        for each in leaves
        if each.practitioner_id == practitioner_id and each.first_day <= day <= each.last_day
    ]
    if away:
        return Cell(day, "leave", (), away[0].reason)
    replaced = changed.get((practitioner_id, day))
    if replaced is not None:
        spans = [(each.starts, each.ends) for each in replaced if each.starts and each.ends]
        return Cell(day, "changed", _stretches(spans))
    weekly = [
        (each.starts, each.ends)
        for each in shifts
        if each.practitioner_id == practitioner_id and each.falls_on(day)
    ]
    return Cell(day, "weekly" if weekly else "off", _stretches(weekly))


def _stretches(spans: Iterable[tuple[time, time]]) -> tuple[Stretch, ...]:
    return tuple(Stretch(*span) for span in sorted(spans))


def _by_day(duty_days: Iterable[DutyDay]) -> dict[tuple[UUID, date], list[DutyDay]]:
    found: dict[tuple[UUID, date], list[DutyDay]] = {}
    for each in duty_days:
        found.setdefault((each.practitioner_id, each.day), []).append(each)
    return found


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _whole_hour(minute: int) -> int:
    return minute // 60 * 60
