"""Whom a counter has to call or write to, with the numbers that may be called and what there is to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from scheduling.errors import NotFound
from telemed.messages.calling import CallLine, CallList
from telemed.messages.stopped import Stopped
from telemed.unit import Unit

Said = Literal["come", "moved", "cancelled", "now", "offer", "unclear", "asked", "another_time", "over"]
"""The sentence to say: nothing in it but place and time."""

LETTERS_SHOWN = timedelta(days=14)
"""For so long a letter can be printed once more."""

_OF_REASON: dict[str, Said] = {"unclear": "unclear", "asked": "asked", "move": "another_time"}
_OF_KIND: dict[str, Said] = {
    "moved": "moved",
    "cancelled": "cancelled",
    "come_now": "now",
    "offer": "offer",
    "offer_help": "offer",
}
_ASKS_ABOUT_THE_VISIT: tuple[Said, ...] = ("come", "moved", "unclear")
_NOT_BY_LETTER: tuple[Said, ...] = ("now", "offer", "over")


class NoLetter(Exception):
    """The patient has not agreed to letters."""


@dataclass(frozen=True)
class Number:
    """A number to call; `name` is who answers there when it is not the patient."""

    number: str
    name: str | None = None


@dataclass(frozen=True)
class Telling:
    """One person who has to be told something."""

    line: CallLine
    name: str
    language: str
    numbers: tuple[Number, ...]
    wrong: tuple[str, ...]
    letter: bool
    said: Said


def to_tell(unit: Unit, site_id: UUID) -> list[Telling]:
    """Whom a counter is to call, the next visit first; each person shown is told of it in their log."""
    return [_telling(unit, line) for line in _calls(unit).to_make(site_id)]


def letters(unit: Unit, site_id: UUID) -> list[Telling]:
    """The letters that a counter has written lately, the latest first."""
    return [_telling(unit, line) for line in _calls(unit).letters(site_id, unit.now - LETTERS_SHOWN)]


def letter(unit: Unit, line_id: UUID, site_id: UUID) -> Telling:
    """One letter that a counter has written; NotFound at any other."""
    found = [line for line in _calls(unit).letters(site_id, unit.now - LETTERS_SHOWN) if line.id == line_id]
    if not found:
        raise NotFound("letter")
    return _telling(unit, found[0])


def mark(unit: Unit, line_id: UUID, site_id: UUID, version: int, outcome: str) -> None:
    """Note how it ended: told, not reached, or by letter, which needs the patient's yes."""
    calls = _calls(unit)
    if outcome == "letter":
        patient_id = calls.of(line_id, site_id)
        if "letter" not in unit.records.consents.given(patient_id):
            raise NoLetter
    calls.mark(line_id, site_id, version, outcome, unit.reader.id, unit.now)


def _calls(unit: Unit) -> CallList:
    return CallList(unit.connection, unit.sightings)


def _telling(unit: Unit, line: CallLine) -> Telling:
    patient = unit.book.patient(line.patient_id)
    given = unit.records.consents.given(patient.id)
    contacts = unit.book.contacts(patient.id)
    told = [Number(line.phone)] if line.phone and line.whom == "patient" else []
    if "sms" in given and patient.phone is not None:
        told.append(Number(patient.phone))
    for way in ("voice", "proxy"):
        if way in given and way in contacts:
            told.append(Number(contacts[way].address, contacts[way].name))
    numbers = tuple(dict.fromkeys(told))
    said = said_of(line, unit.now)
    wrong = tuple(each.number for each in numbers if Stopped(unit.connection).is_doubtful(each.number))
    return Telling(
        line=line,
        name=patient.name,
        language=patient.language,
        numbers=tuple(each for each in numbers if each.number not in wrong),
        wrong=wrong,
        letter="letter" in given and said not in _NOT_BY_LETTER,
        said=said,
    )


def said_of(line: CallLine, now: datetime) -> Said:
    """What there is to say about a line; nobody is asked whether they come to a visit that has been."""
    said = _OF_REASON.get(line.reason) or _OF_KIND.get(line.kind, "come")
    return "over" if said in _ASKS_ABOUT_THE_VISIT and line.starts_at <= now else said
