"""Reads and writes rosters: weekly shifts, days that differ, leave, visit types and who offers them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from scheduling import tables
from scheduling.hours import DAY
from scheduling.rosters import DutyDay, Leave, PractitionerCalendar, Shift
from scheduling.stores.ledger import columns_of, found
from scheduling.stores.places import PlaceStore
from scheduling.visit_types import VisitType


class RosterStore(PlaceStore):
    """The part of the book that knows who works when, and for what."""

    def add_shift(self, shift: Shift) -> None:
        """Add a weekly shift to a practitioner's roster."""
        self._roster_changes([shift.practitioner_id])
        self._connection.execute(insert(tables.shift).values(asdict(shift)))

    def set_shifts(self, practitioner_id: UUID, facility_id: UUID, shifts: Sequence[Shift]) -> None:
        """Put these in place of all weekly shifts that a practitioner has at a facility."""
        _require(
            {(each.practitioner_id, each.facility_id) for each in shifts}, (practitioner_id, facility_id)
        )
        self._roster_changes([practitioner_id])
        columns = tables.shift.c
        self._connection.execute(
            delete(tables.shift).where(
                columns.practitioner_id == practitioner_id, columns.facility_id == facility_id
            )
        )
        self._insert(tables.shift, shifts)

    def shifts(self, *, practitioner_id: UUID | None = None, facility_id: UUID | None = None) -> list[Shift]:
        """The rosters, of one practitioner or one facility where given, in the order they were added."""
        columns = tables.shift.c
        wanted = {"practitioner_id": practitioner_id, "facility_id": facility_id}
        return self._shifts(*[columns[name] == value for name, value in wanted.items() if value is not None])

    def set_duty_days(
        self,
        practitioner_id: UUID,
        facility_id: UUID,
        day_from: date,
        days: int,
        duty_days: Sequence[DutyDay],
    ) -> None:
        """Put these in place of all duty days that a practitioner has at a facility on so many days."""
        _require(
            {(each.practitioner_id, each.facility_id) for each in duty_days}, (practitioner_id, facility_id)
        )
        if not all(day_from <= each.day < day_from + days * DAY for each in duty_days):
            raise ValueError("a duty day lies outside the days that are set")
        self._roster_changes([practitioner_id])
        columns = tables.duty_day.c
        self._connection.execute(
            delete(tables.duty_day).where(
                columns.practitioner_id == practitioner_id,
                columns.facility_id == facility_id,
                columns.day >= day_from,
                columns.day < day_from + days * DAY,
            )
        )
        self._insert(tables.duty_day, duty_days)

    def duty_days(self, practitioner_id: UUID, day_from: date, days: int) -> list[DutyDay]:
        """A practitioner's days that differ from the weekly roster, by day and hour."""
        columns = tables.duty_day.c
        return self._duty_days(
            columns.practitioner_id == practitioner_id,
            columns.day >= day_from,
            columns.day < day_from + days * DAY,
        )

    def copy_week(self, practitioner_id: UUID, facility_id: UUID, from_monday: date, to_monday: date) -> None:
        """Let one week be worked as another was: days that then differ from the roster become duty days.

        Leave is not copied; who is on leave in that week stays away.
        """
        if from_monday.weekday() or to_monday.weekday():
            raise ValueError("a week begins on a Monday")
        shifts = self.shifts(practitioner_id=practitioner_id, facility_id=facility_id)
        before = self._hours_by_day(practitioner_id, facility_id, from_monday, shifts)
        made: list[DutyDay] = []
        for number in range(7):
            day = to_monday + number * DAY
            hours = before[from_monday + number * DAY]
            if hours != _weekly(shifts, day):
                made += [DutyDay(practitioner_id, facility_id, day, *each) for each in hours]
                made += [] if hours else [DutyDay(practitioner_id, facility_id, day, None, None)]
        self.set_duty_days(practitioner_id, facility_id, to_monday, 7, made)

    def add_leave(self, leave: Leave) -> None:
        """Let a practitioner be away on whole days."""
        self._roster_changes([leave.practitioner_id])
        self._connection.execute(insert(tables.leave).values(asdict(leave)))

    def remove_leave(self, leave_id: UUID) -> None:
        """Take a leave back."""
        leave = found(next(iter(self._leave(tables.leave.c.id == leave_id)), None), "leave")
        self._roster_changes([leave.practitioner_id])
        self._connection.execute(delete(tables.leave).where(tables.leave.c.id == leave_id))

    def leave_of(self, practitioner_id: UUID, from_day: date | None = None) -> list[Leave]:
        """A practitioner's leave that ends on a day or later, by its first day."""
        columns = tables.leave.c
        until = [] if from_day is None else [columns.last_day >= from_day]
        return self._leave(columns.practitioner_id == practitioner_id, *until)

    def set_visit_type(self, visit_type: VisitType) -> None:
        """Add a visit type, or change it for everybody who offers it."""
        offering = select(tables.offer.c.practitioner_id).where(tables.offer.c.visit_type_id == visit_type.id)
        self._roster_changes(self._connection.execute(offering).scalars())
        row = asdict(visit_type)
        known = update(tables.visit_type).where(tables.visit_type.c.id == visit_type.id).values(row)
        if self._connection.execute(known).rowcount == 0:
            self._connection.execute(insert(tables.visit_type).values(row))

    def visit_type(self, visit_type_id: str) -> VisitType:
        """The visit type with this id."""
        types = self._visit_types(tables.visit_type.c.id == visit_type_id)
        return found(next(iter(types), None), "visit type")

    def visit_types(self) -> list[VisitType]:
        """Every visit type, by id."""
        return self._visit_types()

    def set_offers(self, practitioner_id: UUID, visit_type_ids: Iterable[str]) -> None:
        """Let a practitioner offer exactly these visit types."""
        self._roster_changes([practitioner_id])
        self._connection.execute(
            delete(tables.offer).where(tables.offer.c.practitioner_id == practitioner_id)
        )
        rows = [
            {"practitioner_id": practitioner_id, "visit_type_id": each}
            for each in sorted(set(visit_type_ids))
        ]
        if rows:
            self._connection.execute(insert(tables.offer), rows)

    def offers(self) -> dict[UUID, frozenset[str]]:
        """Which visit types each practitioner offers."""
        found: dict[UUID, set[str]] = defaultdict(set)
        for practitioner_id, visit_type_id in self._connection.execute(select(tables.offer)):
            found[practitioner_id].add(visit_type_id)
        return {practitioner_id: frozenset(types) for practitioner_id, types in found.items()}

    def _hours_by_day(
        self, practitioner_id: UUID, facility_id: UUID, monday: date, shifts: Sequence[Shift]
    ) -> dict[date, list[tuple[time, time]]]:
        instead: dict[date, list[tuple[time, time]]] = {}
        for each in self.duty_days(practitioner_id, monday, 7):
            if each.facility_id == facility_id:
                kept = instead.setdefault(each.day, [])
                kept += [(each.starts, each.ends)] if each.starts and each.ends else []
        days = (monday + number * DAY for number in range(7))
        return {day: sorted(instead[day]) if day in instead else _weekly(shifts, day) for day in days}

    def _load_practitioners(self, versions: dict[UUID, int]) -> list[PractitionerCalendar]:
        """The calendars of these practitioners, whose versions were read before; in seven statements."""
        ids = sorted(versions)
        zones = self.time_zones()
        people = tables.practitioner.c
        languages = self._connection.execute(select(people.id, people.languages).where(people.id.in_(ids)))
        offered, types = tables.offer.c, {each.id: each for each in self.visit_types()}
        offers: dict[UUID, dict[str, VisitType]] = defaultdict(dict)
        for row in self._connection.execute(select(tables.offer).where(offered.practitioner_id.in_(ids))):
            offers[row.practitioner_id][row.visit_type_id] = types[row.visit_type_id]
        shifts = _by_practitioner(self._shifts(tables.shift.c.practitioner_id.in_(ids)))
        duty_days = _by_practitioner(self._duty_days(tables.duty_day.c.practitioner_id.in_(ids)))
        leave = _by_practitioner(self._leave(tables.leave.c.practitioner_id.in_(ids)))
        return [
            PractitionerCalendar(
                practitioner_id=row.id,
                version=versions[row.id],
                languages=tuple(row.languages),
                visit_types=offers[row.id],
                zones=zones,
                shifts=tuple(shifts[row.id]),
                duty_days=tuple(duty_days[row.id]),
                leave=tuple(leave[row.id]),
            )
            for row in languages
        ]

    def _shifts(self, *where: ColumnElement[bool]) -> list[Shift]:
        query = select(*columns_of(Shift, tables.shift)).where(*where).order_by(tables.shift.c.id)
        return [Shift(*row) for row in self._connection.execute(query)]

    def _duty_days(self, *where: ColumnElement[bool]) -> list[DutyDay]:
        columns = tables.duty_day.c
        query = select(*columns_of(DutyDay, tables.duty_day)).where(*where)
        return [
            DutyDay(*row) for row in self._connection.execute(query.order_by(columns.day, columns.starts))
        ]

    def _leave(self, *where: ColumnElement[bool]) -> list[Leave]:
        columns = tables.leave.c
        query = select(*columns_of(Leave, tables.leave)).where(*where)
        return [
            Leave(*row) for row in self._connection.execute(query.order_by(columns.first_day, columns.id))
        ]

    def _visit_types(self, *where: ColumnElement[bool]) -> list[VisitType]:
        query = select(tables.visit_type).where(*where).order_by(tables.visit_type.c.id)
        return [_visit_type(row) for row in self._connection.execute(query)]


def _visit_type(row: Row[Any]) -> VisitType:
    reminders = None if row.reminders is None else tuple(row.reminders)
    return VisitType(**{**row._asdict(), "channels": tuple(row.channels), "reminders": reminders})


def _weekly(shifts: Sequence[Shift], day: date) -> list[tuple[time, time]]:
    return sorted((shift.starts, shift.ends) for shift in shifts if shift.falls_on(day))


def _by_practitioner(records: Iterable[Any]) -> dict[UUID, list[Any]]:
    sorted_out: dict[UUID, list[Any]] = defaultdict(list)
    for record in records:
        sorted_out[record.practitioner_id].append(record)
    return sorted_out


def _require(owners: set[tuple[UUID, UUID]], owner: tuple[UUID, UUID]) -> None:
    if not owners <= {owner}:
        raise ValueError("a roster holds one practitioner's hours at one facility")
