"""The rung below every call: the doctor asks and answers in writing, in the same visit; the patient may go.

The visit stays one record and keeps its doctor; its place in the queue is done, so that it rings for the
doctor again. The signed note is the answer, and its summary reaches the patient as any other does.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from scheduling import waiting
from scheduling.errors import NotFound, WrongState
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.places import Kiosk
from telemed.intake import written
from telemed.intake.written import Answer, Question, Written
from telemed.intake.written_steps import WrittenSteps
from telemed.intake.written_store import Known, WrittenStore
from telemed.messages.bridges import Bridges
from telemed.records import encounters
from telemed.records.encounter_store import EncounterStore
from telemed.records.encounters import Encounter
from telemed.unit import Unit
from telemed.visits.clinic import visit_for
from telemed.visits.kiosk import of_kiosk

# The least that two moments differ by.
_NEXT = timedelta(microseconds=1)


class AnsweredMeanwhile(Exception):
    """The patient has answered what the doctor had not been shown: nobody has read that."""


class NotHelped(Exception):
    """A clerk is said to have typed who has not said at this kiosk that they help."""


def answer_later(unit: Unit, visit_id: UUID, practitioner_id: UUID, shown: int | None = None) -> Encounter:
    """No call goes: the doctor will answer in writing; a second press changes nothing.

    Raises AnsweredMeanwhile where more has been answered than they were shown (None: they saw it all).
    """
    visit = _own(unit, visit_id, practitioner_id)
    now = encounters.step_below(visit, "written")
    if now is visit:
        return visit
    _refuse_unseen(unit, visit_id, shown)
    unit.records.encounters.change(now)
    WrittenSteps(unit.connection).acted(visit.id, "promise", practitioner_id, unit.now)
    Bridges(unit.connection).end(visit.id, unit.now)
    if visit.queue_entry_id is not None:
        entry = unit.book.queue_entry(visit.queue_entry_id)
        if entry.status == "admitted":
            unit.book.change_entry(*waiting.finish(entry, unit.now, Actor("staff", practitioner_id)))
    return now


def ask(
    unit: Unit,
    visit_id: UUID,
    practitioner_id: UUID,
    words: str,
    choices: tuple[str, ...] = (),
    shown: int | None = None,
) -> Question:
    """The doctor asks in writing; the same open question again is asked once.

    Raises UnfitQuestion, WrongState for a visit that is over or has questions enough, and AnsweredMeanwhile
    where more has been answered than the doctor was shown (None: they saw it all): to ask on is to have read.
    """
    unit.records.encounters.one_at_a_time(visit_id)
    visit = _own(unit, visit_id, practitioner_id)
    asked, offered = written.tidied(words, choices)
    known = unit.written.of_visit(visit.id)
    for each in known:
        if each.answer is None and (each.question.words, each.question.choices) == (asked, offered):
            return each.question
    _refuse_unseen(unit, visit_id, shown)
    if len(known) >= written.MOST_QUESTIONS:
        raise WrongState("this visit has questions enough")
    question = Question(uuid7(), visit.id, visit.patient_id, practitioner_id, unit.now, asked, offered)
    unit.written.ask(question)
    return question


def has_unseen(unit: Unit, visit_id: UUID, shown: int) -> bool:
    """Whether more has been answered, in a visit that goes on, than its doctor was shown."""
    answered = unit.written.moments([visit_id])[visit_id].answered
    return len(answered) > shown and unit.records.encounters.held(visit_id).status == "in_progress"


def wanted_at(unit: Unit, visit_id: UUID) -> UUID | None:
    """Which question the kiosk of a visit is to show next; an id, so nobody is told."""
    return next(iter(unit.written.open_of(visit_id)), None)


def shown_at(unit: Unit, visit_id: UUID, question_id: UUID, kiosk: Kiosk) -> Question:
    """A question for the patient to read; NotFound for another visit's or at another kiosk."""
    visit = of_kiosk(unit, visit_id, kiosk)
    asked = unit.written.get(question_id)
    if asked.question.visit_id != visit.id or not visit.active:
        raise NotFound("question")
    return asked.question


def answer(unit: Unit, visit_id: UUID, answer_id: UUID, told: Written, kiosk: Kiosk) -> Known:
    """File what was answered, once; "conflict" when another answer stands, or it does not fit.

    Raises NotHelped when a clerk is said to have typed who has not said so at this kiosk.
    """
    question = shown_at(unit, visit_id, told.question, kiosk)
    visit, helper = of_kiosk(unit, visit_id, kiosk), told.assisted_by
    if helper is not None and not unit.accounts.clerks.has_helped(
        helper, kiosk.id, visit.intake_id or visit.id, unit.real_now
    ):
        raise NotHelped
    new = Answer(
        answer_id,
        question.id,
        kiosk.id,
        _after_what_stands(unit, visit),
        told.choice,
        told.words,
        str(helper) if helper else None,
    )
    known = unit.written.known(new)
    if known != "new":
        return known
    if not written.fits(question, told):
        return "conflict"
    unit.written.file(new)
    return "new"


def mark(connection: Connection, practitioner_id: UUID) -> str:
    """A text that changes when such a visit comes or goes, or is asked or answered about; names nobody."""
    written_of, steps = WrittenStore(connection, _nobody), WrittenSteps(connection)
    ids = EncounterStore(connection, _nobody).to_answer_ids(practitioner_id)
    return " ".join(f"{each}:{written_of.mark(each)}.{steps.mark(each)}" for each in ids)


def mark_of(connection: Connection, visit_id: UUID) -> str:
    """A text that changes when a visit changes its rung, is asked, answers or rings; it names nobody."""
    held = EncounterStore(connection, _nobody).held(visit_id)
    rung = Bridges(connection).newest(visit_id)
    call = f"{rung.id} {rung.state}" if rung else ""
    dialogue, steps = (
        WrittenStore(connection, _nobody).mark(visit_id),
        WrittenSteps(connection).mark(visit_id),
    )
    return f"{held.status} {held.rung} {held.practitioner_id} {dialogue} {steps} {call}"


def _refuse_unseen(unit: Unit, visit_id: UUID, shown: int | None) -> None:
    if shown is not None and has_unseen(unit, visit_id, shown):
        raise AnsweredMeanwhile


def _after_what_stands(unit: Unit, visit: Encounter) -> datetime:
    """Now; where the clock was set back, just after what stands already, so as not to count as read."""
    asked, answered = unit.written.moments([visit.id])[visit.id]
    acts = [each.at for each in WrittenSteps(unit.connection).of([visit.id])[visit.id]]
    last = max([visit.started_at or unit.now, *asked, *answered, *acts])
    return unit.now if unit.now >= last else last + _NEXT


def _nobody(_owner: UUID, what: str) -> None:
    raise AssertionError(f"{what} was read for a mark")


def _own(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Encounter:
    visit, _ = visit_for(unit, visit_id)
    if visit.practitioner_id != practitioner_id:
        raise WrongState("another doctor has this visit, or nobody yet")
    if visit.status != "in_progress":
        raise WrongState(f"visit is {visit.status}, not in progress")
    return visit
