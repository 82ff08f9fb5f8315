from datetime import timedelta

import pytest

from scheduling import waiting
from scheduling.putting_off import put_off
from scheduling.store import Book
from scheduling.wait_estimate import Forecast
from scheduling.waiting import QueueEntry
from tests import build
from tests.build import CLERK, DOCTOR, NOW
from tests.scheduling.conftest import Witness

pytestmark = pytest.mark.both_databases
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def came(book: Book, world: build.World, minute: int) -> QueueEntry:
    person = build.patient(identifier=f"50030800{minute:02}")
    book.add_patient(person)
    return book.enter_queue(
        person.id, world.facility.id, world.site.id, world.kiosk.id, None, False, NOW + minute * MINUTE, CLERK
    )


def seen(book: Book, world: build.World, entry: QueueEntry, after: int, length: int | None) -> None:
    at = entry.entered_at + after * MINUTE
    entry, event = waiting.admit(entry, world.practitioner.id, at, DOCTOR)
    book.change_entry(entry, event)
    if length is not None:
        book.change_entry(*waiting.finish(entry, at + length * MINUTE, DOCTOR))


def test_past_waits_say_when_somebody_came_was_taken_in_and_done(
    book: Book, world: build.World, witness: Witness
) -> None:
    first, second, _waits = (came(book, world, minute) for minute in (0, 5, 9))
    seen(book, world, first, 10, 12)
    seen(book, world, second, 20, None)
    witness.saw.clear()
    latest, earlier = book.past_waits(world.facility.id, NOW, NOW + HOUR)
    assert (earlier.since, earlier.admitted_at, earlier.done_at) == (
        NOW,
        NOW + 10 * MINUTE,
        NOW + 22 * MINUTE,
    )
    assert (latest.done_at, latest.practitioner_id) == (None, world.practitioner.id)
    assert witness.saw == []


def test_of_whom_nobody_could_reach_the_last_admission_counts(book: Book, world: build.World) -> None:
    entry = came(book, world, 0)
    seen(book, world, entry, 5, None)
    later = put_off(book.queue_entry(entry.id), 10, "no_answer", NOW + 6 * MINUTE, DOCTOR)
    book.change_entry(*later)
    seen(book, world, later[0], 20, 10)
    [past] = book.past_waits(world.facility.id, NOW, NOW + HOUR)
    assert (past.admitted_at, past.done_at) == (NOW + 20 * MINUTE, NOW + 30 * MINUTE)


def test_past_waits_are_of_one_facility_and_stretch_of_time(book: Book, world: build.World) -> None:
    seen(book, world, came(book, world, 0), 1, 1)
    assert book.past_waits(world.facility.id, NOW + MINUTE, NOW + HOUR) == []
    assert book.past_waits(world.site.id, NOW, NOW + HOUR) == []


def test_a_forecast_is_kept_beside_the_wait_that_came_of_it(book: Book, world: build.World) -> None:
    entry = came(book, world, 0)
    book.keep_forecast(entry.id, Forecast(5.0, 22.5))
    seen(book, world, entry, 10, 12)
    (past,) = book.past_waits(world.facility.id, NOW, NOW + HOUR)
    assert past.said == Forecast(5.0, 22.5)
