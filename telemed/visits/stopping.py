"""The doctor ends a call at once and sends for the clerk; the visit stays open for its note."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from scheduling.errors import WrongState
from scheduling.ids import uuid7
from telemed.clerk_calls import WHYS, ClerkCall, ClerkCalls, Why
from telemed.records.tables import encounter
from telemed.unit import Unit
from telemed.visits.clinic import leave_call


def unanswered(connection: Connection, facility_id: UUID, now: datetime) -> list[ClerkCall]:
    """The calls of this facility's doctors that no clerk has answered in time; nobody is named."""
    calls = ClerkCalls(connection).unanswered(now)
    query = select(encounter.c.id).where(
        encounter.c.id.in_([each.visit_id for each in calls]), encounter.c.facility_id == facility_id
    )
    ours = set(connection.scalars(query)) if calls else set()
    return [each for each in calls if each.visit_id in ours]


def stop_and_call_clerk(unit: Unit, visit_id: UUID, practitioner_id: UUID, why: Why) -> ClerkCall:
    """Leave the call and call the clerk to the kiosk; a second press while nobody went calls no second time.

    Raises WrongState when the visit is another doctor's, over, or at no kiosk; ValueError for no reason.
    """
    if why not in WHYS:
        raise ValueError(why)
    unit.records.encounters.one_at_a_time(visit_id)
    visit = leave_call(unit, visit_id, practitioner_id)
    if visit.status != "in_progress" or visit.kiosk_id is None:
        raise WrongState("nobody is in this visit at a kiosk")
    calls = ClerkCalls(unit.connection)
    open_call = calls.open_of(visit.id)
    if open_call is not None:
        return open_call
    call = ClerkCall(uuid7(), visit.id, visit.kiosk_id, visit.site_id, why, practitioner_id, unit.now)
    calls.add(call)
    return call
