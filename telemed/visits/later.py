"""The doctor calls a patient later: the place in the queue stays, and it rings again by itself."""

from uuid import UUID

from scheduling import putting_off
from scheduling.errors import WrongState
from scheduling.events import Actor
from telemed.messages.bridges import Bridges
from telemed.records import encounters
from telemed.unit import Unit
from telemed.visits.clinic import visit_for


def call_later(unit: Unit, visit_id: UUID, practitioner_id: UUID, minutes: int, why: str) -> None:
    """Put a waiting patient off, or one whom this practitioner has just admitted and cannot reach.

    Raises WrongState for an emergency, for whom it was done often enough, and once anything was written.
    """
    visit, _ = visit_for(unit, visit_id)
    if visit.status == "in_progress" and visit.practitioner_id != practitioner_id:
        raise WrongState("another doctor has this visit")
    if visit.queue_entry_id is None:
        raise WrongState("this visit has no place in the queue")
    if unit.records.notes.draft(visit.id, practitioner_id) or unit.written.of_visit(visit.id):
        raise WrongState("something was written in this visit")
    entry = unit.book.queue_entry(visit.queue_entry_id)
    who = Actor("staff", practitioner_id)
    unit.book.change_entry(*putting_off.put_off(entry, minutes, why, unit.now, who))
    waits = encounters.put_back(visit)
    if waits is not visit:
        unit.records.encounters.change(waits)
        # Whoever comes next may come near again, as before anybody had admitted.
        unit.notices.say("admitted", f"{visit.room} ", unit.real_now)
        Bridges(unit.connection).end(visit.id, unit.now)
