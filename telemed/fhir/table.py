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
    return tuple(f"system/{each.type}.{''.join(x for x in 'crus' if x in _letters(each))}" for each in SERVED)


def _letters(each: Served) -> set[str]:
    return {SCOPE_LETTER[interaction] for interaction in each.interactions}
