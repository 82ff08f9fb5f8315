"""Who somebody says they are, and what they told and measured: an intake never changes once filed."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from telemed.intake.vitals import Measurement

COMPLAINTS = {
    "dizzy": "Dizziness",
    "pain": "Pain",
    "breath": "Cough or breath",
    "pressure": "Blood pressure",
    "stomach": "Stomach",
    "skin": "Skin",
    "medicine": "My medicines",
    "other": "Something else",
}


class Claim(NamedTuple):
    """An identity as the patient states it; only a doctor or the clerk's look at the card confirms it."""

    identifier_kind: str | None
    identifier: str | None
    name: str
    birth_date: date | None


class Symptom(NamedTuple):
    """What was answered to a question that belongs to a complaint: keys of ``steps.symptoms``."""

    question: str
    answer: str


class Filing(NamedTuple):
    """Where, when and for whom an intake was filed."""

    intake_id: UUID
    visit_id: UUID
    patient_id: UUID
    kiosk_id: UUID
    site_id: UUID
    at: datetime


class Intake(NamedTuple):
    """What one patient said and measured at one kiosk; ``complaint`` is a key of ``COMPLAINTS``."""

    filing: Filing
    language: str
    red_flag: bool
    claim: Claim
    complaint: str
    words: str
    measurements: tuple[Measurement, ...]
    phone: str | None
    sms: bool
    sharing: bool
    notice_version: str
    symptoms: tuple[Symptom, ...] = ()


def canonical(body: dict[str, Any]) -> bytes:
    """Write a body the one way in which equal bodies are equal bytes."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(body: bytes) -> str:
    """Return the SHA-256 of a canonical body, in hex."""
    return hashlib.sha256(body).hexdigest()
