"""What is said about a wait: nothing while little is known, then an interval learnt from earlier days."""

from datetime import datetime, timedelta

import pytest

from scheduling import waiting
from scheduling.ids import uuid7
from scheduling.wait_estimate import ENOUGH_FORECASTS, Forecast
from scheduling.waiting import QueueEntry
from telemed.services import Services
from telemed.visits import waits
from tests import build
from tests.build import CLERK, DOCTOR
from tests.fakes import FakeClock
from tests.telemed.consulting_room import ConsultingRoom, open_room

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def seen(room: ConsultingRoom, came: datetime, waited: int, length: int, said: Forecast | None) -> None:
    """Somebody came on an earlier day, waited and was seen."""
    person = build.patient(id=uuid7(), identifier=None, identifier_kind=None)
    world = room.world
    with room.services.unit(room.reader()) as unit:
        unit.book.add_patient(person)
        entry: QueueEntry = unit.book.enter_queue(
            person.id, world.facility.id, world.site.id, world.kiosk.id, None, False, came, CLERK
        )
        if said is not None:
            unit.book.keep_forecast(entry.id, said)
        at = came + waited * MINUTE
        entry, event = waiting.admit(entry, world.practitioner.id, at, DOCTOR)
        unit.book.change_entry(entry, event)
        unit.book.change_entry(*waiting.finish(entry, at + length * MINUTE, DOCTOR))


def a_month(room: ConsultingRoom, number: int = ENOUGH_FORECASTS + 5, said: bool = True) -> None:
    """Many earlier visits of a quarter of an hour, each waited for as long as was said."""
    for each in range(number):
        came = room.clock.now() - DAY * (1 + each % 20)
        seen(room, came, 10, 15, Forecast(5.0, 15.0) if said else None)


def told_to_a_newcomer(room: ConsultingRoom) -> waits.Wait:
    with room.services.view() as view:
        return waits.newcomer(waits.look(view.book, room.world.facility.id, view.now), room.world.site.id)


def test_a_new_clinic_cannot_say_yet(room: ConsultingRoom) -> None:
    assert told_to_a_newcomer(room).interval is None


def test_visits_alone_are_not_enough_without_knowing_how_far_off_we_were(room: ConsultingRoom) -> None:
    a_month(room, said=False)
    assert told_to_a_newcomer(room).interval is None


def test_after_some_weeks_it_says_an_interval_that_grows_with_the_queue(room: ConsultingRoom) -> None:
    a_month(room)
    alone = told_to_a_newcomer(room)
    for _ in range(3):
        room.comes()
    behind = told_to_a_newcomer(room)
    assert (alone.ahead, behind.ahead) == (0, 3)
    assert alone.interval is not None
    assert behind.interval is not None
    assert behind.interval.low >= 30 > alone.interval.low


def test_the_same_question_in_the_same_minute_has_the_same_answer(room: ConsultingRoom) -> None:
    a_month(room)
    assert told_to_a_newcomer(room) == told_to_a_newcomer(room)


def test_at_night_when_nobody_works_nothing_is_promised(room: ConsultingRoom) -> None:
    a_month(room)
    room.clock.forward(timedelta(hours=12))
    assert told_to_a_newcomer(room).interval is None


def test_who_comes_gets_a_forecast_that_later_days_learn_from(room: ConsultingRoom) -> None:
    a_month(room)
    room.comes()
    with room.services.unit(room.reader()) as unit:
        (entry,) = unit.book.queue(room.world.facility.id)
        taken, event = waiting.admit(entry, room.doctor_id, unit.now + 20 * MINUTE, DOCTOR)
        unit.book.change_entry(taken, event)
        (today,) = unit.book.past_waits(room.world.facility.id, unit.now - MINUTE, unit.now + MINUTE)
    assert today.said is not None
    assert today.said.low <= today.said.high
