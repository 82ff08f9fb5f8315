"""The people who meet: patients and practitioners, as far as booking needs to know them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Identity = Literal["claimed", "confirmed"]
Script = Literal["native", "latin"]
"""In which letters somebody's telephone shows what we write."""

ContactWay = Literal["voice", "email", "proxy", "letter"]
"""Further ways to reach somebody than by SMS to their own number."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A person who is to be seen; *claimed* until somebody has compared the claim with the person."""

    id: UUID
    identity: Identity
    name: str
    birth_date: date | None
    sex: str | None
    identifier_kind: str | None
    identifier: str | None
    phone: str | None
    language: str
    script: Script = "native"


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody who sees patients on behalf of one facility."""

    id: UUID
    facility_id: UUID
    name: str
    specialty: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """One further way to reach a patient; `name` is who answers there when it is somebody else."""

    id: UUID
    patient_id: UUID
    way: ContactWay
    address: str
    name: str | None
    entered_at: datetime
