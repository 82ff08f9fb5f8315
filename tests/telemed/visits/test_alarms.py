"""A value beyond a limit is in front of a doctor at once, until one says that they have seen it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scheduling import tables
from scheduling.ids import uuid7
from telemed.intake.alarm_tables import alarm
from telemed.intake.limit_store import UNSIGNED
from telemed.intake.limits import PROPOSAL, Limit
from telemed.services import Services
from telemed.visits import clinic, worklist
from telemed.visits import kiosk as kiosk_verbs
from tests import build
from tests.fakes import FakeClock
from tests.telemed.alarming import alarm_of, at, breathless, count, day, job, measured
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room, submission

MINUTE = timedelta(minutes=1)
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


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


def twice(first: str, second: str | None) -> list[dict[str, Any]]:
    """Oxygen measured, and measured once more or refused."""
    told = {"code": "oxygen", "taken_at": build.NOW.isoformat()}
    again = {"reason": "refused"} if second is None else {"value": second}
    return [{**told, "value": first}, {**told, "number": 2, **again}]


def test_what_is_within_the_limit_the_second_time_calls_nobody(room: ConsultingRoom) -> None:
    assert room.comes(measurements=twice("88", "95")).call == ""
    assert count(room, alarm) == 0


@pytest.mark.parametrize(("second", "counts"), [("87", 87), (None, 88)])
def test_what_is_beyond_both_times_or_not_measured_again_calls_a_doctor_once(
    room: ConsultingRoom, second: str | None, counts: int
) -> None:
    receipt = room.comes(measurements=twice("88", second))
    assert receipt.call == "doctor"
    assert [each.value for each in alarm_of(room, receipt).values] == [Decimal(counts)]
    assert count(room, alarm) == 1


def test_a_meter_that_shows_hi_and_somebody_not_awake_call_a_doctor(room: ConsultingRoom) -> None:
    told = [
        {"code": "glucose", "reason": "failed", "flags": ["above-range"], "taken_at": build.NOW.isoformat()},
        {"code": "consciousness", "coded": "voice", "source": "observed", "taken_at": build.NOW.isoformat()},
    ]
    receipt = room.comes(measurements=told)
    assert receipt.call == "doctor"
    assert [each.said for each in alarm_of(room, receipt).values] == ["above-range", "voice"]


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


def test_where_nobody_who_sees_everybody_works_the_facility_that_was_asked_for_looks(
    room: ConsultingRoom,
) -> None:
    with room.services.unit(room.reader()) as unit:
        kind = build.offer(unit.book, room.world)
        unit.book.set_offers(room.doctor_id, [kind.id])
        away = build.practitioner(room.world.facility.id)
        unit.book.add_practitioner(away)
        unit.book.set_offers(away.id, ["consultation"])
    receipt = breathless(room, choice={"kind": "wish", "days": 7, "visit_type_id": kind.id})
    assert receipt.call == "doctor"
    assert alarm_of(room, receipt).asked == room.doctor_id
