from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event, insert

from scheduling import tables
from scheduling.calendar import Slot
from scheduling.calendar_cache import CalendarCache
from scheduling.errors import NotFound, NotOffered
from scheduling.hours import DAY, Span
from scheduling.ids import uuid7
from scheduling.people import Practitioner
from scheduling.places import Holiday
from scheduling.rosters import Leave, Shift
from scheduling.store import Book
from telemed import database
from tests import build
from tests.build import MINUTES_20, NOW, TUESDAY, local
from tests.scheduling.calendars import starts, window
from tests.scheduling.conftest import nobody

pytestmark = pytest.mark.both_databases
MIDNIGHT = local(0)
BY_PHONE = build.visit_type(id="phone", needs_kiosk=False, channels=("audio",))


@pytest.fixture
def statements(connection: Connection) -> list[str]:
    """What this transaction asks the database from now on."""
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    return asked


@pytest.fixture
def warm(connection: Connection, book: Book, world: build.World) -> Book:
    """A book whose calendars are in memory already."""
    kept = CalendarCache()
    book = Book(connection, nobody, kept)
    free(book, world)
    return Book(connection, nobody, kept)


def free(book: Book, world: build.World, day: date = TUESDAY, days: int = 1) -> list[Slot]:
    return book.free_slots(world.site.id, None, "consultation", day, days, MIDNIGHT)


def take(
    connection: Connection, resource_id: UUID, span: Span, expires_at: object = None, active: bool = True
) -> None:
    row = {"booking": uuid7(), "resource": resource_id, "starts_at": span.starts_at, "ends_at": span.ends_at}
    connection.execute(insert(tables.allocation).values(**row, active=active, expires_at=expires_at))


def colleague(book: Book, world: build.World, *, languages: tuple[str, ...] = ("bg",)) -> Practitioner:
    """Another practitioner of the same facility, on duty at the same hours."""
    another = build.practitioner(world.facility.id, languages=languages)
    book.add_practitioner(another)
    book.set_shifts(another.id, world.facility.id, build.roster(another))
    return another


class TestFreeSlots:
    def test_leave_out_what_is_taken_of_practitioner_or_kiosk(
        self, book: Book, world: build.World, connection: Connection
    ) -> None:
        take(connection, world.practitioner.id, Span(local(9), local(9, 20)))
        take(connection, world.kiosk.id, Span(local(9, 30), local(10)))
        take(connection, world.kiosk.id, Span(local(10), local(11)), active=False)
        assert starts(free(book, world))[:2] == ["10:00", "10:20"]

    def test_a_hold_takes_its_time_until_it_expires(
        self, book: Book, world: build.World, connection: Connection
    ) -> None:
        take(connection, world.kiosk.id, Span(local(9), local(9, 20)), expires_at=MIDNIGHT)
        take(connection, world.kiosk.id, Span(local(9, 20), local(9, 40)), expires_at=local(1))
        assert starts(free(book, world))[:2] == ["09:00", "09:40"]

    def test_can_be_asked_of_one_practitioner_or_of_who_speaks_a_language(
        self, book: Book, world: build.World
    ) -> None:
        turkish = colleague(book, world, languages=("tr",))
        at = (world.site.id, None, "consultation", TUESDAY, 1, MIDNIGHT)
        by_language = book.free_slots(*at, languages=("tr", "uk"))
        assert {slot.practitioner_id for slot in by_language} == {turkish.id}
        assert book.free_slots(*at, practitioner_id=turkish.id) == by_language

    def test_of_a_type_nobody_offers_there_are_none(self, book: Book, world: build.World) -> None:
        book.set_offers(world.practitioner.id, [])
        assert free(book, world) == []

    def test_of_an_unknown_type_are_not_found(self, book: Book, world: build.World) -> None:
        with pytest.raises(NotFound, match="visit type"):
            book.free_slots(world.site.id, None, "surgery", TUESDAY, 1, NOW)


class TestPractitionerSlots:
    def test_say_which_are_free(self, book: Book, world: build.World, connection: Connection) -> None:
        take(connection, world.practitioner.id, Span(local(9), local(9, 20)))
        slots = book.practitioner_slots(
            world.practitioner.id, "consultation", window(), MIDNIGHT, world.site.id
        )
        assert len(slots) == 21
        assert [free for _, free in slots[:3]] == [False, True, True]

    def test_without_a_site_are_at_the_clinic(self, book: Book, world: build.World) -> None:
        clinic = build.site(kind="clinic", name="Поликлиника")
        book.add_site(clinic)
        book.set_visit_type(BY_PHONE)
        book.set_offers(world.practitioner.id, [BY_PHONE.id])
        slots = book.practitioner_slots(world.practitioner.id, BY_PHONE.id, window(), MIDNIGHT)
        assert {(slot.site_id, slot.kiosk_id) for slot, _ in slots} == {(clinic.id, None)}

    def test_of_a_type_not_offered_are_refused(self, book: Book, world: build.World) -> None:
        with pytest.raises(NotOffered):
            book.practitioner_slots(world.practitioner.id, "surgery", window(), NOW, world.site.id)

    def test_of_nobody_or_nowhere_are_not_found(self, book: Book, world: build.World) -> None:
        for who, where in (
            (uuid7(), world.site.id),
            (world.practitioner.id, uuid7()),
            (world.practitioner.id, None),
        ):
            with pytest.raises(NotFound):
                book.practitioner_slots(who, "consultation", window(), NOW, where)

    def test_are_searched_within_bounds(self, book: Book, world: build.World) -> None:
        with pytest.raises(ValueError, match="62"):
            book.practitioner_slots(world.practitioner.id, "consultation", window(days=63), NOW)


class TestNextFree:
    def test_is_today_while_there_is_time(self, book: Book, world: build.World) -> None:
        slot = book.next_free("consultation", world.site.id, NOW)
        assert slot
        assert (slot.starts_at, slot.practitioner_id) == (local(9, 40), world.practitioner.id)

    def test_walks_on_to_the_first_day_with_room(
        self, book: Book, world: build.World, connection: Connection
    ) -> None:
        monday_in_two_weeks = TUESDAY + 13 * DAY
        book.add_leave(Leave(uuid7(), world.practitioner.id, TUESDAY, monday_in_two_weeks - DAY, ""))
        take(
            connection,
            world.kiosk.id,
            Span(local(9, day=monday_in_two_weeks), local(11, day=monday_in_two_weeks)),
        )
        slot = book.next_free("consultation", world.site.id, NOW)
        assert slot
        assert slot.starts_at == local(11, day=monday_in_two_weeks)
        assert book.next_free("consultation", world.site.id, NOW, 13) is None

    def test_keeps_to_the_facility_and_the_language(self, book: Book, world: build.World) -> None:
        turkish = colleague(book, world, languages=("tr",))
        slot = book.next_free("consultation", world.site.id, NOW, languages=("tr",))
        assert slot
        assert slot.practitioner_id == turkish.id
        assert book.next_free("consultation", world.site.id, NOW, facility_id=uuid7()) is None


def test_who_is_on_duty_is_known_with_the_facility(book: Book, world: build.World) -> None:
    second = build.facility(name="Друг център")
    book.add_facility(second)
    book.add_shift(Shift(world.practitioner.id, second.id, 1, time(16), time(18)))
    mine = world.practitioner.id
    assert book.on_duty(local(12)) == [(mine, world.facility.id)]
    assert book.on_duty(local(16)) == book.on_duty(local(17), second.id) == [(mine, second.id)]
    assert book.on_duty(local(17), world.facility.id) == book.on_duty(local(18)) == []


class TestMemory:
    def test_one_practitioners_slots_cost_two_statements(
        self, warm: Book, world: build.World, statements: list[str]
    ) -> None:
        slots = warm.practitioner_slots(
            world.practitioner.id, "consultation", window(days=30), NOW, world.site.id
        )
        assert slots
        assert len(statements) == 2

    def test_the_number_of_practitioners_does_not_matter(
        self, book: Book, world: build.World, connection: Connection, statements: list[str]
    ) -> None:
        for _ in range(5):
            colleague(book, world)
        kept = CalendarCache()
        statements.clear()
        free(Book(connection, nobody, kept), world)
        cold = len(statements)
        free(Book(connection, nobody, kept), world)
        assert cold <= 17
        assert len(statements) - cold == 2

    def test_a_lock_costs_one_statement(self, warm: Book, world: build.World, statements: list[str]) -> None:
        practitioner, site = warm._lock_calendars(world.practitioner.id, world.kiosk.id, world.site.id)
        assert (practitioner.practitioner_id, site.site.id) == (world.practitioner.id, world.site.id)
        assert len(statements) == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda book, world: book.add_leave(Leave(uuid7(), world.practitioner.id, TUESDAY, TUESDAY, "")),
            lambda book, world: book.set_offers(world.practitioner.id, []),
            lambda book, world: book.set_shifts(world.practitioner.id, world.facility.id, []),
            lambda book, world: book.set_hours(world.site.id, []),
            lambda book, world: book.set_holiday(Holiday(TUESDAY, "Fair", closed=True)),
        ],
        ids=["leave", "offers", "shifts", "hours", "holiday"],
    )
    def test_a_change_is_seen_at_once(
        self, warm: Book, world: build.World, change: Callable[[Book, build.World], None]
    ) -> None:
        assert free(warm, world)
        change(warm, world)
        assert free(warm, world) == []

    def test_a_new_kiosk_is_seen_at_once(self, warm: Book, world: build.World) -> None:
        second = build.kiosk(world.site.id, label="Гише 0")
        warm.add_kiosk(second)
        assert {slot.kiosk_id for slot in free(warm, world)} == {second.id}

    def test_a_change_by_another_process_is_seen_by_its_version(
        self, warm: Book, world: build.World, connection: Connection
    ) -> None:
        assert free(warm, world)
        Book(connection, nobody, CalendarCache()).set_hours(world.site.id, [])
        assert free(warm, world) == []


class TestSeveralTransactions:
    def test_what_is_rolled_back_was_never_remembered(
        self, engine: Engine, shared_world: build.World
    ) -> None:
        kept = CalendarCache()
        with pytest.raises(RuntimeError, match="undone"), opened(engine, kept) as book:
            book.set_hours(shared_world.site.id, [])
            assert free(book, shared_world) == []
            raise RuntimeError("undone")
        with opened(engine, kept) as book:
            book.set_keeps_holidays(shared_world.site.id, True)  # the same version, other hours
        with opened(engine, kept) as book:
            assert free(book, shared_world)

    def test_a_kioskless_visit_keeps_the_site_still(self, engine: Engine, shared_world: build.World) -> None:
        with opened(engine, CalendarCache()) as book:
            _, site = book._lock_calendars(shared_world.practitioner.id, None, shared_world.site.id)
            assert site.site.id == shared_world.site.id

    @pytest.mark.parametrize("missing", ["practitioner", "kiosk", "site"])
    def test_what_is_not_there_cannot_be_locked(
        self, engine: Engine, shared_world: build.World, missing: str
    ) -> None:
        ids = {each: getattr(shared_world, each).id for each in ("practitioner", "kiosk", "site")}
        with opened(engine, CalendarCache()) as book, pytest.raises(NotFound):
            book._lock_calendars(*{**ids, missing: uuid7()}.values())


@contextmanager
def opened(engine: Engine, kept: CalendarCache) -> Iterator[Book]:
    with database.write(engine) as connection:
        yield Book(connection, nobody, kept)


class TestNextFreeReadsLittle:
    def test_a_search_that_ends_today_costs_three_statements(
        self, warm: Book, world: build.World, statements: list[str]
    ) -> None:
        assert warm.next_free("consultation", world.site.id, NOW)
        assert len(statements) == 3

    def test_a_search_in_vain_costs_no_more_than_a_dozen(
        self, warm: Book, world: build.World, connection: Connection, statements: list[str]
    ) -> None:
        for day in (TUESDAY + number * DAY for number in range(30)):
            for hour in (8, 12):
                take(connection, world.practitioner.id, Span(local(hour, day=day), local(hour + 4, day=day)))
        statements.clear()
        assert warm.next_free("consultation", world.site.id, NOW) is None
        assert len(statements) <= 12

    def test_visits_that_follow_each_other_leave_the_gap_between_two_rows(
        self, book: Book, world: build.World, connection: Connection
    ) -> None:
        for hour, minute in ((9, 0), (9, 20), (9, 40), (10, 20), (11, 0)):
            start = local(hour, minute)
            take(connection, world.practitioner.id, Span(start, start + MINUTES_20))
        islands = book._islands([world.practitioner.id], window(), MINUTES_20, MIDNIGHT)
        assert islands == {
            world.practitioner.id: [
                Span(local(9), local(10)),
                Span(local(10, 20), local(10, 40)),
                Span(local(11), local(11, 20)),
            ]
        }
        slot = book.next_free("consultation", world.site.id, MIDNIGHT)
        assert slot and slot.starts_at == local(10)

    def test_it_is_the_first_of_the_free_slots_whatever_is_taken(
        self, book: Book, world: build.World, connection: Connection
    ) -> None:
        chance = Random(7)
        for number in range(24 * 12):
            start = local(0) + number * timedelta(minutes=25)
            for resource_id in (world.practitioner.id, world.kiosk.id):
                if chance.random() < 0.6:
                    take(connection, resource_id, Span(start, start + timedelta(minutes=25)))
        for hours in range(0, 96, 7):
            now = MIDNIGHT + timedelta(hours=hours)
            day = TUESDAY + (now - MIDNIGHT).days * DAY
            free = book.free_slots(world.site.id, None, "consultation", day, 30, now)
            assert book.next_free("consultation", world.site.id, now, 30) == free[0]
