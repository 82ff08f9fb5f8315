from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, insert

from scheduling import tables
from scheduling.calendar import Slot
from scheduling.calendar_cache import CalendarCache
from scheduling.errors import NotFound, NotOffered
from scheduling.hours import Span
from scheduling.ids import uuid7
from scheduling.people import Practitioner
from scheduling.places import Holiday
from scheduling.rosters import Leave, Shift
from scheduling.store import Book
from telemed import database
from tests import build
from tests.build import NOW, TUESDAY, local
from tests.scheduling.calendars import starts, window
from tests.scheduling.conftest import nobody

pytestmark = pytest.mark.both_databases
MIDNIGHT = local(0)
BY_PHONE = build.visit_type(id="phone", needs_kiosk=False, channels=("audio",))


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

    def test_what_was_remembered_before_anybody_asked_costs_no_more(
        self, connection: Connection, book: Book, world: build.World, statements: list[str]
    ) -> None:
        kept = CalendarCache()
        Book(connection, nobody, kept).remember_calendars(10)
        statements.clear()
        free(Book(connection, nobody, kept), world)
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
