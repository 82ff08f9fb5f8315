"""An alarm is passed on until one doctor of the facility has put their name to having seen it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling.errors import NotFound
from telemed.intake.alarm_store import AlarmStore
from telemed.intake.alarms import Alarm
from telemed.records.tables import access_entry
from telemed.services import Services
from telemed.visits import alarms, clinic
from telemed.visits import kiosk as kiosk_verbs
from tests import build
from tests.fakes import FakeClock
from tests.telemed.alarming import alarm_of, breathless, colleague, day, job
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room

MINUTE = timedelta(minutes=1)
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def test_unanswered_it_is_passed_on_to_the_next_on_duty_and_then_to_everybody(room: ConsultingRoom) -> None:
    other = colleague(room)
    receipt = breathless(room)
    first = alarm_of(room, receipt)
    patience = timedelta(seconds=room.services.settings.alarm_seconds)
    room.clock.forward(patience - timedelta(seconds=1))
    assert job(room) == 0
    room.clock.forward(timedelta(seconds=1))
    assert job(room) == 1
    second = alarm_of(room, receipt)
    assert {first.asked, second.asked} == {room.doctor_id, other.id}
    room.clock.forward(patience)
    assert job(room) == 1
    assert alarm_of(room, receipt).reach == "everybody"
    room.clock.forward(timedelta(days=2))
    assert job(room) == 0
    assert len(day(room).alarms) == 1


@pytest.mark.both_databases
def test_one_name_stands_under_what_was_seen_however_often_it_is_pressed(room: ConsultingRoom) -> None:
    other = colleague(room)
    receipt = breathless(room)
    with room.services.unit(room.reader()) as unit:
        seen = alarms.acknowledge(unit, receipt.visit_id, room.doctor_id, shown=1)
    room.clock.forward(MINUTE)
    with room.services.unit(room.reader()) as unit:
        assert alarms.acknowledge(unit, receipt.visit_id, other.id, shown=1) == seen
    assert (seen.acknowledged_by, seen.acknowledged_at) == (room.doctor_id, build.NOW)
    assert day(room).alarms == ()
    room.clock.forward(timedelta(days=1))
    assert job(room) == 0


def test_taking_the_patient_in_is_not_yet_having_seen_the_value(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, receipt.visit_id, room.doctor_id)
    assert [each.visit.status for each in day(room).alarms] == ["in_progress"]


def test_who_goes_away_leaves_an_alarm_that_a_doctor_still_has_to_see(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    with room.services.unit(KIOSK) as unit:
        kiosk_verbs.leave(unit, receipt.visit_id, room.world.kiosk)
    room.clock.forward(timedelta(days=1))
    (left,) = day(room).alarms
    assert (left.visit.status, left.patient.phone) == ("waiting", "+359888123456")
    with room.services.unit(room.reader()) as unit:
        alarms.acknowledge(unit, receipt.visit_id, room.doctor_id, shown=1)
    assert day(room).alarms == ()


def test_doctors_of_another_facility_neither_see_nor_acknowledge_it(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    reader, elsewhere = room.reader(room.stranger), room.stranger
    assert elsewhere.facility_id is not None
    with room.services.unit(reader) as unit:
        assert alarms.open_alarms(unit, elsewhere.facility_id, elsewhere.practitioner_id) == ()
    with pytest.raises(NotFound), room.services.unit(reader) as unit:
        alarms.acknowledge(unit, receipt.visit_id, UUID(int=1), shown=1)
    assert alarm_of(room, receipt).open


def test_a_visit_without_an_alarm_has_nothing_to_acknowledge(room: ConsultingRoom) -> None:
    receipt = room.comes()
    with pytest.raises(NotFound), room.services.unit(room.reader()) as unit:
        alarms.acknowledge(unit, receipt.visit_id, room.doctor_id, shown=1)


def test_of_two_at_once_the_second_finds_the_first_ones_name(room: ConsultingRoom) -> None:
    other, receipt = colleague(room), breathless(room)
    with room.services.unit(room.reader()) as unit:
        slow = replace(unit, alarms=Overtaken(unit.alarms, other.id))
        seen = alarms.acknowledge(slow, receipt.visit_id, room.doctor_id, shown=1)
    assert seen.acknowledged_by == other.id


class Overtaken(AlarmStore):
    """A store into which somebody else writes just before our change."""

    def __init__(self, kept: AlarmStore, winner: UUID) -> None:
        self._kept, self._winner = kept, winner
        self._overtaken = False

    def of_visit(self, visit_id: UUID) -> Alarm | None:
        return self._kept.of_visit(visit_id)

    def change(self, changed: Alarm) -> None:
        if not self._overtaken:
            self._overtaken = True
            self._kept.change(replace(changed, acknowledged_by=self._winner))
        self._kept.change(changed)


def test_every_reading_of_an_alarm_is_written_down_for_its_owner(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    day(room)
    with room.services.engine.connect() as connection:
        told = connection.execute(
            select(access_entry.c.what).where(
                access_entry.c.owner_id == alarm_of(room, receipt).patient_id,
                access_entry.c.reader_kind == "staff",
            )
        ).scalars()
        assert any("value beyond a limit" in what for what in told)
