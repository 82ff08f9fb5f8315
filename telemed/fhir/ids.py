"""Ids of what is computed and never stored: schedules of practitioner, visit type and site, and their slots.

FHIR allows 64 letters, digits, dashes and dots; two UUIDs in base 62 leave twelve for the visit type.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_UUID_LENGTH = 22
_LONGEST_CODE = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_LAST_MINUTE = 62**5 - 1


@dataclass(frozen=True, slots=True)
class ScheduleKey:
    """What a schedule is of; without a site it is the practitioner's time, wherever the patient sits."""

    practitioner_id: UUID
    type_code: str
    site_id: UUID | None = None

    @property
    def id(self) -> str:
        """The schedule's id."""
        site = f".{shorten(self.site_id)}" if self.site_id else ""
        return f"{shorten(self.practitioner_id)}.{self.type_code}{site}"

    def slot_affixes(self) -> tuple[str, str]:
        """What stands before and after the minute in the ids of this schedule's slots."""
        site = f".{shorten(self.site_id)}" if self.site_id else ""
        return f"{shorten(self.practitioner_id)}.", f".{self.type_code}{site}"


@dataclass(frozen=True, slots=True)
class SlotKey:
    """A schedule and the moment at which one of its slots begins."""

    schedule: ScheduleKey
    starts_at: datetime

    @property
    def id(self) -> str:
        """The slot's id."""
        before, after = self.schedule.slot_affixes()
        return f"{before}{minute_of(self.starts_at)}{after}"


def code_of(visit_type_id: str) -> str:
    """A visit type as ids name it: itself where it is short and plain, else a digest of it."""
    if re.fullmatch(rf"[A-Za-z0-9\-]{{1,{_LONGEST_CODE}}}", visit_type_id):
        return visit_type_id
    digest = hashlib.sha256(visit_type_id.encode()).digest()
    return _written(int.from_bytes(digest[:8], "big"), 11)


def minute_of(moment: datetime) -> str:
    """A moment's minute since 1970 as ids write it."""
    return _written((moment - _EPOCH) // _MINUTE, 1)


@lru_cache(maxsize=4096)
def shorten(value: UUID) -> str:
    """A UUID in 22 characters."""
    return _written(value.int, _UUID_LENGTH)


def lengthen(text: str) -> UUID | None:
    """The UUID that these characters stand for, if any."""
    value = _read(text) if len(text) == _UUID_LENGTH else None
    return UUID(int=value) if value is not None and value < 2**128 else None


def read_schedule_id(text: str) -> ScheduleKey | None:
    """What a schedule's id says; None when it is not one of ours."""
    first, *rest = text.split(".")
    return _schedule(first, rest)


def read_slot_id(text: str) -> SlotKey | None:
    """What a slot's id says; None when it is not one of ours."""
    first, *rest = text.split(".")
    minute = _read(rest[0]) if rest else None
    schedule = _schedule(first, rest[1:])
    if schedule is None or minute is None or minute > _LAST_MINUTE:
        return None
    return SlotKey(schedule, _EPOCH + minute * _MINUTE)


def _schedule(practitioner: str, rest: list[str]) -> ScheduleKey | None:
    practitioner_id = lengthen(practitioner)
    if practitioner_id is None or not rest or len(rest) > 2:
        return None
    if not re.fullmatch(rf"[A-Za-z0-9\-]{{1,{_LONGEST_CODE}}}", rest[0]):
        return None
    site_id = lengthen(rest[1]) if len(rest) == 2 else None
    if len(rest) == 2 and site_id is None:
        return None
    return ScheduleKey(practitioner_id, rest[0], site_id)


def _written(value: int, width: int) -> str:
    digits = []
    while value:
        value, digit = divmod(value, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits)).rjust(width, "0")


def _read(text: str) -> int | None:
    value = 0
    for letter in text:
        if letter not in _VALUES:
            return None
        value = value * 62 + _VALUES[letter]
    return value if text else None
