"""Small parts that many resources share: instants, references, codes, and the names of our own systems."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

Part = dict[str, Any]

VISIT_TYPE = "urn:telemed:visit-type"
SERVICE = "urn:telemed:service"
SPECIALTY = "urn:telemed:specialty"
FACILITY = "urn:telemed:facility"
SETTLEMENT = "urn:telemed:settlement"
IDENTIFIER = "urn:telemed:identifier:"
CHANNEL = "urn:telemed:channel"
TIME_ZONE = "http://hl7.org/fhir/StructureDefinition/timezone"
LANGUAGE = "urn:ietf:bcp:47"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def instant(moment: datetime) -> str:
    """A moment as FHIR writes it, in UTC to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def clock(at: time) -> str:
    """A time of day as FHIR writes it."""
    return at.strftime("%H:%M:%S")


def reference(kind: str, target: UUID | str, display: str | None = None) -> Part:
    """A reference to a resource of this server."""
    made: Part = {"reference": f"{kind}/{target}"}
    if display:
        made["display"] = display
    return made


def organization(facility_id: UUID, name: str) -> Part:
    """A facility, which is named but not served as a resource."""
    return {"identifier": {"system": FACILITY, "value": str(facility_id)}, "display": name}


def concept(system: str, code: str, text: str | None = None) -> Part:
    """One code, with the words for it."""
    made: Part = {"coding": [{"system": system, "code": code}]}
    if text:
        made["coding"][0]["display"] = text
        made["text"] = text
    return made


def languages(codes: Sequence[str]) -> list[Part]:
    """Languages somebody speaks."""
    return [concept(LANGUAGE, code) for code in codes]
