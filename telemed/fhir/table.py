"""What this server does, once: the doors are made from this table and the CapabilityStatement says it."""

from dataclasses import dataclass
from typing import Literal

Interaction = Literal["read", "search-type", "create", "update"]
ParamType = Literal["date", "reference", "token", "string"]

# How each interaction is written in a SMART scope.
SCOPE_LETTER: dict[Interaction, str] = {"read": "r", "search-type": "s", "create": "c", "update": "u"}


@dataclass(frozen=True, slots=True)
class Param:
    """A search parameter."""

    name: str
    type: ParamType
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation on one instance, asked with GET."""

    name: str
    about: str
    params: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """One resource type and what can be done with it."""

    type: str
    interactions: tuple[Interaction, ...]
    params: tuple[Param, ...] = ()
    operations: tuple[Operation, ...] = ()
    versioned: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: method and path under the base, and what it asks of a token (nothing, when open)."""

    endpoint: str
    method: str
    path: str
    served: Served
    does: str
    scope: str | None


_ID = Param("_id", "token", "The id itself.")
_READ: tuple[Interaction, ...] = ("read", "search-type")

SERVED = (
    Served(
        "Appointment",
        ("read", "search-type", "create", "update"),
        (
            _ID,
            Param("date", "date", "When it starts; with several, all must hold."),
            Param("practitioner", "reference", "Who sees the patient."),
            Param("location", "reference", "At which site or kiosk."),
            Param("patient", "reference", "Who is seen."),
            Param("status", "token", "One or several of FHIR's codes, with commas."),
        ),
        versioned=True,
    ),
    Served(
        "HealthcareService",
        _READ,
        (
            _ID,
            Param("service-type", "token", "The visit type."),
            Param("organization", "token", "The facility's id."),
        ),
    ),
    Served(
        "Location",
        _READ,
        (
            _ID,
            Param("name", "string", "How the name begins."),
            Param("address-city", "string", "How the settlement's name begins."),
            Param("partof", "reference", "The site a kiosk stands in."),
        ),
    ),
    Served("OperationDefinition", ("read",), open=True),
    Served("Patient", ("read",)),
    Served("Practitioner", _READ, (_ID, Param("name", "string", "A part of the name."))),
    Served(
        "PractitionerRole",
        _READ,
        (
            _ID,
            Param("practitioner", "reference", "Whose role."),
            Param("specialty", "token", "The specialty."),
            Param("service", "reference", "Who offers this HealthcareService."),
        ),
    ),
    Served(
        "Schedule",
        _READ,
        (
            _ID,
            Param("actor", "reference", "A Practitioner, a Location (site) or, twice, both."),
            Param("service-type", "token", "The visit type."),
        ),
        (
            Operation(
                "days",
                "Free and total slots of each local day, for at most 62 days.",
                ("start", "days"),
            ),
        ),
    ),
    Served(
        "Slot",
        _READ,
        (
            _ID,
            Param("schedule", "reference", "Required: one Schedule."),
            Param("start", "date", "When it starts; with several, all must hold; at most 62 days."),
            Param("status", "token", "free, busy, or both."),
        ),
    ),
)
"""Every resource type, by name."""

CONTROLS = ("_count", "_summary", "_format", "_pretty", "_cursor")
"""Parameters of every search that say how to answer, not what to look for."""


def served(kind: str) -> Served:
    """What is done with a resource type."""
    return next(each for each in SERVED if each.type == kind)


def scope(kind: str, interaction: Interaction) -> str:
    """The least scope that an interaction needs."""
    return f"system/{kind}.{SCOPE_LETTER[interaction]}"


def scopes() -> tuple[str, ...]:
    """For each resource type, the scope that allows everything that can be done with it."""
    return tuple(
        f"system/{each.type}.{''.join(letter for letter in 'crus' if letter in _letters(each))}"
        for each in SERVED
        if not each.open
    )


def doors() -> list[Door]:
    """Every door of the table."""
    return [door for each in SERVED for door in (*_plain_doors(each), *_operation_doors(each))]


_PATHS: dict[Interaction, tuple[tuple[str, str, str], ...]] = {
    "read": (("read", "GET", "/<id>"),),
    "search-type": (("search", "GET", ""), ("find", "POST", "/_search")),
    "create": (("create", "POST", ""),),
    "update": (("update", "PUT", "/<id>"),),
}


def _plain_doors(each: Served) -> list[Door]:
    return [
        Door(
            endpoint=f"fhir.{each.type}_{name}",
            method=method,
            path=f"/{each.type}{path}",
            served=each,
            does=name,
            scope=None if each.open else scope(each.type, interaction),
        )
        for interaction in each.interactions
        for name, method, path in _PATHS[interaction]
    ]


def _operation_doors(each: Served) -> list[Door]:
    return [
        Door(
            endpoint=f"fhir.{each.type}_{operation.name}",
            method="GET",
            path=f"/{each.type}/<id>/${operation.name}",
            served=each,
            does=operation.name,
            scope=scope(each.type, "read"),
        )
        for operation in each.operations
    ]


def _letters(each: Served) -> set[str]:
    return {SCOPE_LETTER[interaction] for interaction in each.interactions}
