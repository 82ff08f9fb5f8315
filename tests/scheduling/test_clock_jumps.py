"""The clock is set back or ahead by an hour: a hold ends at its moment, and no time is given to two."""

from datetime import timedelta

import pytest

from scheduling.booking import HOLD_LENGTH
from scheduling.errors import SlotTaken, TooLate
from scheduling.store import Book
from tests import build
from tests.build import CLERK, NOW, World, local

pytestmark = pytest.mark.both_databases
HOUR = timedelta(hours=1)


def test_set_back_a_hold_stands_until_its_moment_comes(book: Book, world: World) -> None:
    held = book.hold(world.slot(local(11)), "consultation", NOW, CLERK)
    with pytest.raises(SlotTaken):
        book.book(build.request(build.somebody(book), held.slot), NOW - HOUR, CLERK)
    assert book.forget_holds(NOW - HOUR) == 0
    made = book.book(build.request(world.patient.id, held.slot, hold_id=held.id), NOW - HOUR, CLERK)
    assert made.id == held.id


def test_set_ahead_a_hold_is_over_and_who_comes_first_has_the_time(book: Book, world: World) -> None:
    held = book.hold(world.slot(local(11)), "consultation", NOW, CLERK)
    book.book(build.request(build.somebody(book), held.slot), NOW + HOUR, CLERK)
    with pytest.raises(SlotTaken):
        book.book(build.request(world.patient.id, held.slot, hold_id=held.id), NOW + HOUR, CLERK)


def test_set_ahead_and_back_the_holder_finds_the_time_gone_and_nobody_has_it_twice(
    book: Book, world: World
) -> None:
    held = book.hold(world.slot(local(11)), "consultation", NOW, CLERK)
    other = book.hold(held.slot, "consultation", NOW + HOUR, CLERK)
    with pytest.raises(SlotTaken):
        book.book(build.request(world.patient.id, held.slot, hold_id=held.id), NOW, CLERK)
    made = book.book(build.request(world.patient.id, held.slot, hold_id=other.id), NOW, CLERK)
    assert made.id == other.id


def test_set_ahead_past_a_slot_it_is_too_late_and_set_back_it_is_not(book: Book, world: World) -> None:
    slot = world.slot(local(10))
    with pytest.raises(TooLate):
        book.hold(slot, "consultation", NOW + HOUR, CLERK)
    assert book.hold(slot, "consultation", NOW, CLERK).expires_at == NOW + HOLD_LENGTH
