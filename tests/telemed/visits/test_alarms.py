"""A value beyond a limit is in front of a doctor at once, until one says that they have seen it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from scheduling import tables
from scheduling.errors import NotFound
from scheduling.ids import uuid7
from scheduling.people import Practitioner
from telemed.intake.alarm_store import AlarmStore
from telemed.intake.alarm_tables import alarm
from telemed.intake.alarms import Alarm
from telemed.intake.limit_store import UNSIGNED
from telemed.intake.limits import PROPOSAL, Limit
from telemed.records.tables import access_entry
from telemed.run import alarm_jobs
from telemed.services import Services
from telemed.visits import alarms, clinic, worklist
from telemed.visits import kiosk as kiosk_verbs
from telemed.visits.kiosk import Receipt
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room, submission

MINUTE = timedelta(minutes=1)
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def measured(**values: str) -> list[dict[str, str]]:
    return [{"code": code, "value": each, "taken_at": build.NOW.isoformat()} for code, each in values.items()]


def at(room: ConsultingRoom, hour: int) -> dict[str, str]:
    slot = room.world.slot(build.local(hour))
    return {
        "kind": "slot",
        "practitioner_id": str(slot.practitioner_id),
        "kiosk_id": str(slot.kiosk_id),
        "starts_at": slot.starts_at.isoformat(),
    }


def breathless(room: ConsultingRoom, **changes: Any) -> Receipt:
    """Somebody comes whose oxygen is beyond the limit."""
    return room.comes(**{"measurements": measured(oxygen="88"), **changes})


def alarm_of(room: ConsultingRoom, receipt: Receipt) -> Alarm:
    with room.services.unit(room.reader()) as unit:
        found = unit.alarms.of_visit(receipt.visit_id)
    assert found is not None
    return found


def day(room: ConsultingRoom) -> worklist.Day:
    with room.services.unit(room.reader()) as unit:
        return worklist.day(unit, room.world.facility.id, room.doctor_id)


def colleague(room: ConsultingRoom, **changes: Any) -> Practitioner:
    """Another doctor on duty at the same facility."""
    who = build.practitioner(room.world.facility.id, name="д-р Колева", **changes)
    with room.services.unit(KIOSK) as unit:
        unit.book.add_practitioner(who)
        for shift in build.roster(who):
            unit.book.add_shift(shift)
    return who


def job(room: ConsultingRoom) -> int:
    run, _ = alarm_jobs.jobs(room.services.settings)["alarms.pass_on"]
    return run(room.services)


def count(room: ConsultingRoom, table: Any) -> int:
    with room.services.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.both_databases
def test_a_value_beyond_the_limit_is_first_in_the_queue_and_asks_whoever_is_on_duty(
    room: ConsultingRoom,
) -> None:
    room.comes()
    receipt = breathless(room)
    raised = alarm_of(room, receipt)
    assert (receipt.kind, receipt.call) == ("now", "doctor")
    assert [(each.code, each.value, each.end) for each in raised.values] == [
        ("oxygen", Decimal(88), Decimal(91))
    ]
    assert (raised.asked, raised.reach, raised.limits_version) == (room.doctor_id, "first", UNSIGNED)
    seen = day(room)
    assert seen.waiting[0].visit.id == receipt.visit_id
    assert [each.alarm for each in seen.alarms] == [raised]


def test_values_within_the_limits_and_reasons_raise_nothing(room: ConsultingRoom) -> None:
    refused = [{"code": "oxygen", "reason": "refused", "taken_at": build.NOW.isoformat()}]
    for told in ([], refused, measured(oxygen="92", pulse="130", temperature="39.0")):
        assert room.comes(measurements=told).call == ""
    assert count(room, alarm) == 0
    assert not any(line.entry.emergency for line in day(room).waiting)


def test_several_values_are_one_alarm(room: ConsultingRoom) -> None:
    receipt = breathless(room, measurements=measured(oxygen="88", pulse="135", temperature="36.6"))
    assert [each.code for each in alarm_of(room, receipt).values] == ["oxygen", "pulse"]
    assert count(room, alarm) == 1


@pytest.mark.both_databases
def test_who_booked_for_later_keeps_that_and_is_called_in_now(room: ConsultingRoom) -> None:
    receipt = breathless(room, choice=at(room, 15))
    assert (receipt.kind, receipt.call, receipt.starts_at) == ("slot", "doctor", build.local(15))
    (line,) = day(room).waiting
    assert (line.visit.id, line.entry.emergency, line.appointment) == (receipt.visit_id, True, None)
    assert line.intake is not None
    (booked,) = day(room).booked
    assert booked.appointment.status == "booked"


def test_who_hopes_for_a_time_is_called_in_now(room: ConsultingRoom) -> None:
    receipt = breathless(room, choice={"kind": "wish", "days": 7})
    assert (receipt.kind, receipt.call) == ("wish", "doctor")
    assert day(room).waiting[0].visit.id == receipt.visit_id
    assert count(room, tables.wish) == 1


def test_the_case_of_who_was_called_in_shows_what_was_measured(room: ConsultingRoom) -> None:
    receipt = breathless(room, choice=at(room, 15))
    with room.services.unit(room.reader()) as unit:
        case = worklist.case(unit, receipt.visit_id, room.doctor_id)
    assert case.intake is not None
    assert [each.code for each in case.intake.measurements] == ["oxygen"]
    assert case.alarm is not None
    assert case.alarm.for_me


def test_after_being_seen_at_once_the_booked_visit_takes_place_as_ever(room: ConsultingRoom) -> None:
    receipt = breathless(room, choice=at(room, 11))
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, receipt.visit_id, room.doctor_id)
    room.clock.moment = build.local(11) - 5 * MINUTE
    with room.services.unit(KIOSK) as unit:
        arrival = kiosk_verbs.arrive(unit, receipt.code, room.world.kiosk)
    assert arrival is not None
    assert arrival.visit_id not in (None, receipt.visit_id)
    assert {line.visit.id for line in day(room).waiting} == {arrival.visit_id}


@pytest.mark.parametrize("choice", [None, {"kind": "wish", "days": 7}])
def test_a_slip_leads_back_to_the_visit_into_which_somebody_was_called(
    room: ConsultingRoom, choice: dict[str, Any] | None
) -> None:
    receipt = breathless(room, choice=choice or at(room, 11))
    with room.services.unit(KIOSK) as unit:
        arrival = kiosk_verbs.arrive(unit, receipt.code, room.world.kiosk)
    assert arrival is not None
    assert arrival.visit_id == receipt.visit_id
    assert len(day(room).waiting) == 1


@pytest.mark.parametrize("booked", [False, True])
def test_the_same_intake_sent_again_raises_nothing_more_and_gets_the_same_receipt(
    room: ConsultingRoom, booked: bool
) -> None:
    told = submission(measurements=measured(oxygen="88"), **({"choice": at(room, 15)} if booked else {}))
    intake_id, receipts = uuid7(), []
    for _ in range(2):
        with room.services.unit(KIOSK) as unit:
            receipts.append(kiosk_verbs.file_intake(unit, intake_id, told, room.world.kiosk))
        room.clock.forward(10 * MINUTE)
        job(room)
    assert receipts[0] == receipts[1]
    assert count(room, alarm) == 1
    assert count(room, tables.queue_entry) == 1


def test_with_nobody_on_duty_it_is_said_and_everybody_of_the_facility_is_asked(room: ConsultingRoom) -> None:
    room.clock.moment = build.local(10, day=SUNDAY)
    receipt = breathless(room)
    raised = alarm_of(room, receipt)
    assert receipt.call == "nobody"
    assert (raised.reach, raised.asked) == ("everybody", None)
    room.clock.moment = build.local(10)
    assert [each.alarm.id for each in day(room).alarms] == [raised.id]


def test_the_limits_that_the_facility_has_signed_hold(room: ConsultingRoom) -> None:
    stricter = {**PROPOSAL, "oxygen": Limit("oxygen", Decimal(94), None)}
    with room.services.unit(room.reader()) as unit:
        unit.limits.sign(room.world.facility.id, stricter, room.doctor_id, unit.now, UNSIGNED)
    raised = alarm_of(room, breathless(room, measurements=measured(oxygen="94")))
    assert (raised.limits_version, raised.values[0].limit) == (1, stricter["oxygen"])


def test_the_limits_of_another_facility_mean_nothing_here(room: ConsultingRoom) -> None:
    lax = {**PROPOSAL, "oxygen": Limit("oxygen", Decimal(60), None)}
    with room.services.unit(room.reader(room.stranger)) as unit:
        elsewhere, who = room.stranger.facility_id, room.stranger.practitioner_id
        assert elsewhere is not None
        assert who is not None
        unit.limits.sign(elsewhere, lax, who, unit.now, UNSIGNED)
    assert breathless(room).call == "doctor"


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
        seen = alarms.acknowledge(unit, receipt.visit_id, room.doctor_id)
    room.clock.forward(MINUTE)
    with room.services.unit(room.reader()) as unit:
        assert alarms.acknowledge(unit, receipt.visit_id, other.id) == seen
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
    (left,) = day(room).alarms
    assert (left.visit.status, left.patient.phone) == ("cancelled", "+359888123456")
    with room.services.unit(room.reader()) as unit:
        alarms.acknowledge(unit, receipt.visit_id, room.doctor_id)
    assert day(room).alarms == ()


def test_doctors_of_another_facility_neither_see_nor_acknowledge_it(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    reader, elsewhere = room.reader(room.stranger), room.stranger
    assert elsewhere.facility_id is not None
    with room.services.unit(reader) as unit:
        assert alarms.open_alarms(unit, elsewhere.facility_id, elsewhere.practitioner_id) == ()
    with pytest.raises(NotFound), room.services.unit(reader) as unit:
        alarms.acknowledge(unit, receipt.visit_id, UUID(int=1))
    assert alarm_of(room, receipt).open


def test_a_visit_without_an_alarm_has_nothing_to_acknowledge(room: ConsultingRoom) -> None:
    receipt = room.comes()
    with pytest.raises(NotFound), room.services.unit(room.reader()) as unit:
        alarms.acknowledge(unit, receipt.visit_id, room.doctor_id)


def test_of_two_at_once_the_second_finds_the_first_ones_name(room: ConsultingRoom) -> None:
    other, receipt = colleague(room), breathless(room)
    with room.services.unit(room.reader()) as unit:
        slow = replace(unit, alarms=Overtaken(unit.alarms, other.id))
        seen = alarms.acknowledge(slow, receipt.visit_id, room.doctor_id)
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
