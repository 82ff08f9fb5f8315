"""Practitioner, PractitionerRole and Patient."""

from collections.abc import Iterable, Sequence

from scheduling.calendar import Shift
from scheduling.people import Patient, Practitioner
from scheduling.places import Facility
from telemed.fhir.answers import Resource
from telemed.fhir.elements import (
    IDENTIFIER,
    SPECIALTY,
    WEEKDAYS,
    clock,
    concept,
    languages,
    organization,
    reference,
)
from telemed.fhir.places import service_id


def practitioner(who: Practitioner) -> Resource:
    """Somebody who sees patients."""
    made: Resource = {
        "resourceType": "Practitioner",
        "id": str(who.id),
        "active": True,
        "name": [{"text": who.name}],
    }
    if who.languages:
        made["communication"] = languages(who.languages)
    return made


def practitioner_role(
    who: Practitioner, facility: Facility, offers: Iterable[str], roster: Sequence[Shift]
) -> Resource:
    """What somebody does for a facility: specialty, visit types offered, weekly roster in local time."""
    made: Resource = {
        "resourceType": "PractitionerRole",
        "id": str(who.id),
        "active": True,
        "practitioner": reference("Practitioner", who.id, who.name),
        "organization": organization(facility.id, facility.name),
        "specialty": [concept(SPECIALTY, who.specialty)],
    }
    services = [reference("HealthcareService", service_id(facility.id, each)) for each in offers]
    if services:
        made["healthcareService"] = services
    if roster:
        made["availableTime"] = [
            {
                "daysOfWeek": [WEEKDAYS[shift.weekday]],
                "availableStartTime": clock(shift.starts),
                "availableEndTime": clock(shift.ends),
            }
            for shift in roster
        ]
    return made


def patient(who: Patient) -> Resource:
    """A patient as far as an appointment needs to know them."""
    made: Resource = {
        "resourceType": "Patient",
        "id": str(who.id),
        "active": True,
        "name": [{"text": who.name}],
        "communication": [{"language": each, "preferred": True} for each in languages([who.language])],
    }
    if who.identifier and who.identifier_kind:
        made["identifier"] = [{"system": IDENTIFIER + who.identifier_kind, "value": who.identifier}]
    if who.phone:
        made["telecom"] = [{"system": "phone", "value": who.phone}]
    if who.sex in ("male", "female", "other", "unknown"):
        made["gender"] = who.sex
    if who.birth_date:
        made["birthDate"] = who.birth_date.isoformat()
    return made
