"""A calendar changes while somebody books: the booking is refused, or the change says what it strands."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest

from scheduling.calendar import Shift
from scheduling.errors import OutsideHours
from scheduling.ids import uuid7
from scheduling.places import Outage
from scheduling.rosters import Leave
from scheduling.store import Book
from scheduling.stores.stranded import Scope
from tests import build
from tests.build import CLERK, NOW, TUESDAY, World, local
from tests.scheduling.conftest import Unit

pytestmark = pytest.mark.both_databases
BOOKERS = 12
NOON = local(12)


def shorter_roster(book: Book, world: World) -> None:
    doctor = world.practitioner
    mornings = [Shift(doctor.id, doctor.facility_id, day, time(8), time(12)) for day in range(5)]
    book.set_shifts(doctor.id, doctor.facility_id, mornings)


def leave(book: Book, world: World) -> None:
    book.add_leave(Leave(uuid7(), world.practitioner.id, TUESDAY, TUESDAY, "ill"))


def shorter_hours(book: Book, world: World) -> None:
    book.set_hours(world.site.id, build.hours(time(9), time(12)))


def outage(book: Book, world: World) -> None:
    book.add_outage(Outage(uuid7(), world.site.id, world.kiosk.id, NOON, local(17), "maintenance", ""))


@pytest.mark.parametrize("change", [shorter_roster, leave, shorter_hours, outage])
def test_no_booking_ends_up_outside_unseen(
    unit: Unit, shared_world: World, change: Callable[[Book, World], None]
) -> None:
    world, ready = shared_world, Barrier(BOOKERS + 1)
    with unit() as book:
        people = [build.somebody(book) for _ in range(BOOKERS)]

    def take(number: int) -> bool:
        ready.wait(10)
        slot = world.slot(NOON + number * build.MINUTES_20)
        try:
            with unit() as book:
                book.book(build.request(people[number], slot), NOW, CLERK)
        except OutsideHours:
            return False
        return True

    def make_change() -> set[object]:
        """The change, and what it strands, in one transaction as the coordinator's page does it."""
        ready.wait(10)
        with unit() as book:
            change(book, world)
            return {each.appointment_id for each in book.stranded(NOW, Scope())}

    with ThreadPoolExecutor(BOOKERS + 1) as pool:
        taking = [pool.submit(take, number) for number in range(BOOKERS // 2)]
        changing = pool.submit(make_change)
        taking += [pool.submit(take, number) for number in range(BOOKERS // 2, BOOKERS)]
        told, booked = changing.result(), [each.result() for each in taking]
    with unit() as book:
        made = {each.id for each in book.appointments_on(NOON, local(17))}
        # All of these lie outside now: each was told of by the very change that left it there.
        assert {each.appointment_id for each in book.stranded(NOW, Scope())} == made == told
    assert sum(booked) == len(made)
