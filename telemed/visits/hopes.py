"""The waiting list as staff see it: who hopes for what, and what is offered to whom."""

from dataclasses import dataclass
from uuid import UUID

from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from scheduling.visit_types import VisitType
from scheduling.wishes import Offer, Wish
from telemed.unit import Unit


@dataclass(frozen=True)
class Hope:
    """One wish with the names around it."""

    wish: Wish
    patient: Patient
    visit_type: VisitType
    site: Site
    practitioner: Practitioner | None
    offer: Offer | None


def hopes(unit: Unit, facility_id: UUID) -> list[Hope]:
    """Everybody on a facility's waiting list, the oldest wish first; what stands around is asked together."""
    hopeful = unit.book.wishes(facility_id=facility_id)
    if not hopeful:
        return []
    ids = [wish.id for wish in hopeful]
    owners, offers = unit.book.wish_owners(ids), unit.book.open_offers(ids)
    patients = unit.book.patients(owners.values())
    types = {each.id: each for each in unit.book.visit_types()}
    sites = unit.book.sites_of(wish.site_id for wish in hopeful)
    doctors = unit.book.practitioners_of(wish.practitioner_id for wish in hopeful if wish.practitioner_id)
    return [
        Hope(
            wish,
            patients[owners[wish.id]],
            types[wish.visit_type_id],
            sites[wish.site_id],
            doctors[wish.practitioner_id] if wish.practitioner_id else None,
            offers.get(wish.id),
        )
        for wish in hopeful
    ]
