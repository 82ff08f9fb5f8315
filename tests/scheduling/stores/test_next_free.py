from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Connection

from scheduling.hours import DAY, Span
from scheduling.ids import uuid7
from scheduling.rosters import Leave
from scheduling.store import Book
from tests import build
from tests.build import MINUTES_20, NOW, TUESDAY, local
from tests.scheduling.calendars import window
from tests.scheduling.stores.test_calendars import MIDNIGHT, colleague, take

pytestmark = pytest.mark.both_databases


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


class TestNextFreeReadsLittle:
    def test_a_search_that_ends_today_costs_three_statements(
        self, warm: Book, world: build.World, statements: list[str]
    ) -> None:
        assert warm.next_free("consultation", world.site.id, NOW)
        assert len(statements) == 3

    def test_a_search_in_vain_costs_no_more_than_twenty(
        self, warm: Book, world: build.World, connection: Connection, statements: list[str]
    ) -> None:
        for day in (TUESDAY + number * DAY for number in range(30)):
            for hour in (8, 12):
                take(connection, world.practitioner.id, Span(local(hour, day=day), local(hour + 4, day=day)))
        statements.clear()
        assert warm.next_free("consultation", world.site.id, NOW) is None
        assert len(statements) <= 20

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
