"""Appointments as those who organise them may see them: the coordinator's facility, the clerk's counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.booking import Appointment
from scheduling.calendar import instant
from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from telemed.countries.pack import Country
from telemed.records import slip_codes
from telemed.records.slip_store import Slip
from telemed.unit import Unit
from telemed.visits.around import around

Refusal = Literal["too_many_tries"]


@dataclass(frozen=True)
class Coming:
    """One appointment with the names around it."""

    appointment: Appointment
    patient: Patient
    practitioner: Practitioner
    site: Site


@dataclass(frozen=True)
class Found:
    """A person and what is booked for them with the reader's facility."""

    person: Patient
    coming: tuple[Coming, ...]


@dataclass(frozen=True)
class SheetLine:
    """One line of the sheet at the counter: a time and a name, nothing else."""

    starts_at: datetime
    name: str


def find(unit: Unit, country: Country, asked: str, asker: str) -> list[Found] | Refusal:
    """Everybody known by exactly this national number, phone number or slip code, with what is ahead.

    What looks like a code is a try of the asker's; one too many is answered, so that it stays counted.
    """
    slip = _slip(unit, asked, asker)
    if slip == "too_many_tries":
        return slip
    return [Found(person, _ahead(unit, person)) for person in _people(unit, country, asked, slip)]


def on_day(
    unit: Unit,
    facility_id: UUID,
    day: date,
    zone: ZoneInfo,
    site_id: UUID | None,
    practitioner_id: UUID | None,
) -> list[Coming]:
    """A facility's appointments of one local day, of a site or a practitioner where given, in any state."""
    found = unit.book.appointments_on(
        *_bounds(day, zone), site_id=site_id, practitioner_id=practitioner_id, facility_id=facility_id
    )
    return _coming(unit, found)


def sheet(unit: Unit, site: Site, day: date) -> list[SheetLine]:
    """Who comes to a counter on one local day, whoever sees them; what is cancelled does not come."""
    found = unit.book.appointments_on(*_bounds(day, ZoneInfo(site.time_zone)), site_id=site.id)
    expected = [each for each in found if each.status != "cancelled"]
    people = unit.book.patients(each.patient_id for each in expected)
    return [SheetLine(each.starts_at, people[each.patient_id].name) for each in expected]


def _slip(unit: Unit, asked: str, asker: str) -> Slip | Refusal | None:
    if not slip_codes.is_well_formed(slip_codes.normalise(asked)):
        return None
    slips = unit.records.slips
    if not slips.take_try(asker, asked, unit.real_now):
        return "too_many_tries"
    slip = slips.find(asked, unit.now)
    if slip is not None:
        slips.give_back(asker, asked)
    return slip


def _people(unit: Unit, country: Country, asked: str, slip: Slip | None) -> Iterable[Patient]:
    typed = "".join(asked.split())
    people: dict[UUID, Patient] = {}
    for kind in country.identifiers:
        people |= {person.id: person for person in unit.book.patients_with(kind, typed)}
    phone = country.mobile_number(typed)
    if phone is not None:
        people |= {person.id: person for person in unit.book.patients_with("phone", phone)}
    if slip is not None:
        people[slip.patient_id] = unit.book.patient(slip.patient_id)
    return people.values()


def _ahead(unit: Unit, person: Patient) -> tuple[Coming, ...]:
    ahead = [
        each
        for each in unit.book.appointments_of(person.id)
        if each.status in ("booked", "arrived")
        and each.ends_at > unit.now
        and each.facility_id == unit.reader.facility_id
    ]
    return tuple(_coming(unit, ahead))


def _coming(unit: Unit, appointments: list[Appointment]) -> list[Coming]:
    names = around(unit, appointments)
    return [
        Coming(
            each,
            names.patients[each.patient_id],
            names.practitioners[each.practitioner_id],
            names.sites[each.site_id],
        )
        for each in appointments
    ]


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return instant(day, time(), zone), instant(day + timedelta(days=1), time(), zone)
