"""Sites and kiosks as Location; what a facility offers as HealthcareService."""

from collections.abc import Mapping
from uuid import UUID

from scheduling.places import Facility, Kiosk, Settlement, Site
from telemed.fhir.answers import Resource
from telemed.fhir.elements import (
    FACILITY,
    SERVICE,
    SETTLEMENT,
    TIME_ZONE,
    VISIT_TYPE,
    WEEKDAYS,
    clock,
    concept,
    organization,
    reference,
)
from telemed.fhir.ids import code_of, shorten

PHYSICAL = "http://terminology.hl7.org/CodeSystem/location-physical-type"
_KINDS = {"post_office": "Post office", "route_stop": "Stop of a route", "clinic": "Clinic"}


def site_location(site: Site, settlement: Settlement, country: str) -> Resource:
    """A site with its address, its weekly hours in local time and its zone."""
    made: Resource = {
        "resourceType": "Location",
        "id": str(site.id),
        "extension": [{"url": TIME_ZONE, "valueCode": site.time_zone}],
        "status": "active",
        "name": site.name,
        "mode": "instance",
        "type": [{"text": _KINDS[site.kind]}],
        "address": {
            "text": f"{settlement.name}, {settlement.municipality}, {settlement.district}",
            "city": settlement.name,
            "district": settlement.municipality,
            "state": settlement.district,
            "country": country.upper(),
        },
        "physicalType": {"coding": [{"system": PHYSICAL, "code": "si", "display": "Site"}]},
        "identifier": [{"system": SETTLEMENT, "value": settlement.code}],
    }
    if settlement.latitude is not None and settlement.longitude is not None:
        made["position"] = {"latitude": settlement.latitude, "longitude": settlement.longitude}
    if site.hours:
        made["hoursOfOperation"] = [
            {
                "daysOfWeek": [WEEKDAYS[each.weekday]],
                "openingTime": clock(each.opens),
                "closingTime": clock(each.closes),
            }
            for each in site.hours
        ]
    return made


def kiosk_location(kiosk: Kiosk, site_name: str) -> Resource:
    """A kiosk inside its site."""
    return {
        "resourceType": "Location",
        "id": str(kiosk.id),
        "status": "active",
        "name": f"{site_name}, {kiosk.label}",
        "mode": "instance",
        "physicalType": {"coding": [{"system": PHYSICAL, "code": "area", "display": "Area"}]},
        "partOf": reference("Location", kiosk.site_id, site_name),
    }


def service_id(facility_id: UUID, visit_type_id: str) -> str:
    """The id of what a facility offers."""
    return f"{shorten(facility_id)}.{code_of(visit_type_id)}"


def healthcare_service(
    facility: Facility, visit_type_id: str, names: Mapping[str, str], service: str, minutes: int
) -> Resource:
    """A visit type as one facility offers it."""
    name = names.get("en") or next(iter(names.values()), visit_type_id)
    return {
        "resourceType": "HealthcareService",
        "id": service_id(facility.id, visit_type_id),
        "identifier": [{"system": FACILITY, "value": str(facility.id)}],
        "active": True,
        "providedBy": organization(facility.id, facility.name),
        "category": [concept(SERVICE, service)],
        "type": [concept(VISIT_TYPE, visit_type_id, name)],
        "name": name,
        "comment": f"{minutes} minutes",
        "appointmentRequired": True,
    }
