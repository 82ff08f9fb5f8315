"""What R4 says a resource must look like, as far as ours go: elements, types, codes."""

import re
from collections.abc import Iterator
from typing import Any

INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
DATE = r"\d{4}(-\d\d(-\d\d)?)?"
TIME = r"\d\d:\d\d:\d\d"
CODE = r"\S+( \S+)*"
ID = r"[A-Za-z0-9\-.]{1,64}"
URI = r"\S+"
TEXT = r"(?s).*\S.*"

Shape = dict[str, Any]

CODING: Shape = {"system": URI, "code": CODE, "display": TEXT}
CONCEPT: Shape = {"coding": [CODING], "text": TEXT}
IDENTIFIER: Shape = {"system": URI, "value": TEXT}
REFERENCE: Shape = {"reference": URI, "identifier": IDENTIFIER, "display": TEXT, "type": URI}
DAYS = "mon|tue|wed|thu|fri|sat|sun"

EXTENSION: Shape = {"url!": URI, "valueCode": CODE, "valueInteger": int, "valueUri": URI}
RESOURCE: Shape = {
    "resourceType!": CODE,
    "id": ID,
    "meta": {"versionId": ID, "lastUpdated": INSTANT},
    "extension": [EXTENSION],
    "identifier": [IDENTIFIER],
}
SHAPES: dict[str, Shape] = {
    "Appointment": {
        "status!": (
            "proposed|pending|booked|arrived|fulfilled|cancelled|noshow|entered-in-error|checked-in|waitlist"
        ),
        "serviceType": [CONCEPT],
        "start": INSTANT,
        "end": INSTANT,
        "minutesDuration": int,
        "slot": [REFERENCE],
        "participant!": [{"actor": REFERENCE, "status!": "accepted|declined|tentative|needs-action"}],
    },
    "HealthcareService": {
        "active": bool,
        "providedBy": REFERENCE,
        "category": [CONCEPT],
        "type": [CONCEPT],
        "name": TEXT,
        "comment": TEXT,
        "appointmentRequired": bool,
    },
    "Location": {
        "status": "active|suspended|inactive",
        "name": TEXT,
        "mode": "instance|kind",
        "type": [CONCEPT],
        "address": {"text": TEXT, "city": TEXT, "district": TEXT, "state": TEXT, "country": TEXT},
        "physicalType": CONCEPT,
        "position": {"longitude!": float, "latitude!": float},
        "partOf": REFERENCE,
        "hoursOfOperation": [{"daysOfWeek": [DAYS], "openingTime": TIME, "closingTime": TIME}],
    },
    "Patient": {
        "active": bool,
        "name": [{"text": TEXT, "family": TEXT, "given": [TEXT]}],
        "telecom": [{"system": "phone|email", "value": TEXT}],
        "gender": "male|female|other|unknown",
        "birthDate": DATE,
        "communication": [{"language!": CONCEPT, "preferred": bool}],
    },
    "Practitioner": {"active": bool, "name": [{"text": TEXT}], "communication": [CONCEPT]},
    "PractitionerRole": {
        "active": bool,
        "practitioner": REFERENCE,
        "organization": REFERENCE,
        "specialty": [CONCEPT],
        "healthcareService": [REFERENCE],
        "availableTime": [{"daysOfWeek": [DAYS], "availableStartTime": TIME, "availableEndTime": TIME}],
    },
    "Schedule": {
        "active": bool,
        "serviceType": [CONCEPT],
        "specialty": [CONCEPT],
        "actor!": [REFERENCE],
        "planningHorizon": {"start": DATE, "end": DATE},
    },
    "Slot": {
        "schedule!": REFERENCE,
        "status!": "busy|free|busy-unavailable|busy-tentative|entered-in-error",
        "start!": INSTANT,
        "end!": INSTANT,
    },
    "OperationOutcome": {
        "issue!": [
            {
                "severity!": "fatal|error|warning|information",
                "code!": (
                    "invalid|structure|required|value|invariant|security|login|unknown|expired|forbidden|suppressed|"
                    "processing|not-supported|duplicate|multiple-matches|not-found|deleted|too-long|code-invalid|"
                    "extension|too-costly|business-rule|conflict|transient|lock-error|no-store|exception|timeout|"
                    "incomplete|throttled|informational"
                ),
                "details": CONCEPT,
                "diagnostics": TEXT,
                "expression": [TEXT],
            }
        ]
    },
    "Parameters": {
        "parameter": [
            {"name!": TEXT, "part": [{"name!": TEXT, "valueDate": DATE, "valueInteger": int}]},
        ]
    },
}


def faults(resource: Any) -> list[str]:
    """What of a resource, or of a Bundle's resources, is not as R4 has it."""
    if resource.get("resourceType") == "Bundle":
        return list(_bundle(resource))
    shape = SHAPES.get(resource.get("resourceType", ""))
    if shape is None:
        return [f"no shape for {resource.get('resourceType')}"]
    return list(_object(resource, RESOURCE | shape, resource["resourceType"]))


def _bundle(bundle: dict[str, Any]) -> Iterator[str]:
    if bundle["type"] != "searchset":
        yield "Bundle.type"
    if bundle.get("entry") == [] or not all(each.get("url") for each in bundle["link"]):
        yield "Bundle: an empty list, or a link without address"
    for entry in bundle.get("entry", []):
        yield from faults(entry["resource"])
        if not entry["fullUrl"].endswith(f"/{entry['resource']['resourceType']}/{entry['resource']['id']}"):
            yield "Bundle.entry.fullUrl"


def _object(value: Any, shape: Shape, path: str) -> Iterator[str]:
    if not isinstance(value, dict) or not value:
        yield f"{path} is no object"
        return
    for name in (name[:-1] for name in shape if name.endswith("!")):
        if name not in value:
            yield f"{path}.{name} is missing"
    plain = {name.rstrip("!"): part for name, part in shape.items()} | {"extension": [EXTENSION]}
    for name, part in value.items():
        if name not in plain:
            yield f"{path}.{name} is unknown"
        else:
            yield from _part(part, plain[name], f"{path}.{name}")


def _part(value: Any, shape: Any, path: str) -> Iterator[str]:
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            yield f"{path} is no list, or an empty one"
        else:
            for each in value:
                yield from _part(each, shape[0], path)
    elif isinstance(shape, dict):
        yield from _object(value, shape, path)
    elif isinstance(shape, str):
        if not isinstance(value, str) or not re.fullmatch(shape, value):
            yield f"{path} is {value!r}"
    elif not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        yield f"{path} is {value!r}"
