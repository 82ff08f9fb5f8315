"""A call for help is passed on until a named doctor on duty sees to it; it names no patient."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from scheduling.errors import NotFound
from scheduling.ids import uuid7
from scheduling.places import Kiosk
from telemed import database
from telemed.intake.emergency_calls import EmergencyCall
from telemed.intake.emergency_store import EmergencyStore
from telemed.intake.emergency_tables import emergency_call
from telemed.records.tables import access_entry
from telemed.run import alarm_jobs
from telemed.services import Services
from telemed.visits import emergencies
from tests import build
from tests.fakes import FakeClock
from tests.telemed.alarming import breathless, colleague, count, day
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room

MINUTE = timedelta(minutes=1)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def calls(room: ConsultingRoom, kiosk: Kiosk | None = None) -> EmergencyCall:
    """Somebody presses the button."""
    call_id = uuid7()
    with room.services.unit(KIOSK) as unit:
        emergencies.call_for_help(unit, call_id, "pressed", kiosk or room.world.kiosk)
        return unit.emergencies.get(call_id)


def now_of(room: ConsultingRoom, call: EmergencyCall) -> EmergencyCall:
    with room.services.view() as view:
        return view.emergencies.get(call.id)


def tick(room: ConsultingRoom) -> int:
    run, _ = alarm_jobs.jobs(room.services.settings)["emergencies.pass_on"]
    return run(room.services)


@pytest.mark.both_databases
def test_unanswered_it_goes_to_the_next_on_duty_and_then_to_everybody(room: ConsultingRoom) -> None:
    other, first = colleague(room), calls(room)
    patience = timedelta(seconds=room.services.settings.alarm_seconds)
    assert tick(room) == 0
    room.clock.forward(patience)
    assert tick(room) == 1
    second = now_of(room, first)
    assert {first.asked, second.asked} == {room.doctor_id, other.id}
    room.clock.forward(patience)
    assert tick(room) == 1
    last = now_of(room, first)
    assert (last.reach, last.asked, last.escalations) == ("everybody", None, 2)
    room.clock.forward(timedelta(days=1))
    assert tick(room) == 0
    assert [each.call.id for each in day(room).emergencies] == [first.id]


def test_it_stands_before_alarms_and_names_nobody(room: ConsultingRoom) -> None:
    breathless(room)
    call = calls(room)
    (shown,) = day(room).emergencies
    assert (shown.call.id, shown.site.id, shown.kiosk.id) == (
        call.id,
        room.world.site.id,
        room.world.kiosk.id,
    )
    assert shown.for_me
    assert not any("patient" in name for name in vars(shown.call))


def test_reading_calls_is_reading_about_nobody(room: ConsultingRoom) -> None:
    calls(room)
    day(room)
    with room.services.engine.connect() as connection:
        assert connection.execute(select(access_entry.c.what)).all() == []


@pytest.mark.both_databases
def test_the_first_name_stands_however_often_it_is_pressed(room: ConsultingRoom) -> None:
    other, call = colleague(room), calls(room)
    with room.services.unit(room.reader()) as unit:
        seen = emergencies.acknowledge(unit, call.id, room.doctor_id)
    room.clock.forward(MINUTE)
    with room.services.unit(room.reader()) as unit:
        assert emergencies.acknowledge(unit, call.id, other.id) == seen
    assert (seen.acknowledged_by, seen.acknowledged_at) == (room.doctor_id, build.NOW)
    assert day(room).emergencies == ()
    room.clock.forward(timedelta(days=1))
    assert tick(room) == 0


def test_calls_of_one_kiosk_are_one_with_a_count_and_are_answered_together(room: ConsultingRoom) -> None:
    first = calls(room)
    for _ in range(29):
        room.clock.forward(MINUTE)
        last = calls(room)
    (shown,) = day(room).emergencies
    assert (shown.call.id, shown.newest, shown.presses) == (first.id, last.id, 30)
    assert [each.presses for each in at_counter(room)] == [30]
    room.clock.forward(MINUTE)
    later = calls(room)
    with room.services.unit(room.reader()) as unit:
        emergencies.acknowledge(unit, shown.newest, room.doctor_id)
    assert [each.newest for each in day(room).emergencies] == [later.id]
    assert [each.presses for each in at_counter(room)] == [1, 30]


def test_another_kiosks_call_is_answered_by_itself(room: ConsultingRoom) -> None:
    away = build.kiosk(room.world.site.id)
    with room.services.unit(KIOSK) as unit:
        unit.book.add_kiosk(away)
    other, mine = calls(room, away), calls(room)
    with room.services.unit(room.reader()) as unit:
        emergencies.acknowledge(unit, mine.id, room.doctor_id)
    assert [each.call.id for each in day(room).emergencies] == [other.id]


def test_of_two_at_once_the_second_finds_the_first_ones_name(room: ConsultingRoom) -> None:
    other, call = colleague(room), calls(room)
    with room.services.unit(room.reader()) as unit:
        slow = replace(unit, emergencies=Overtaken(unit.emergencies, other.id))
        seen = emergencies.acknowledge(slow, call.id, room.doctor_id)
    assert seen.acknowledged_by == other.id


def test_passed_on_at_the_moment_somebody_sees_it_it_stays_seen(room: ConsultingRoom) -> None:
    other, call = colleague(room), calls(room)
    room.clock.forward(timedelta(hours=1))
    with room.services.unit(room.reader()) as unit:
        slow = replace(unit, emergencies=Overtaken(unit.emergencies, other.id))
        assert emergencies.pass_on(slow, call.id, MINUTE) == 0
    assert now_of(room, call).acknowledged_by == other.id


class Overtaken(EmergencyStore):
    """A store into which somebody else writes just before our change."""

    def __init__(self, kept: EmergencyStore, winner: UUID) -> None:
        self._kept, self._winner = kept, winner
        self._overtaken = False

    def get(self, call_id: UUID) -> EmergencyCall:
        return self._kept.get(call_id)

    def open_at(self, facility_id: UUID) -> list[EmergencyCall]:
        return self._kept.open_at(facility_id)

    def change(self, changed: EmergencyCall) -> None:
        if not self._overtaken:
            self._overtaken = True
            seen_at = changed.acknowledged_at or changed.asked_at
            self._kept.change(replace(changed, acknowledged_by=self._winner, acknowledged_at=seen_at))
        self._kept.change(changed)


def test_doctors_of_another_facility_neither_see_nor_answer_it(room: ConsultingRoom) -> None:
    call, elsewhere = calls(room), room.stranger
    assert elsewhere.facility_id is not None
    with room.services.unit(room.reader(elsewhere)) as unit:
        assert emergencies.open_calls(unit, elsewhere.facility_id, elsewhere.practitioner_id) == ()
    with pytest.raises(NotFound), room.services.unit(room.reader(elsewhere)) as unit:
        emergencies.acknowledge(unit, call.id, UUID(int=1))
    assert now_of(room, call).open


def test_the_counter_knows_of_its_own_kiosks_only_and_not_for_ever(room: ConsultingRoom) -> None:
    site = build.site(name="Поща Друга")
    away = build.kiosk(site.id)
    with room.services.unit(KIOSK) as unit:
        unit.book.add_site(site)
        unit.book.add_kiosk(away)
    mine, _ = calls(room), calls(room, away)
    assert [each.call.id for each in at_counter(room)] == [mine.id]
    with room.services.unit(room.reader()) as unit:
        emergencies.acknowledge(unit, mine.id, room.doctor_id)
    (seen,) = at_counter(room)
    assert seen.seen_by is not None
    assert seen.seen_by.id == room.doctor_id
    room.clock.forward(emergencies.TOLD_AT_COUNTER)
    assert at_counter(room) == ()


def test_what_nobody_has_answered_stays_on_the_counter(room: ConsultingRoom) -> None:
    call = calls(room)
    room.clock.forward(timedelta(hours=5))
    assert [each.call.id for each in at_counter(room)] == [call.id]


def at_counter(room: ConsultingRoom) -> tuple[emergencies.ShownCall, ...]:
    with room.services.view() as view:
        return emergencies.at_counter(view.emergencies, view.book, room.world.site.id, view.now)


def test_where_the_service_knows_of_no_doctor_the_call_is_kept_for_the_counter(services: Services) -> None:
    site, clock = build.site(), FakeClock()
    kiosk = build.kiosk(site.id)
    services = replace(services, clock=clock)
    with services.unit(KIOSK) as unit:
        unit.book.add_settlement(build.settlement())
        unit.book.add_site(site)
        unit.book.add_kiosk(kiosk)
        assert emergencies.call_for_help(unit, uuid7(), "danger", kiosk) == "nobody"
    with services.view() as view:
        (shown,) = emergencies.at_counter(view.emergencies, view.book, site.id, view.now)
    assert shown.call.facility_id is None


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change",
    [
        update(emergency_call).values(why="danger"),
        update(emergency_call).values(raised_at=build.NOW - MINUTE),
        update(emergency_call).values(escalations=-1),
        update(emergency_call).values(acknowledged_at=build.NOW),
        delete(emergency_call),
    ],
)
def test_the_database_itself_refuses_to_change_what_was_called(room: ConsultingRoom, change: Any) -> None:
    calls(room)
    with pytest.raises(DatabaseError), database.write(room.services.engine) as connection:
        connection.execute(change)
    assert count(room, emergency_call) == 1


@pytest.mark.both_databases
def test_a_call_that_was_seen_cannot_be_opened_again(room: ConsultingRoom) -> None:
    call = calls(room)
    with room.services.unit(room.reader()) as unit:
        emergencies.acknowledge(unit, call.id, room.doctor_id)
    unseen = update(emergency_call).values(acknowledged_at=None, acknowledged_by=None)
    with pytest.raises(DatabaseError), database.write(room.services.engine) as connection:
        connection.execute(unseen)
    assert not now_of(room, call).open
