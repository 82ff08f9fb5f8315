"""A slot is kept while somebody makes up their mind, and not a minute longer."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling import booking, tables
from scheduling.booking import HOLD_LENGTH, Hold
from scheduling.errors import Forbidden, NotFound, NotOffered, OffGrid, OutsideHours, SlotTaken, TooLate
from scheduling.ids import uuid7
from scheduling.store import Book
from tests import build
from tests.build import CLERK, NOW, local
from tests.scheduling.conftest import nobody

pytestmark = pytest.mark.both_databases
LATER = NOW + HOLD_LENGTH


def hold(book: Book, world: build.World, minute: int = 0) -> Hold:
    return book.hold(world.slot(local(11, minute)), "consultation", NOW, CLERK)


def active(book: Book, booking_id: UUID) -> int:
    columns = tables.allocation.c
    rows = select(columns.resource).where(columns.booking == booking_id, columns.active)
    return len(book._connection.execute(rows).all())


class TestHolding:
    def test_keeps_practitioner_and_kiosk_from_others(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        assert active(book, held.id) == 2
        with pytest.raises(SlotTaken):
            book.book(build.request(world.patient.id, held.slot), NOW, CLERK)
        with pytest.raises(SlotTaken):
            hold(book, world)

    def test_leaves_no_event(self, book: Book, world: build.World) -> None:
        hold(book, world)
        assert book.events == []

    def test_takes_the_slot_out_of_the_free_ones_until_it_expires(
        self, book: Book, world: build.World
    ) -> None:
        held = hold(book, world)
        free = book.alternatives(held.slot, "consultation", NOW, 1)
        assert held.slot not in free
        assert held.slot in book.alternatives(held.slot, "consultation", LATER, 1)

    def test_an_expired_one_is_in_nobodys_way(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        just_before = LATER - timedelta(microseconds=1)
        with pytest.raises(SlotTaken):
            book.book(build.request(world.patient.id, held.slot), just_before, CLERK)
        made = book.book(build.request(world.patient.id, held.slot), LATER, CLERK)
        assert (active(book, held.id), active(book, made.id)) == (0, 2)

    def test_is_refused_for_the_reasons_a_booking_is(self, book: Book, world: build.World) -> None:
        slot = world.slot(local(11))
        for wrong, error in (
            (world.slot(local(17)), OutsideHours),
            (world.slot(local(9, 20)), TooLate),
            (replace(slot, kiosk_id=uuid7()), NotFound),
            (replace(slot, ends_at=local(11, 30)), OffGrid),
        ):
            with pytest.raises(error):
                book.hold(wrong, "consultation", NOW, CLERK)
        with pytest.raises(NotOffered):
            book.hold(slot, "massage", NOW, CLERK)


class TestBookingWhatIsHeld:
    def test_turns_the_hold_into_the_appointment(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        made = book.book(build.request(world.patient.id, held.slot, hold_id=held.id), NOW, CLERK)
        assert made.id == held.id
        assert active(book, made.id) == 2
        with pytest.raises(SlotTaken):
            book.book(build.request(build.somebody(book), held.slot), LATER, CLERK)

    def test_works_after_it_expired_when_nobody_else_came(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        made = book.book(build.request(world.patient.id, held.slot, hold_id=held.id), LATER, CLERK)
        assert (active(book, held.id), active(book, made.id)) == (0, 2)

    def test_fails_after_it_expired_when_somebody_came(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        book.book(build.request(build.somebody(book), held.slot), LATER, CLERK)
        with pytest.raises(SlotTaken):
            book.book(build.request(world.patient.id, held.slot, hold_id=held.id), LATER, CLERK)

    def test_gives_the_held_slot_back_when_another_one_is_booked(
        self, book: Book, world: build.World
    ) -> None:
        held = hold(book, world)
        made = book.book(
            build.request(world.patient.id, world.slot(local(11, 20)), hold_id=held.id), NOW, CLERK
        )
        assert (active(book, held.id), active(book, made.id)) == (0, 2)

    def test_for_another_kind_of_visit_takes_only_what_that_one_needs(
        self, book: Book, world: build.World
    ) -> None:
        phone = build.offer(book, world, needs_kiosk=False, channels=("audio",))
        held = hold(book, world)
        by_phone = replace(held.slot, kiosk_id=None)
        wish = build.request(
            world.patient.id, by_phone, visit_type_id=phone.id, channel="audio", hold_id=held.id
        )
        made = book.book(wish, NOW, CLERK)
        assert (active(book, held.id), active(book, made.id)) == (0, 1)

    def test_somebody_elses_appointment_is_no_hold(self, book: Book, world: build.World) -> None:
        theirs = book.book(build.request(build.somebody(book), world.slot(local(11))), NOW, CLERK)
        with pytest.raises(SlotTaken):
            book.book(build.request(world.patient.id, theirs.slot, hold_id=theirs.id), NOW, CLERK)


class TestReleasing:
    def test_gives_the_slot_back(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        book.release(held.id, NOW)
        assert book.book(build.request(world.patient.id, held.slot), NOW, CLERK).slot == held.slot

    def test_twice_or_unknown_changes_nothing(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        for known in (held.id, held.id, uuid7()):
            book.release(known, NOW)
        assert active(book, held.id) == 0

    def test_does_not_touch_what_was_booked_with_it(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        made = book.book(build.request(world.patient.id, held.slot, hold_id=held.id), NOW, CLERK)
        book.release(held.id, NOW)
        assert active(book, made.id) == 2

    def test_only_a_standing_hold_is_found(self, book: Book, world: build.World) -> None:
        held = hold(book, world)
        assert book.standing_hold(held.id, NOW) == held
        assert book.standing_hold(held.id, LATER) is None
        book.release(held.id, NOW)
        assert book.standing_hold(held.id, NOW) is None


def test_what_the_law_forbids_at_a_distance_is_neither_held_nor_booked(
    book: Book, world: build.World
) -> None:
    strict = Book(book._connection, nobody, forbidden_services=("general",))
    with pytest.raises(Forbidden, match="general"):
        strict.hold(world.slot(local(11)), "consultation", NOW, CLERK)
    with pytest.raises(Forbidden):
        strict.book(build.request(world.patient.id, world.slot(local(11))), NOW, CLERK)


def test_the_practitioner_is_kept_for_the_buffer_and_the_kiosk_is_not(book: Book, world: build.World) -> None:
    kind = build.offer(book, world, buffer_minutes=10)
    slot = world.slot(local(11))
    held = book.hold(slot, kind.id, NOW, CLERK)
    columns = tables.allocation.c
    ends = {
        row.resource: row.ends_at
        for row in book._connection.execute(select(tables.allocation).where(columns.booking == held.id))
    }
    assert ends == {world.practitioner.id: local(11, 30), world.kiosk.id: local(11, 20)}


def test_a_visit_by_telephone_takes_the_practitioner_only(book: Book, world: build.World) -> None:
    kind = build.offer(book, world, needs_kiosk=False, channels=("audio",))
    slot = replace(world.slot(local(11)), kiosk_id=None)
    wish = build.request(world.patient.id, slot, visit_type_id=kind.id, channel="audio")
    made = book.book(wish, NOW, CLERK)
    assert (made.kiosk_id, active(book, made.id)) == (None, 1)
    assert book.appointment(made.id) == made
    with pytest.raises(SlotTaken):
        book.book(build.request(build.somebody(book), world.slot(local(11))), NOW, CLERK)
    book.change(*booking.cancel(made, NOW, CLERK))
    assert active(book, made.id) == 0
