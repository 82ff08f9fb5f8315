"""Which visits wait for a doctor's words in writing, who was told of it, and whom they were passed on to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, exists, func, select

from scheduling import tables
from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from scheduling.store import Book
from scheduling.visit_types import CONSULTATION
from telemed.call_quality import CallQuality
from telemed.intake import written_due
from telemed.intake.written_due import TOLD, Dialogue, Told, Wait
from telemed.intake.written_steps import Step, WrittenSteps
from telemed.intake.written_store import Moments, WrittenStore
from telemed.intake.written_tables import written_question
from telemed.messages.bridges import Bridges
from telemed.records.encounters import Encounter
from telemed.records.tables import encounter
from telemed.unit import Unit

TALKED = timedelta(seconds=90)
"""Both pages of a call tell every half minute how it goes; whoever has not for so long talks no more."""


class _Visit(NamedTuple):
    """A visit that goes on, as far as it matters here."""

    id: UUID
    facility_id: UUID
    site_id: UUID
    practitioner_id: UUID
    rung: str
    started_at: datetime
    visit_type_id: str


@dataclass(frozen=True)
class Standing:
    """What waits in one visit for the doctor who has it, and who was told of it; names no patient."""

    visit_id: UUID
    facility_id: UUID
    site_id: UUID
    practitioner_id: UUID
    visit_type_id: str
    wait: Wait
    told: tuple[Step, ...]

    @property
    def told_already(self) -> list[Told]:
        """Which steps were taken of this wait."""
        taken = {step.what for step in self.told}
        return [each for each in TOLD if each in taken]

    def is_passed_to(self, practitioner_id: UUID, facility_id: UUID | None) -> bool:
        """Whether a colleague may answer instead: who was told, and in the end everybody of the facility."""
        if facility_id != self.facility_id or practitioner_id == self.practitioner_id:
            return False
        return any(
            step.what == "coordinator" or (step.what == "another" and step.who == practitioner_id)
            for step in self.told
        )


@dataclass(frozen=True)
class Owed:
    """One visit that waits for this doctor's answer; `fresh_since`: the patient's answers nobody has read.

    `passed_from` is the colleague in whose place it would be answered; after `due_at` others are told.
    """

    visit: Encounter
    patient: Patient
    site: Site
    asked: int
    answered: int
    fresh_since: datetime | None
    passed_from: Practitioner | None = None
    due_at: datetime | None = None


def standings(connection: Connection, now: datetime, visit_id: UUID | None = None) -> list[Standing]:
    """What waits in all visits, or in one; moments and places only."""
    asked = exists().where(written_question.c.visit_id == encounter.c.id)
    going_on = (encounter.c.status == "in_progress") & ((encounter.c.rung == "written") | asked)
    place, booked = tables.queue_entry, tables.appointment
    kind = func.coalesce(place.c.visit_type_id, booked.c.visit_type_id, CONSULTATION).label("visit_type_id")
    query = (
        select(*(encounter.c[name] for name in _Visit._fields[:-1]), kind)
        .outerjoin(place, place.c.id == encounter.c.queue_entry_id)
        .outerjoin(booked, booked.c.id == encounter.c.appointment_id)
        .where(going_on, *([] if visit_id is None else [encounter.c.id == visit_id]))
        .order_by(encounter.c.started_at, encounter.c.id)
    )
    visits = [_Visit._make(row) for row in connection.execute(query)]
    visits = [each for each in visits if not _telephone(connection, each)]
    ids = [each.id for each in visits]
    moments = WrittenStore(connection, _nobody).moments(ids) if ids else {}
    steps = WrittenSteps(connection).of(ids) if ids else {}
    begun = min((each.started_at for each in visits), default=now)
    talked = CallQuality(connection).talked_at(ids, begun, now) if ids else {}
    found = (
        _standing(each, moments.get(each.id), steps.get(each.id, ()), talked.get(each.id), now)
        for each in visits
    )
    return [each for each in found if each is not None]


def due(standing: Standing, book: Book, now: datetime) -> tuple[Told, ...]:
    """Who is to be told now of what waits there."""
    wait, told = standing.wait, standing.told_already
    earliest = (written_due.due(wait, told, now, there=False, others=others) for others in (True, False))
    if not any(earliest):
        # Rosters are looked at only where they could matter.
        return ()
    there = standing.practitioner_id in on_duty(standing, book, now)
    return written_due.due(wait, told, now, there=there, others=bool(colleagues(standing, book, now)))


def on_duty(standing: Standing, book: Book, now: datetime) -> Collection[UUID]:
    """Who of the facility works now."""
    return [practitioner_id for practitioner_id, _ in book.on_duty(now, standing.facility_id)]


def colleagues(standing: Standing, book: Book, now: datetime) -> list[UUID]:
    """Who may be asked instead of the doctor: on duty, and offers such visits where anybody there does."""
    there = sorted(each for each in on_duty(standing, book, now) if each != standing.practitioner_id)
    offers = book.offers()
    return [each for each in there if standing.visit_type_id in offers.get(each, ())] or there


def owed(unit: Unit, practitioner_id: UUID) -> list[Owed]:
    """What this doctor has promised to answer in writing, then what was passed on to them; oldest first."""
    known = {each.visit_id: each for each in standings(unit.connection, unit.now)}
    mine = {visit.id: visit for visit in unit.records.encounters.to_answer(practitioner_id)}
    # Answered in writing although it was not promised: the two talked, and the call is left.
    for each in known.values():
        if each.practitioner_id == practitioner_id and each.visit_id not in mine:
            mine[each.visit_id] = unit.records.encounters.get(each.visit_id)
    passed = [each for each in known.values() if each.is_passed_to(practitioner_id, unit.reader.facility_id)]
    doctors = unit.book.practitioners_of(each.practitioner_id for each in passed) if passed else {}
    lines = [_line(unit, visit, known.get(visit.id)) for visit in mine.values()]
    for each in passed:
        visit = unit.records.encounters.at_facility(each.visit_id, unit.reader.facility_id)
        lines.append(_line(unit, visit, each, doctors[each.practitioner_id]))
    return lines


def told_since(connection: Connection, now: datetime) -> dict[UUID, datetime]:
    """The lines of the ledger by which a doctor was told of what still waits, and when that was."""
    return {step.id: step.at for each in standings(connection, now) for step in each.told}


def at_coordinator(connection: Connection, now: datetime, facility_id: UUID | None) -> list[Standing]:
    """What nobody of the facility has answered in time, so that its coordinator is told."""
    found = (each for each in standings(connection, now) if each.facility_id == facility_id)
    return [each for each in found if "coordinator" in each.told_already]


def called(connection: Connection, now: datetime, practitioner_id: UUID, facility_id: UUID | None) -> bool:
    """Whether this doctor was told of a patient's answer that nobody has read yet."""
    told = (each for each in standings(connection, now) if each.wait.why == "answer" and each.told)
    return any(
        each.practitioner_id == practitioner_id or each.is_passed_to(practitioner_id, facility_id)
        for each in told
    )


def mark(connection: Connection, now: datetime, practitioner_id: UUID, facility_id: UUID | None) -> str:
    """A text that changes when something waits for a doctor or is passed on to them, or no longer."""
    seen = (
        each
        for each in standings(connection, now)
        if each.practitioner_id == practitioner_id or each.is_passed_to(practitioner_id, facility_id)
    )
    return " ".join(f"{each.visit_id}:{each.wait.why}:{each.wait.since}" for each in seen)


def mark_of(connection: Connection, now: datetime, visit_id: UUID) -> str:
    """A text that changes when something waits in a visit, or no longer, and when it is passed on."""
    return " ".join(f"{each.wait}:{len(each.told)}" for each in standings(connection, now, visit_id))


def _telephone(connection: Connection, visit: _Visit) -> bool:
    """Whether the two talk by telephone now."""
    call = Bridges(connection).newest(visit.id) if visit.rung == "phone" else None
    return call is not None and call.open


def _standing(
    visit: _Visit,
    moments: Moments | None,
    steps: Collection[Step],
    talked_at: datetime | None,
    now: datetime,
) -> Standing | None:
    asked, answered = moments or Moments([], [])
    acts = [step.at for step in steps if step.what not in TOLD]
    acted_at = max([visit.started_at, *asked, *acts])
    # Who talks now hears the answer. That the call is open would only say that a page was loaded.
    if talked_at is not None and talked_at > acted_at and now - talked_at <= TALKED:
        return None
    wait = written_due.wait_of(Dialogue(visit.rung == "written", acted_at, tuple(answered), talked_at))
    if wait is None:
        return None
    told = tuple(step for step in steps if step.what in TOLD and step.since == wait.since)
    of = (visit.facility_id, visit.site_id, visit.practitioner_id, visit.visit_type_id)
    return Standing(visit.id, *of, wait, told)


def _line(unit: Unit, visit: Encounter, standing: Standing | None, of: Practitioner | None = None) -> Owed:
    asked = unit.written.of_visit(visit.id)
    answered = sum(each.answer is not None for each in asked)
    fresh = standing.wait.since if standing and standing.wait.why == "answer" else None
    patient, site = unit.book.patient(visit.patient_id), unit.book.site(visit.site_id)
    due_at = written_due.due_at(standing.wait) if standing else None
    return Owed(visit, patient, site, len(asked), answered, fresh, of, due_at)


def _nobody(_owner: UUID, what: str) -> None:
    raise AssertionError(f"{what} was read for a moment")
