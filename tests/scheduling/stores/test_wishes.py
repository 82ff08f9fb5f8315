from datetime import timedelta
from typing import Any

import pytest

from scheduling import wishes
from scheduling.booking import Hold
from scheduling.errors import NotFound, StaleVersion
from scheduling.ids import uuid7
from scheduling.store import Book
from scheduling.wishes import Offer, Wish
from tests import build
from tests.build import CLERK, NOW, TUESDAY, local
from tests.scheduling.conftest import Unit, Witness

pytestmark = pytest.mark.both_databases
HOUR = timedelta(hours=1)
EARLIER = NOW - HOUR


def hopes(book: Book, world: build.World, **changes: Any) -> Wish:
    wish = build.wish(facility_id=world.facility.id, site_id=world.site.id, **changes)
    book.add_wish(world.patient.id, wish, NOW, CLERK)
    return wish


def held(book: Book, world: build.World) -> Hold:
    return book.hold(world.slot(local(15)), "consultation", NOW, CLERK)


def offered(book: Book, world: build.World) -> tuple[Wish, Offer]:
    hold = held(book, world)
    wish, offer, event = wishes.offer(hopes(book, world), hold.slot, hold.id, NOW + HOUR, NOW, CLERK)
    book.add_offer(wish, offer, event)
    return wish, offer


class TestWishes:
    def test_are_kept_with_their_event(self, book: Book, world: build.World) -> None:
        wish = hopes(book, world)
        assert book.wish(wish.id) == wish
        assert [event.kind for event in book.events] == ["wish.entered"]

    def test_whose_it_is_is_told_apart_and_noted(
        self, book: Book, world: build.World, witness: Witness
    ) -> None:
        wish = hopes(book, world)
        book.wishes(facility_id=world.facility.id)
        assert witness.saw == []
        assert book.wish_owner(wish.id) == world.patient.id
        assert witness.saw == [(world.patient.id, "wish")]

    def test_of_one_facility_or_site_come_in_their_order(self, book: Book, world: build.World) -> None:
        second, first = hopes(book, world), hopes(book, world, entered_at=NOW - HOUR)
        assert book.wishes(facility_id=world.facility.id) == [first, second]
        assert book.wishes(site_id=world.site.id) == [first, second]
        assert book.wishes(site_id=uuid7()) == []

    def test_that_were_taken_back_are_not_among_them(self, book: Book, world: build.World) -> None:
        book.change_wish(*wishes.leave(hopes(book, world), NOW, CLERK))
        assert book.wishes() == []

    def test_whose_days_are_over_are_found(self, book: Book, world: build.World) -> None:
        wish = hopes(book, world, latest=TUESDAY)
        assert book.past_wishes(TUESDAY) == []
        assert book.past_wishes(TUESDAY + timedelta(days=1)) == [wish]

    def test_an_unknown_one_is_not_found(self, book: Book) -> None:
        for ask in (book.wish, book.wish_owner, book.wish_offer):
            with pytest.raises(NotFound):
                ask(uuid7())


class TestFreedSlots:
    def test_are_noted_only_where_somebody_hopes(self, book: Book, world: build.World) -> None:
        slot = world.slot(local(11))
        book.note_freed(slot, "consultation", world.facility.id, NOW)
        assert book.freed_slots(EARLIER) == []
        hopes(book, world)
        book.note_freed(slot, "x-ray", world.facility.id, NOW)
        book.note_freed(slot, "consultation", world.facility.id, NOW)
        (freed_id,) = book.freed_slots(EARLIER)
        freed = book.take_freed(freed_id)
        assert freed is not None
        assert (freed.slot, freed.visit_type_id) == (slot, "consultation")
        book.forget_freed(freed.id)
        assert (book.freed_slots(EARLIER), book.take_freed(freed_id)) == ([], None)

    def test_are_found_for_a_while_only(self, book: Book, world: build.World) -> None:
        hopes(book, world)
        book.note_freed(world.slot(local(11)), "consultation", world.facility.id, NOW)
        assert len(book.freed_slots(NOW - timedelta(seconds=1))) == 1
        assert book.freed_slots(NOW) == []

    def test_of_the_past_are_not_noted(self, book: Book, world: build.World) -> None:
        hopes(book, world)
        book.note_freed(world.slot(local(9)), "consultation", world.facility.id, NOW)
        assert book.freed_slots(EARLIER) == []


class TestOffers:
    def test_are_kept(self, book: Book, world: build.World) -> None:
        wish, offer = offered(book, world)
        assert book.wish_offer(offer.id) == book.open_offer(wish.id) == offer
        assert book.offered_before(offer.slot) == {wish.id}

    def test_are_overdue_from_the_deadline_on(self, book: Book, world: build.World) -> None:
        _, offer = offered(book, world)
        assert book.overdue_offers(offer.expires_at - timedelta(seconds=1)) == []
        assert book.overdue_offers(offer.expires_at) == [offer]

    def test_end_once(self, book: Book, world: build.World) -> None:
        wish, offer = offered(book, world)
        book.change_offer(*wishes.pass_on(wish, offer, NOW, CLERK))
        assert book.open_offer(wish.id) is None
        with pytest.raises(StaleVersion):
            book.change_offer(*wishes.take(wish, offer, NOW, CLERK))


def test_an_answer_and_the_job_at_the_deadline_cannot_both_win(unit: Unit, shared_world: build.World) -> None:
    with unit() as book:
        wish, offer = offered(book, shared_world)
    with unit() as book:
        book.change_offer(*wishes.take(wish, offer, offer.expires_at - timedelta(seconds=1), CLERK))
    with pytest.raises(StaleVersion), unit() as book:
        book.change_offer(*wishes.pass_on(wish, offer, offer.expires_at, CLERK))
    with unit() as book:
        assert (book.wish(wish.id).status, book.wish_offer(offer.id).state) == ("booked", "taken")
