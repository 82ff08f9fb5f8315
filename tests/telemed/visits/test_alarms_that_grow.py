"""A further value beside an open alarm: it grows, calls anew, and is seen with all its values only."""

from datetime import timedelta

import pytest

from telemed.intake.alarm_tables import alarm
from telemed.services import Services
from telemed.visits import alarms, worklist
from tests.fakes import FakeClock
from tests.telemed.alarming import alarm_of, breathless, colleague, count, job, measures_again
from tests.telemed.consulting_room import ConsultingRoom, open_room

PATIENCE = timedelta(minutes=3)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def test_an_open_alarm_grows_by_every_further_value_and_calls_anew(room: ConsultingRoom) -> None:
    other = colleague(room)
    receipt = breathless(room)
    room.clock.forward(PATIENCE)
    assert (job(room), alarm_of(room, receipt).escalations) == (1, 1)
    measures_again(room, receipt, "temperature", "41")
    measures_again(room, receipt, "oxygen", "60")
    grown = alarm_of(room, receipt)
    assert [(each.code, str(each.value)) for each in grown.values] == [
        ("oxygen", "88"),
        ("temperature", "41"),
        ("oxygen", "60"),
    ]
    assert (grown.reach, grown.asked, grown.asked_at) == ("first", room.doctor_id, room.clock.now())
    assert count(room, alarm) == 1
    room.clock.forward(PATIENCE)
    assert (job(room), alarm_of(room, receipt).asked) == (1, other.id)


@pytest.mark.both_databases
def test_what_was_not_shown_was_not_seen(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    measures_again(room, receipt, "temperature", "41")
    with room.services.unit(room.reader()) as unit:
        assert alarms.acknowledge(unit, receipt.visit_id, room.doctor_id, shown=1).open
    assert alarm_of(room, receipt).open
    with room.services.unit(room.reader()) as unit:
        assert not alarms.acknowledge(unit, receipt.visit_id, room.doctor_id, shown=2).open


def test_the_same_value_again_adds_nothing_to_an_open_alarm(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    first = alarm_of(room, receipt)
    measures_again(room, receipt, "oxygen", "88")
    assert alarm_of(room, receipt) == first


def test_every_kind_of_every_alarm_is_marked_on_the_case(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    with room.services.unit(room.reader()) as unit:
        alarms.acknowledge(unit, receipt.visit_id, room.doctor_id, shown=1)
    measures_again(room, receipt, "temperature", "41")
    with room.services.unit(room.reader()) as unit:
        marked = worklist.case(unit, receipt.visit_id, room.doctor_id).beyond
    assert marked == {"oxygen", "temperature"}
