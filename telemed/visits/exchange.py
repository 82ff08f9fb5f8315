"""What other systems may know of places and people: a system of one facility sees only its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from scheduling.errors import NotFound
from scheduling.people import Patient, Practitioner
from scheduling.places import Facility
from scheduling.store import Book
from scheduling.visit_types import VisitType
from telemed.fhir.ids import ScheduleKey, code_of
from telemed.unit import Unit


@dataclass(frozen=True)
class Offering:
    """A visit type as one facility offers it."""

    facility: Facility
    visit_type: VisitType


def practitioner(book: Book, practitioner_id: UUID, facility_id: UUID | None) -> Practitioner:
    """A practitioner of the asking facility; another facility's does not exist for it."""
    found = book.practitioner(practitioner_id)
    if facility_id not in (None, found.facility_id):
        raise NotFound("practitioner")
    return found


def offerings(book: Book, facility_id: UUID | None) -> list[Offering]:
    """What facilities offer: every visit type that at least one practitioner of theirs gives."""
    types = {each.id: each for each in book.visit_types()}
    offers = book.offers()
    given: dict[UUID, set[str]] = {}
    for who in book.practitioners(facility_id):
        given.setdefault(who.facility_id, set()).update(offers.get(who.id, ()))
    return [
        Offering(facility, types[each])
        for facility in book.facilities()
        for each in sorted(given.get(facility.id, ()))
    ]


def schedules(
    book: Book,
    facility_id: UUID | None,
    practitioner_id: UUID | None,
    site_id: UUID | None,
    type_codes: list[str],
) -> Iterator[ScheduleKey]:
    """The schedules of these actors: one for each visit type a practitioner offers, at each site."""
    offers = book.offers()
    sites = [site.id for site in book.sites() if site_id in (None, site.id)]
    for who in book.practitioners(facility_id):
        if practitioner_id not in (None, who.id):
            continue
        for visit_type_id in sorted(offers.get(who.id, ())):
            code = code_of(visit_type_id)
            if not type_codes or code in type_codes:
                for site in sites:
                    yield ScheduleKey(who.id, code, site)


def patient(unit: Unit, patient_id: UUID, facility_id: UUID | None) -> Patient:
    """A patient who has, or had, an appointment with the asking facility."""
    found = unit.book.patient(patient_id)
    if facility_id is not None:
        appointments = unit.book.appointments_of(patient_id)
        if not any(each.facility_id == facility_id for each in appointments):
            raise NotFound("patient")
    return found
