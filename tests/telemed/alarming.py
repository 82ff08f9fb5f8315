"""Patients whose values are beyond a limit, what became of the alarm, and a colleague on duty."""

from typing import Any

from sqlalchemy import func, select

from scheduling.ids import uuid7
from scheduling.people import Practitioner
from telemed.intake.alarms import Alarm
from telemed.intake.asked_again import Answered
from telemed.run import alarm_jobs
from telemed.visits import measuring_again, worklist
from telemed.visits.kiosk import Receipt
from tests import build
from tests.telemed.consulting_room import KIOSK, ConsultingRoom


def measured(**values: str) -> list[dict[str, str]]:
    """Readings by kind, as a submission names them."""
    return [{"code": code, "value": each, "taken_at": build.NOW.isoformat()} for code, each in values.items()]


def at(room: ConsultingRoom, hour: int) -> dict[str, str]:
    """A time of this day, as a choice."""
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


def measures_again(room: ConsultingRoom, receipt: Receipt, kind: str, value: str) -> None:
    """The doctor asks for a reading, and the kiosk sends it."""
    with room.services.unit(room.reader()) as unit:
        asked = measuring_again.ask(unit, receipt.visit_id, room.doctor_id, kind)
    body = Answered.model_validate({"asked": str(asked.id), "measurements": measured(**{kind: value})})
    with room.services.unit(KIOSK) as unit:
        measuring_again.answer(unit, receipt.visit_id, uuid7(), body, room.world.kiosk)


def alarm_of(room: ConsultingRoom, receipt: Receipt) -> Alarm:
    """The alarm of a visit, which must be there."""
    with room.services.unit(room.reader()) as unit:
        found = unit.alarms.of_visit(receipt.visit_id)
    assert found is not None
    return found


def day(room: ConsultingRoom) -> worklist.Day:
    """The doctor's list."""
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
    """The worker looks once for alarms to pass on."""
    run, _ = alarm_jobs.jobs(room.services.settings)["alarms.pass_on"]
    return run(room.services)


def count(room: ConsultingRoom, table: Any) -> int:
    """How many rows a table has."""
    with room.services.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()
