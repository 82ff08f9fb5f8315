"""The waiting list as staff see it: who hopes for what, and what is offered to whom."""

from dataclasses import dataclass
from uuid import UUID

from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from scheduling.wishes import Offer, Wish
from telemed.unit import Unit


@dataclass(frozen=True)
class Hope:
    """One wish with the names around it."""

    wish: Wish
    patient: Patient
    site: Site
    practitioner: Practitioner | None
    offer: Offer | None


def hopes(unit: Unit, facility_id: UUID) -> list[Hope]:
    """Everybody on a facility's waiting list, the oldest wish first."""
    return [
        Hope(
            wish,
            unit.book.patient(unit.book.wish_owner(wish.id)),
            unit.book.site(wish.site_id),
            unit.book.practitioner(wish.practitioner_id) if wish.practitioner_id else None,
            unit.book.open_offer(wish.id),
        )
        for wish in unit.book.wishes(facility_id=facility_id)
    ]
