"""A doctor asks for a reading again: the answer is filed once, beside the intake, and may raise an alarm."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from scheduling.errors import NotFound, WrongState
from scheduling.ids import uuid7
from telemed import database
from telemed.intake.again_tables import asked_again, supplement
from telemed.intake.alarm_tables import alarm
from telemed.intake.asked_again import KINDS, Answered, AskedAgain, answers
from telemed.intake.devices import MeasuringDevice
from telemed.intake.drivers import simulator
from telemed.intake.vitals import Measurement, Reason
from telemed.records import encounters
from telemed.services import Services
from telemed.visits import alarms, clinic, measuring_again, worklist
from telemed.visits import kiosk as kiosk_verbs
from telemed.visits.kiosk import Receipt
from tests import build
from tests.fakes import FakeClock
from tests.telemed.alarming import alarm_of, breathless, count, day
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room

MINUTE = timedelta(minutes=1)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def ask(room: ConsultingRoom, receipt: Receipt, kind: str = "oxygen") -> AskedAgain:
    with room.services.unit(room.reader()) as unit:
        return measuring_again.ask(unit, receipt.visit_id, room.doctor_id, kind)


def told(asked: AskedAgain, *said: dict[str, str]) -> Answered:
    at = {"taken_at": build.NOW.isoformat()}
    return Answered.model_validate(
        {"asked": str(asked.id), "measurements": [{**each, **at} for each in said]}
    )


def oxygen(value: str) -> dict[str, str]:
    return {"code": "oxygen", "value": value}


def send(room: ConsultingRoom, asked: AskedAgain, body: Answered, answer_id: UUID | None = None) -> str:
    with room.services.unit(KIOSK) as unit:
        return measuring_again.answer(unit, asked.visit_id, answer_id or uuid7(), body, room.world.kiosk)


def case(room: ConsultingRoom, receipt: Receipt) -> worklist.Case:
    with room.services.unit(room.reader()) as unit:
        return worklist.case(unit, receipt.visit_id, room.doctor_id)


def counts(room: ConsultingRoom, receipt: Receipt, code: str) -> Decimal | None:
    return next(each.value for each in case(room, receipt).measured.results if each.code == code)


@pytest.mark.both_databases
def test_what_is_measured_again_counts_and_the_intake_stays_as_it_was(room: ConsultingRoom) -> None:
    receipt = room.comes()
    asked = ask(room, receipt)
    assert [each.id for each in case(room, receipt).asked_again] == [asked.id]
    assert send(room, asked, told(asked, oxygen("95"))) == "new"
    shown = case(room, receipt)
    assert shown.asked_again == ()
    assert counts(room, receipt, "oxygen") == 95
    assert shown.intake is not None
    before = {each.code: each.reason for each in shown.intake.measurements}
    assert before["oxygen"] == "failed"


@pytest.mark.parametrize("reason", ["failed", "refused"])
def test_a_refusal_is_an_answer_and_takes_the_place_of_no_number(
    room: ConsultingRoom, reason: Reason
) -> None:
    receipt = room.comes()
    asked = ask(room, receipt, "temperature")
    assert send(room, asked, told(asked, {"code": "temperature", "reason": reason})) == "new"
    assert counts(room, receipt, "temperature") == Decimal("36.8")
    later = case(room, receipt).measured.parts[-1]
    assert [each.reason for each in later] == [reason]


def test_a_second_press_asks_for_nothing_more(room: ConsultingRoom) -> None:
    receipt = room.comes()
    assert ask(room, receipt) == ask(room, receipt)
    assert ask(room, receipt, "pulse").kind == "pulse"
    assert count(room, asked_again) == 2


@pytest.mark.both_databases
def test_sent_again_it_is_the_same_and_something_else_is_not_taken(room: ConsultingRoom) -> None:
    asked, answer_id = ask(room, room.comes()), uuid7()
    assert send(room, asked, told(asked, oxygen("95")), answer_id) == "new"
    assert send(room, asked, told(asked, oxygen("95")), answer_id) == "same"
    assert send(room, asked, told(asked, oxygen("96")), answer_id) == "conflict"
    assert send(room, asked, told(asked, oxygen("96"))) == "conflict"
    assert count(room, supplement) == 1


def test_what_was_not_asked_for_is_no_answer(room: ConsultingRoom) -> None:
    asked = ask(room, room.comes(), "pressure")
    halves = [{"code": "systolic", "value": "150"}, {"code": "diastolic", "value": "90"}]
    assert send(room, asked, told(asked, oxygen("95"))) == "unfit"
    assert send(room, asked, told(asked, *halves, oxygen("95"))) == "unfit"
    assert send(room, asked, told(asked, *halves, {"code": "pulse", "value": "72"})) == "new"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_answered_by_its_own_values_only(kind: str) -> None:
    own = tuple(reading(code) for code in KINDS[kind])
    assert answers(kind, own)
    assert not answers(kind, (*own, reading("pain")))
    assert not answers(kind, own[1:])


def reading(code: str) -> Measurement:
    return Measurement(code, None, "refused", "patient", build.NOW)


def test_another_kiosk_and_another_visit_cannot_answer(room: ConsultingRoom) -> None:
    receipt, other = room.comes(), room.comes()
    asked = ask(room, receipt)
    away = build.kiosk(room.world.site.id)
    with room.services.unit(KIOSK) as unit:
        unit.book.add_kiosk(away)
    for visit_id, kiosk in ((receipt.visit_id, away), (other.visit_id, room.world.kiosk)):
        with pytest.raises(NotFound), room.services.unit(KIOSK) as unit:
            measuring_again.answer(unit, visit_id, uuid7(), told(asked, oxygen("95")), kiosk)
    assert count(room, supplement) == 0


def test_after_a_move_to_another_kiosk_that_one_is_asked_and_the_first_answers_no_more(
    room: ConsultingRoom,
) -> None:
    receipt, other = room.comes(), build.kiosk(room.world.site.id)
    asked = ask(room, receipt)
    with room.services.unit(KIOSK) as unit:
        unit.book.add_kiosk(other)
        kiosk_verbs.leave(unit, receipt.visit_id, room.world.kiosk)
        kiosk_verbs.arrive(unit, receipt.code, other)
    with pytest.raises(NotFound):
        send(room, asked, told(asked, oxygen("95")))
    assert case(room, receipt).asked_again == ()
    anew = ask(room, receipt)
    assert (anew.kiosk_id, [each.id for each in case(room, receipt).asked_again]) == (other.id, [anew.id])


def test_a_device_of_another_kiosk_is_not_named_as_the_source(room: ConsultingRoom) -> None:
    there, here = build.kiosk(room.world.site.id), room.world.kiosk
    made = [
        MeasuringDevice(uuid7(), kiosk_id, "oxygen", "O2", str(kiosk_id), "standard-oxygen", build.NOW)
        for kiosk_id in (there.id, here.id)
    ]
    with room.services.unit(KIOSK) as unit:
        unit.book.add_kiosk(there)
        for each in made:
            unit.measuring.add(each)
    sent = simulator.oxygen(97)
    read = {"source": "device", "characteristic": sent.characteristic, "raw": sent.raw.hex()}
    read |= {"taken_at": build.NOW.isoformat(), **oxygen("97")}
    taken = [{**read, "number": n, "device_id": str(each.id)} for n, each in enumerate(made, 1)]
    assert set(case(room, room.comes(measurements=taken)).measured.devices) == {made[1].id}


def test_who_has_gone_is_asked_for_nothing(room: ConsultingRoom) -> None:
    receipt = room.comes()
    with room.services.unit(KIOSK) as unit:
        unit.records.encounters.change(encounters.cancel(unit.records.encounters.get(receipt.visit_id)))
    with pytest.raises(WrongState):
        ask(room, receipt)


@pytest.mark.parametrize(("minutes", "kept"), [(59, 1), (61, 0)])
def test_once_a_visit_is_over_an_old_request_is_answered_by_nobody(
    room: ConsultingRoom, minutes: int, kept: int
) -> None:
    asked = ask(room, room.comes())
    with room.services.unit(KIOSK) as unit:
        unit.records.encounters.change(encounters.cancel(unit.records.encounters.get(asked.visit_id)))
    room.clock.forward(minutes * MINUTE)
    with nullcontext() if kept else pytest.raises(WrongState):
        send(room, asked, told(asked, oxygen("88")))
    assert count(room, supplement) == kept


def test_another_facilitys_doctor_asks_for_nothing(room: ConsultingRoom) -> None:
    receipt = room.comes()
    with pytest.raises(NotFound), room.services.unit(room.reader(room.stranger)) as unit:
        measuring_again.ask(unit, receipt.visit_id, room.doctor_id, "oxygen")
    assert count(room, asked_again) == 0


@pytest.mark.both_databases
def test_a_value_beyond_the_limit_calls_whoever_asked_and_goes_to_the_front(room: ConsultingRoom) -> None:
    room.comes()
    receipt = room.comes()
    asked = ask(room, receipt)
    send(room, asked, told(asked, oxygen("88")))
    raised = alarm_of(room, receipt)
    assert (raised.asked, raised.reach, [each.code for each in raised.values]) == (
        room.doctor_id,
        "first",
        ["oxygen"],
    )
    assert day(room).waiting[0].visit.id == receipt.visit_id


@pytest.mark.both_databases
@pytest.mark.both_databases
def test_after_an_alarm_that_was_seen_another_one_is_raised(room: ConsultingRoom) -> None:
    receipt = breathless(room)
    with room.services.unit(room.reader()) as unit:
        alarms.acknowledge(unit, receipt.visit_id, room.doctor_id, shown=1)
    room.clock.forward(MINUTE)
    again = ask(room, receipt)
    answer_id = uuid7()
    send(room, again, told(again, oxygen("86")), answer_id)
    second = alarm_of(room, receipt)
    assert (second.supplement_id, second.open, count(room, alarm)) == (answer_id, True, 2)


def test_during_the_call_the_place_in_the_queue_is_left_alone(room: ConsultingRoom) -> None:
    receipt = room.comes()
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, receipt.visit_id, room.doctor_id)
    asked = ask(room, receipt)
    assert send(room, asked, told(asked, oxygen("88"))) == "new"
    assert case(room, receipt).visit.status == "in_progress"
    assert alarm_of(room, receipt).open


def test_whose_identity_is_joined_keeps_what_was_measured_again(room: ConsultingRoom) -> None:
    receipt = room.comes()
    asked = ask(room, receipt)
    send(room, asked, told(asked, oxygen("95")))
    known = replace(room.world.patient, id=uuid7(), identifier=None, identifier_kind=None)
    with room.services.unit(room.reader()) as unit:
        unit.book.add_patient(known)
        unit.again.belongs_to(asked.patient_id, known.id)
        (kept,) = unit.again.of_visit(receipt.visit_id)
    assert kept.asked.patient_id == known.id


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change",
    [
        update(asked_again).values(kind="pulse"),
        delete(asked_again),
        update(supplement).values(body=b"{}"),
        delete(supplement),
        update(alarm).values(supplement_id=None),
    ],
)
def test_the_database_itself_refuses_to_change_what_was_asked_and_measured(
    room: ConsultingRoom, change: Any
) -> None:
    asked = ask(room, room.comes())
    send(room, asked, told(asked, oxygen("88")))
    with pytest.raises(DatabaseError), database.write(room.services.engine) as connection:
        connection.execute(change)
    assert count(room, supplement) == 1
