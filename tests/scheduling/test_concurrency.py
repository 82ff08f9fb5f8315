"""Many takers at the same moment: one wins, the others are told so, and nothing is half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling import booking, tables, waiting
from scheduling.errors import SlotTaken, StaleVersion
from scheduling.store import Book
from tests import build
from tests.build import CLERK, DOCTOR, NOW, local
from tests.scheduling.conftest import Unit

pytestmark = pytest.mark.both_databases
TAKERS = 32


def at_once(unit: Unit, what: Callable[[Book, int], UUID | None]) -> list[UUID | None]:
    """Do it in thirty-two transactions that begin at the same moment; a refusal counts as None."""
    ready = Barrier(TAKERS)

    def one(number: int) -> UUID | None:
        ready.wait()
        try:
            with unit() as book:
                return what(book, number)
        except (SlotTaken, StaleVersion):
            return None

    with ThreadPoolExecutor(TAKERS) as pool:
        return list(pool.map(one, range(TAKERS)))


def patients(unit: Unit) -> list[UUID]:
    with unit() as book:
        return [build.somebody(book) for _ in range(TAKERS)]


def rows(unit: Unit, table: str) -> int:
    with unit() as book:
        return len(book._connection.execute(select(tables.metadata.tables[table])).all())


def test_of_thirty_two_takers_of_one_slot_one_wins(unit: Unit, shared_world: build.World) -> None:
    slot, people = shared_world.slot(local(11)), patients(unit)
    answers = at_once(
        unit, lambda book, number: book.book(build.request(people[number], slot), NOW, CLERK).id
    )
    assert len([answer for answer in answers if answer]) == 1
    assert (rows(unit, "appointment"), rows(unit, "allocation"), rows(unit, "event")) == (1, 2, 1)


def test_of_thirty_two_takers_of_overlapping_times_no_two_overlap(
    unit: Unit, shared_world: build.World
) -> None:
    people = patients(unit)
    with unit() as book:
        short = build.offer(book, shared_world, minutes=5)

    def take(book: Book, number: int) -> UUID:
        kind = short.id if number % 2 else "consultation"
        length = short.length if number % 2 else build.MINUTES_20
        slot = shared_world.slot(local(11) + (number % 16) * short.length * (1 if number % 2 else 4), length)
        wish = build.request(people[number], slot, visit_type_id=kind)
        return book.book(wish, NOW, CLERK).id

    answers = at_once(unit, take)
    taken = [answer for answer in answers if answer]
    with unit() as book:
        made = sorted((book.appointment(answer) for answer in taken), key=lambda each: each.starts_at)
    assert 1 <= len(made) == rows(unit, "appointment")
    assert all(first.ends_at <= second.starts_at for first, second in pairwise(made))


def test_thirty_two_different_slots_are_all_booked(unit: Unit, shared_world: build.World) -> None:
    with unit() as book:
        slots = book.free_slots(shared_world.site.id, None, "consultation", build.TUESDAY, 2, NOW)
    people = patients(unit)
    answers = at_once(
        unit, lambda book, number: book.book(build.request(people[number], slots[number]), NOW, CLERK).id
    )
    assert None not in answers
    assert rows(unit, "allocation") == 2 * TAKERS


def test_one_booking_sent_thirty_two_times_is_one_appointment(unit: Unit, shared_world: build.World) -> None:
    wish = build.request(shared_world.patient.id, shared_world.slot(local(11)))
    answers = at_once(unit, lambda book, _: book.book(wish, NOW, CLERK).id)
    assert len(set(answers)) == 1
    assert None not in answers
    assert rows(unit, "event") == 1


def test_of_thirty_two_who_cancel_the_same_version_one_does(unit: Unit, shared_world: build.World) -> None:
    slot, person = shared_world.slot(local(11)), shared_world.patient.id
    with unit() as book:
        made = book.book(build.request(person, slot), NOW, CLERK)

    def cancel(book: Book, _: int) -> UUID | None:
        book.change(*booking.cancel(made, NOW, CLERK))
        return made.id

    assert at_once(unit, cancel).count(made.id) == 1
    assert rows(unit, "event") == 2


def test_of_thirty_two_practitioners_who_admit_one_patient_one_does(
    unit: Unit, shared_world: build.World
) -> None:
    world = shared_world
    with unit() as book:
        entry = book.enter_queue(
            world.patient.id, world.facility.id, world.site.id, world.kiosk.id, None, False, NOW, CLERK
        )

    def admit(book: Book, _: int) -> UUID | None:
        book.change_entry(*waiting.admit(entry, world.practitioner.id, NOW, DOCTOR))
        return entry.id

    assert at_once(unit, admit).count(entry.id) == 1
    assert rows(unit, "event") == 2
