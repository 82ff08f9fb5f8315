"""What was kept for somebody who never booked is cleared away, and nothing else is."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from scheduling import tables, wishes
from scheduling.booking import HOLD_LENGTH, Hold
from scheduling.errors import SlotTaken
from scheduling.store import Book
from scheduling.stores.holds import KEPT
from tests import build
from tests.build import CLERK, NOW, local

pytestmark = pytest.mark.both_databases
OVER = NOW + HOLD_LENGTH + KEPT


def hold(book: Book, world: build.World, minute: int = 0) -> Hold:
    return book.hold(world.slot(local(15, minute)), "consultation", NOW, CLERK)


def rows(book: Book) -> tuple[int, int]:
    """How many holds there are, and how many rows that anything takes."""
    counts = [
        book._connection.scalar(select(func.count()).select_from(table)) or 0
        for table in (tables.hold, tables.allocation)
    ]
    return counts[0], counts[1]


def offer_of(book: Book, world: build.World, held: Hold) -> UUID:
    wish = build.wish(facility_id=world.facility.id, site_id=world.site.id)
    book.add_wish(world.patient.id, wish, NOW, CLERK)
    book.add_offer(*wishes.offer(wish, held.slot, held.id, held.expires_at, NOW, CLERK))
    return wish.id


def test_a_hold_is_forgotten_an_hour_after_its_end(book: Book, world: build.World) -> None:
    hold(book, world)
    assert (book.forget_holds(OVER - timedelta(seconds=1)), rows(book)) == (0, (1, 2))
    assert (book.forget_holds(OVER), rows(book)) == (1, (0, 0))


def test_so_is_one_that_was_given_back(book: Book, world: build.World) -> None:
    book.release(hold(book, world).id, NOW)
    assert (book.forget_holds(OVER), rows(book)) == (1, (0, 0))


def test_what_was_booked_with_it_stays_taken(book: Book, world: build.World) -> None:
    held = hold(book, world)
    made = book.book(build.request(world.patient.id, held.slot, hold_id=held.id), NOW, CLERK)
    assert (book.forget_holds(OVER), rows(book)) == (1, (0, 2))
    with pytest.raises(SlotTaken):
        book.book(build.request(build.somebody(book), made.slot), OVER, CLERK)


def test_as_many_as_asked_go_at_once_the_oldest_first(book: Book, world: build.World) -> None:
    hold(book, world)
    for minute in (20, 40):
        book.hold(world.slot(local(15, minute)), "consultation", NOW, CLERK, 2 * HOLD_LENGTH)
    assert [book.forget_holds(OVER + HOLD_LENGTH, 2), rows(book)] == [2, (1, 2)]
    assert [book.forget_holds(OVER + HOLD_LENGTH, 2), rows(book)] == [1, (0, 0)]


def test_an_open_offer_keeps_its_hold_and_a_closed_one_only_its_name(book: Book, world: build.World) -> None:
    wish_id = offer_of(book, world, hold(book, world))
    assert book.forget_holds(OVER) == 0
    offer = book.open_offer(wish_id)
    assert offer is not None
    book.change_offer(*wishes.pass_on(book.wish(wish_id), offer, OVER, CLERK))
    assert (book.forget_holds(OVER), rows(book)) == (1, (1, 0))
    assert book.forget_holds(OVER) == 0


def test_a_booking_whose_hold_is_forgotten_under_its_hands_is_refused(book: Book, world: build.World) -> None:
    held = hold(book, world)

    class Forgetful(Book):
        """The hold goes between the look at it and the booking: a clock elsewhere has jumped ahead."""

        def _held_for(self, *asked: object) -> bool:
            return self.forget_holds(OVER) == 1

    late = Forgetful(book._connection, book._seen)
    with pytest.raises(SlotTaken):
        late.book(build.request(world.patient.id, held.slot, hold_id=held.id), NOW, CLERK)
