from datetime import date, time
from uuid import UUID

import pytest

from scheduling.errors import NotFound
from scheduling.hours import DAY
from scheduling.ids import uuid7
from scheduling.rosters import DutyDay, Leave, Shift
from scheduling.store import Book
from tests import build
from tests.build import TUESDAY
from tests.scheduling.calendars import clock, window

pytestmark = pytest.mark.both_databases
MONDAY, NEXT_MONDAY = TUESDAY - DAY, TUESDAY + 6 * DAY
CHECK_UP = build.visit_type(id="follow-up", names={"en": "Follow-up", "bg": "Контролен преглед"}, minutes=10)


def worked(book: Book, world: build.World, day: date = TUESDAY, days: int = 1) -> list[str]:
    duties = book.practitioner_calendar(world.practitioner.id).duties(window(day, days))
    return [f"{clock(duty.span.starts_at)}-{clock(duty.span.ends_at)}" for duty in duties]


def version(book: Book, world: build.World) -> int:
    return book.practitioner_calendar(world.practitioner.id).version


def duty_day(world: build.World, day: date, starts: time | None = None, ends: time | None = None) -> DutyDay:
    return DutyDay(world.practitioner.id, world.facility.id, day, starts, ends)


def leave(world: build.World, first: date, last: date) -> Leave:
    return Leave(uuid7(), world.practitioner.id, first, last, "conference")


class TestShifts:
    def test_are_found_by_practitioner_and_by_facility(self, book: Book, world: build.World) -> None:
        second = build.facility(name="Друг център")
        book.add_facility(second)
        there = Shift(world.practitioner.id, second.id, 5, time(9), time(12))
        book.add_shift(there)
        assert book.shifts(facility_id=second.id) == [there]
        assert book.shifts(practitioner_id=world.practitioner.id) == [
            *build.roster(world.practitioner),
            there,
        ]
        assert book.shifts() == book.shifts(practitioner_id=world.practitioner.id)

    def test_are_set_for_one_facility_at_a_time(self, book: Book, world: build.World) -> None:
        second = build.facility(name="Друг център")
        book.add_facility(second)
        there = Shift(world.practitioner.id, second.id, 5, time(9), time(12), MONDAY, TUESDAY)
        book.add_shift(there)
        only = Shift(world.practitioner.id, world.facility.id, 1, time(10), time(12))
        book.set_shifts(world.practitioner.id, world.facility.id, [only])
        assert book.shifts(practitioner_id=world.practitioner.id) == [there, only]
        assert worked(book, world) == ["10:00-12:00"]

    def test_of_somebody_else_are_refused(self, book: Book, world: build.World) -> None:
        stranger = Shift(uuid7(), world.facility.id, 1, time(10), time(12))
        with pytest.raises(ValueError, match="one practitioner"):
            book.set_shifts(world.practitioner.id, world.facility.id, [stranger])


class TestDutyDays:
    def test_replace_those_of_the_days_that_are_set(self, book: Book, world: build.World) -> None:
        who, where = world.practitioner.id, world.facility.id
        tuesday, off = duty_day(world, TUESDAY, time(9), time(11)), duty_day(world, TUESDAY + DAY)
        book.set_duty_days(who, where, TUESDAY, 2, [tuesday, off])
        assert book.duty_days(who, MONDAY, 7) == [tuesday, off]
        assert worked(book, world, MONDAY, 3) == ["08:00-16:00", "09:00-11:00"]
        book.set_duty_days(who, where, TUESDAY, 1, [])
        assert book.duty_days(who, MONDAY, 7) == [off]

    def test_beyond_the_days_that_are_set_are_refused(self, book: Book, world: build.World) -> None:
        late = duty_day(world, TUESDAY + DAY)
        with pytest.raises(ValueError, match="outside"):
            book.set_duty_days(world.practitioner.id, world.facility.id, TUESDAY, 1, [late])


class TestCopyWeek:
    def copied(self, book: Book, world: build.World) -> list[DutyDay]:
        book.copy_week(world.practitioner.id, world.facility.id, MONDAY, NEXT_MONDAY)
        return book.duty_days(world.practitioner.id, NEXT_MONDAY, 7)

    def test_repeats_the_days_that_differ(self, book: Book, world: build.World) -> None:
        days = [duty_day(world, TUESDAY, time(9), time(11)), duty_day(world, TUESDAY + DAY)]
        book.set_duty_days(world.practitioner.id, world.facility.id, MONDAY, 7, days)
        assert [(each.day, each.starts) for each in self.copied(book, world)] == [
            (TUESDAY + 7 * DAY, time(9)),
            (TUESDAY + 8 * DAY, None),
        ]
        assert worked(book, world, NEXT_MONDAY, 3) == worked(book, world, MONDAY, 3)

    def test_writes_nothing_where_the_roster_says_the_same(self, book: Book, world: build.World) -> None:
        stale = duty_day(world, TUESDAY + 7 * DAY, time(7), time(8))
        book.set_duty_days(world.practitioner.id, world.facility.id, NEXT_MONDAY, 7, [stale])
        assert self.copied(book, world) == []
        assert worked(book, world, NEXT_MONDAY, 2) == ["08:00-16:00", "08:00-16:00"]

    def test_does_not_take_leave_along(self, book: Book, world: build.World) -> None:
        book.add_leave(leave(world, MONDAY, TUESDAY))
        assert self.copied(book, world) == []
        assert worked(book, world, NEXT_MONDAY, 1) == ["08:00-16:00"]

    def test_begins_on_a_monday(self, book: Book, world: build.World) -> None:
        with pytest.raises(ValueError, match="Monday"):
            book.copy_week(world.practitioner.id, world.facility.id, TUESDAY, NEXT_MONDAY)


class TestLeave:
    def test_is_kept_and_taken_back(self, book: Book, world: build.World) -> None:
        away = leave(world, TUESDAY, TUESDAY)
        book.add_leave(away)
        assert book.leave_of(world.practitioner.id, TUESDAY) == [away]
        assert book.leave_of(world.practitioner.id, TUESDAY + DAY) == []
        assert worked(book, world) == []
        book.remove_leave(away.id)
        assert worked(book, world) == ["08:00-16:00"]

    def test_that_is_not_there_cannot_be_taken_back(self, book: Book) -> None:
        with pytest.raises(NotFound, match="leave"):
            book.remove_leave(uuid7())


class TestVisitTypes:
    def test_there_is_always_a_consultation(self, book: Book) -> None:
        assert [kind.id for kind in book.visit_types()] == ["consultation"]
        assert book.visit_type("consultation").minutes == 20

    def test_are_added_and_changed(self, book: Book, world: build.World) -> None:
        book.set_visit_type(CHECK_UP)
        assert book.visit_type(CHECK_UP.id) == CHECK_UP
        longer = build.visit_type(id=CHECK_UP.id, minutes=15)
        book.set_visit_type(longer)
        assert book.visit_type(CHECK_UP.id) == longer

    def test_are_offered_by_whom_they_are_given_to(self, book: Book, world: build.World) -> None:
        assert book.offers() == {world.practitioner.id: frozenset({"consultation"})}
        book.set_visit_type(CHECK_UP)
        book.set_offers(world.practitioner.id, [CHECK_UP.id])
        assert book.offers() == {world.practitioner.id: frozenset({CHECK_UP.id})}
        book.set_offers(world.practitioner.id, [])
        assert book.offers() == {}

    def test_one_that_is_not_there_is_not_found(self, book: Book) -> None:
        with pytest.raises(NotFound, match="visit type"):
            book.visit_type("surgery")


def test_every_change_of_a_roster_makes_another_version(book: Book, world: build.World) -> None:
    who, where = world.practitioner.id, world.facility.id
    away = leave(world, TUESDAY, TUESDAY)
    before = version(book, world)
    book.add_shift(Shift(who, where, 6, time(9), time(10)))
    book.set_shifts(who, where, build.roster(world.practitioner))
    book.set_duty_days(who, where, TUESDAY, 1, [])
    book.add_leave(away)
    book.remove_leave(away.id)
    book.set_offers(who, ["consultation"])
    book.set_visit_type(build.visit_type(minutes=30))
    assert version(book, world) == before + 7
    assert book.practitioner_calendar(who).visit_types["consultation"].minutes == 30


@pytest.mark.parametrize("nobody", [UUID(int=0), None], ids=["unknown", "a kiosk"])
def test_a_roster_belongs_to_a_practitioner(book: Book, world: build.World, nobody: UUID | None) -> None:
    with pytest.raises(NotFound, match="practitioner"):
        book.set_offers(nobody or world.kiosk.id, ["consultation"])
    with pytest.raises(NotFound, match="practitioner"):
        book.practitioner_calendar(nobody or world.kiosk.id)
