"""What a coordinator does with the rosters of their own facility's practitioners."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

from scheduling.errors import NotFound
from scheduling.ids import uuid7
from scheduling.people import Practitioner
from scheduling.rosters import DutyDay, Leave, Shift
from scheduling.store import Book
from telemed.unit import Unit
from telemed.visits.changes import require_unchanged

Times = tuple[time, time]
_DAY = timedelta(days=1)


def own_practitioner(book: Book, practitioner_id: UUID, facility_id: UUID) -> Practitioner:
    """A practitioner of this facility; another facility's does not exist here."""
    practitioner = book.practitioner(practitioner_id)
    if practitioner.facility_id != facility_id:
        raise NotFound("practitioner")
    return practitioner


def set_weekly(
    unit: Unit, who: Practitioner, week: Mapping[int, Sequence[Times]], valid_from: date, was: str
) -> None:
    """Let these weekly hours, by weekday, replace all others from a day on; before it nothing changes."""
    unit.book.keep_roster_still(who.id)
    known = unit.book.shifts(practitioner_id=who.id, facility_id=who.facility_id)
    require_unchanged(was, known)
    kept = [
        each
        if each.valid_until and each.valid_until < valid_from
        else replace(each, valid_until=valid_from - _DAY)
        for each in known
        if each.valid_from is None or each.valid_from < valid_from
    ]
    made = [
        Shift(who.id, who.facility_id, weekday, starts, ends, valid_from)
        for weekday, spans in week.items()
        for starts, ends in spans
    ]
    unit.book.set_shifts(who.id, who.facility_id, [*kept, *made])


def set_day(unit: Unit, who: Practitioner, day: date, spans: Sequence[Times] | None, was: str) -> None:
    """Let a day be worked at these hours only, none meaning not at all; None: as every week."""
    unit.book.keep_roster_still(who.id)
    require_unchanged(was, day_state(unit.book, who, day))
    made = [DutyDay(who.id, who.facility_id, day, *span) for span in spans or ()]
    if spans is not None and not made:
        made = [DutyDay(who.id, who.facility_id, day, None, None)]
    unit.book.set_duty_days(who.id, who.facility_id, day, 1, made)


def day_state(book: Book, who: Practitioner, day: date) -> list[DutyDay]:
    """How a day differs from the weekly hours, for the page and for the check against two hands at once."""
    return [each for each in book.duty_days(who.id, day, 1) if each.facility_id == who.facility_id]


def add_leave(unit: Unit, who: Practitioner, first_day: date, last_day: date, reason: str) -> None:
    """Let a practitioner be away on whole days."""
    unit.book.add_leave(Leave(uuid7(), who.id, first_day, last_day, reason))


def drop_leave(unit: Unit, who: Practitioner, leave_id: UUID) -> None:
    """Take a leave of this practitioner back."""
    if leave_id not in {leave.id for leave in unit.book.leave_of(who.id)}:
        raise NotFound("leave")
    unit.book.remove_leave(leave_id)


def copy_week(unit: Unit, people: Iterable[Practitioner], monday: date, into: Iterable[date]) -> None:
    """Let other weeks be worked as one week was."""
    weeks = sorted(into)
    # In the order of their ids, so that two copies at once never wait for each other.
    for who in sorted(people, key=lambda each: each.id):
        for week in weeks:
            unit.book.copy_week(who.id, who.facility_id, monday, week)


def set_offers(unit: Unit, who: Practitioner, visit_type_ids: Sequence[str], was: str) -> None:
    """Let a practitioner offer exactly these kinds of visits."""
    unit.book.keep_roster_still(who.id)
    require_unchanged(was, sorted(unit.book.offers().get(who.id, ())))
    unit.book.set_offers(who.id, visit_type_ids)
