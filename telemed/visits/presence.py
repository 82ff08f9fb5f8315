"""Somebody at the kiosk says that they are there, and who else is in the room, before a doctor sees it."""

from uuid import UUID

from scheduling.errors import WrongState
from scheduling.places import Kiosk
from telemed.records.presence import Company
from telemed.unit import Unit
from telemed.visits.kiosk import of_kiosk


def say_here(unit: Unit, visit_id: UUID, kiosk: Kiosk, company: Company | None) -> None:
    """Note it for the doctor; WrongState once the visit is over."""
    visit = of_kiosk(unit, visit_id, kiosk)
    if not visit.active:
        raise WrongState(f"visit is {visit.status}")
    unit.records.presence.say(visit.id, company, unit.now)
