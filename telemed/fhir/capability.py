"""The CapabilityStatement, written from the same table as the doors."""

from typing import Any

from telemed.fhir.answers import MEDIA_TYPE, Resource
from telemed.fhir.table import SERVED, Served

DATE = "2026-11-22"
OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"


def statement(base: str, origin: str) -> Resource:
    """What this server can do, and where tokens are had."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": {"name": "Telemed"},
        "implementation": {"description": "Booking of visits by telemedicine", "url": base},
        "fhirVersion": "4.0.1",
        "format": [MEDIA_TYPE, "json"],
        "rest": [
            {
                "mode": "server",
                "security": _security(origin),
                "resource": [_resource(each, base) for each in SERVED],
            }
        ],
    }


def smart_configuration(origin: str, scopes: tuple[str, ...]) -> dict[str, Any]:
    """How a backend service gets in, after SMART App Launch 2."""
    return {
        "token_endpoint": f"{origin}/oauth/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "ES384", "RS384"],
        "grant_types_supported": ["client_credentials"],
        "scopes_supported": list(scopes),
        "capabilities": ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
    }


def operation_definition(base: str, kind: str, name: str) -> str:
    """Where an operation says what it is."""
    return f"{base}/OperationDefinition/{kind}-{name}"


def definitions(base: str) -> dict[str, Resource]:
    """Every OperationDefinition, by id."""
    return {
        f"{each.type}-{op.name}": _definition(base, each, op.name)
        for each in SERVED
        for op in each.operations
    }


def _definition(base: str, each: Served, name: str) -> Resource:
    operation = next(op for op in each.operations if op.name == name)
    parts = [("date", "date"), ("free", "integer"), ("total", "integer")]
    return {
        "resourceType": "OperationDefinition",
        "id": f"{each.type}-{name}",
        "url": operation_definition(base, each.type, name),
        "name": name.capitalize(),
        "status": "active",
        "kind": "query",
        "description": operation.about,
        "affectsState": False,
        "code": name,
        "resource": [each.type],
        "system": False,
        "type": False,
        "instance": True,
        "parameter": [
            {"name": "start", "use": "in", "min": 0, "max": "1", "type": "date"},
            {"name": "days", "use": "in", "min": 0, "max": "1", "type": "integer"},
            {
                "name": "day",
                "use": "out",
                "min": 0,
                "max": "*",
                "part": [
                    {"name": part, "use": "out", "min": 1, "max": "1", "type": kind} for part, kind in parts
                ],
            },
        ],
    }


def _security(origin: str) -> Resource:
    return {
        "cors": False,
        "service": [{"coding": [{"system": SERVICES, "code": "SMART-on-FHIR"}]}],
        "extension": [
            {"url": OAUTH_URIS, "extension": [{"url": "token", "valueUri": f"{origin}/oauth/token"}]}
        ],
    }


def _resource(each: Served, base: str) -> Resource:
    made: Resource = {
        "type": each.type,
        "interaction": [{"code": code} for code in each.interactions],
        "versioning": "versioned-update" if each.versioned else "no-version",
    }
    if "update" in each.interactions:
        made |= {"updateCreate": False, "conditionalUpdate": False, "conditionalCreate": False}
    if each.params:
        made["searchParam"] = [
            {"name": param.name, "type": param.type, "documentation": param.about} for param in each.params
        ]
    if each.operations:
        made["operation"] = [
            {
                "name": operation.name,
                "definition": operation_definition(base, each.type, operation.name),
                "documentation": operation.about,
            }
            for operation in each.operations
        ]
    return made
