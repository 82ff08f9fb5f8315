"""What a patient has agreed to or refused, and under which notice; the latest answer counts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple, get_args
from uuid import UUID

Kind = Literal[
    "notice",
    "sms",
    "voice",
    "email",
    "proxy",
    "letter",
    "family_doctor",
    "recording",
    "other_facilities",
    # Not a consent to anything others do: the wish to be told when somebody reads the record.
    "read_notice",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
REACHED_BY: tuple[Kind, ...] = ("sms", "voice", "email", "proxy", "letter")
"""The ways in which somebody may be reached outside of a visit, each agreed to for itself."""


class Consent(NamedTuple):
    """One answer; given False is a refusal, which is an answer too."""

    id: UUID
    patient_id: UUID
    kind: Kind
    given: bool
    notice_version: str
    at: datetime


def latest(answers: Iterable[Consent]) -> dict[Kind, Consent]:
    """The answer that counts for each kind; of two at the same instant a refusal wins."""
    current: dict[Kind, Consent] = {}
    for answer in sorted(answers, key=lambda a: (a.at, not a.given)):
        current[answer.kind] = answer
    return current


def allows(answers: Iterable[Consent], kind: Kind) -> bool:
    """Whether the patient has said yes to this; silence is not a yes."""
    answer = latest(answers).get(kind)
    return answer is not None and answer.given
