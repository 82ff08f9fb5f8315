"""An answer in writing that waits too long is passed on, step by step, and a colleague may take it over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from scheduling.errors import WrongState
from scheduling.store import Book
from telemed.intake.written_due import Told
from telemed.intake.written_steps import WrittenSteps
from telemed.records import encounters
from telemed.records.encounters import Encounter
from telemed.unit import Unit
from telemed.visits import owed, paging
from telemed.visits.clinic import visit_for
from telemed.visits.owed import Standing


def to_pass_on(connection: Connection, book: Book, now: datetime) -> list[UUID]:
    """The visits of which somebody is to be told now; nobody's record is read."""
    return [each.visit_id for each in owed.standings(connection, now) if owed.due(each, book, now)]


def pass_on(unit: Unit, visit_id: UUID) -> int:
    """Tell whoever is to be told now, each once; a doctor by SMS too, if they agreed to it."""
    return sum(
        _tell(unit, standing, what)
        for standing in owed.standings(unit.connection, unit.now, visit_id)
        for what in owed.due(standing, unit.book, unit.now)
    )


def have_read(unit: Unit, visit_id: UUID, practitioner_id: UUID, shown: int) -> bool:
    """The doctor was shown so many answers and has read them; nobody else is called for these.

    False where a further one has come since: nobody has read that, so all of it goes on waiting.
    """
    visit, _ = visit_for(unit, visit_id)
    if visit.practitioner_id != practitioner_id:
        raise WrongState("another doctor has this visit")
    if visit.status != "in_progress":
        raise WrongState(f"visit is {visit.status}, not in progress")
    answered = unit.written.moments([visit.id])[visit.id].answered
    if shown < len(answered):
        return False
    # An answer in the future was given before the clock was set back; it is read all the same.
    WrittenSteps(unit.connection).acted(visit.id, "read", practitioner_id, max([unit.now, *answered]))
    return True


def may_take(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> bool:
    """Whether this doctor may answer in a colleague's place."""
    waits = owed.standings(unit.connection, unit.now, visit_id)
    return any(each.is_passed_to(practitioner_id, unit.reader.facility_id) for each in waits)


def take_over(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Encounter:
    """Answer in a colleague's place: the visit is this doctor's from now on; a second press changes nothing.

    Raises WrongState where it was not passed on to them.
    """
    visit, _ = visit_for(unit, visit_id)
    if visit.practitioner_id == practitioner_id and visit.status == "in_progress":
        return visit
    if not may_take(unit, visit_id, practitioner_id):
        raise WrongState("this visit was not passed on to you")
    taken = encounters.hand_over(visit, practitioner_id)
    unit.records.encounters.change(taken)
    WrittenSteps(unit.connection).acted(visit.id, "taken", practitioner_id, unit.now)
    return taken


def _tell(unit: Unit, standing: Standing, what: Told) -> int:
    who, since = _whom(unit, standing, what), standing.wait.since
    told = WrittenSteps(unit.connection).tell_once(standing.visit_id, what, since, who, unit.now)
    if told is None:
        # Another worker was quicker.
        return 0
    if who is not None:
        paging.page(unit, told, standing.site_id, since, [who])
    return 1


def _whom(unit: Unit, standing: Standing, what: Told) -> UUID | None:
    if what == "promised":
        return standing.practitioner_id
    if what == "coordinator":
        return None
    others = owed.colleagues(standing, unit.book, unit.now)
    # Not always the same one.
    later = (each for each in others if each > standing.practitioner_id)
    return next(later, others[0])
