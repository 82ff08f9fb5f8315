"""The names around many appointments, asked for together: a list must not ask for each of its lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from scheduling.booking import Appointment
from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from telemed.unit import Unit


@dataclass(frozen=True)
class Around:
    """Patients, practitioners and sites by their ids."""

    patients: Mapping[UUID, Patient]
    practitioners: Mapping[UUID, Practitioner]
    sites: Mapping[UUID, Site]


def around(unit: Unit, appointments: Collection[Appointment]) -> Around:
    """Everybody and every place that these appointments name."""
    if not appointments:
        return Around({}, {}, {})
    return Around(
        unit.book.patients(each.patient_id for each in appointments),
        unit.book.practitioners_of(each.practitioner_id for each in appointments),
        unit.book.sites_of(each.site_id for each in appointments),
    )
