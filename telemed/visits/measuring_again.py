"""The doctor asks the kiosk to measure once more; what is answered stands beside the intake."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from scheduling import waiting
from scheduling.errors import NotFound, StaleVersion, WrongState
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.places import Kiosk
from telemed.intake.again_store import Known
from telemed.intake.alarms import Alarm, grown
from telemed.intake.asked_again import KINDS, Answered, AskedAgain, answers
from telemed.intake.limits import beyond
from telemed.records.encounters import Encounter
from telemed.unit import Unit
from telemed.visits.clinic import visit_for
from telemed.visits.kiosk import of_kiosk

STILL_ANSWERED = timedelta(hours=1)
"""For so long after the request a reading counts although the visit has ended meanwhile."""


def ask(unit: Unit, visit_id: UUID, practitioner_id: UUID, kind: str) -> AskedAgain:
    """Ask for a reading of somebody who waits or is in the call; a second press asks for nothing more.

    Raises WrongState when the patient is no longer there, ValueError for what cannot be asked for.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    unit.records.encounters.one_at_a_time(visit_id)
    visit, _ = visit_for(unit, visit_id)
    if not visit.active or visit.kiosk_id is None:
        raise WrongState("the patient is not at a kiosk")
    for asked in unit.again.open_of(visit.id):
        # What another kiosk was asked before the patient came to this one, nobody answers any more.
        if asked.kind == kind and asked.kiosk_id == visit.kiosk_id:
            return asked
    wanted = AskedAgain(uuid7(), visit.id, visit.patient_id, visit.kiosk_id, kind, practitioner_id, unit.now)
    unit.again.ask(wanted)
    return wanted


def wanted_at(unit: Unit, visit_id: UUID, kiosk_id: UUID) -> AskedAgain | None:
    """What the kiosk of a visit is to measure next."""
    return next((each for each in unit.again.open_of(visit_id) if each.kiosk_id == kiosk_id), None)


Answer = Known | Literal["unfit"]


def answer(unit: Unit, visit_id: UUID, answer_id: UUID, told: Answered, kiosk: Kiosk) -> Answer:
    """File what was measured, once; "unfit" is what does not answer the question.

    A value beyond the facility's limit raises an alarm as it does in an intake; one that is open grows by it.
    """
    unit.records.encounters.one_at_a_time(visit_id)
    asked, visit = unit.again.get(told.asked), of_kiosk(unit, visit_id, kiosk)
    if asked.visit_id != visit.id or asked.kiosk_id != kiosk.id:
        raise NotFound("request")
    if not visit.active and unit.now - asked.asked_at > STILL_ANSWERED:
        raise WrongState(f"visit is {visit.status}")
    known = unit.again.known(answer_id, told)
    if known != "new":
        return known
    if not answers(asked.kind, told.readings()):
        return "unfit"
    unit.again.file(answer_id, told, unit.now)
    try:
        _alarm(unit, asked, answer_id, told)
    except StaleVersion:
        # It was passed on or seen at the same moment: what was seen then grows no more.
        _alarm(unit, asked, answer_id, told)
    return "new"


def _alarm(unit: Unit, asked: AskedAgain, answer_id: UUID, told: Answered) -> None:
    visit = unit.records.encounters.get(asked.visit_id)
    held = unit.limits.in_force(visit.facility_id)
    values = beyond(told.readings(), held.limits)
    before = unit.alarms.of_visit(visit.id)
    intake_id = visit.intake_id or (before.intake_id if before else None)
    if not values or intake_id is None:
        return
    if before is not None and before.open:
        after = grown(before, values, asked.asked_by, unit.now)
        if after is not before:
            unit.alarms.change(after)
            _to_the_front(unit, visit, asked.kiosk_id)
        return
    unit.alarms.add(
        Alarm(
            id=uuid7(),
            intake_id=intake_id,
            supplement_id=answer_id,
            visit_id=visit.id,
            patient_id=visit.patient_id,
            facility_id=visit.facility_id,
            site_id=visit.site_id,
            kiosk_id=asked.kiosk_id,
            values=values,
            limits_version=held.version,
            raised_at=unit.now,
            # Who asked for it looks first.
            reach="first",
            asked=asked.asked_by,
            asked_at=unit.now,
        )
    )
    _to_the_front(unit, visit, asked.kiosk_id)


def _to_the_front(unit: Unit, visit: Encounter, kiosk_id: UUID) -> None:
    if visit.status != "waiting" or visit.queue_entry_id is None:
        return
    entry = unit.book.queue_entry(visit.queue_entry_id)
    if not entry.emergency and entry.status == "waiting":
        unit.book.change_entry(*waiting.raise_alarm(entry, unit.now, Actor("kiosk", kiosk_id)))
