"""What the owner of a record does: open it with birth date and slip code, and see who has read it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.people import Patient
from telemed.records.access_log import Entry, Reader
from telemed.unit import Unit

Refusal = Literal["no_match", "too_many_tries"]


@dataclass(frozen=True)
class Reading:
    """One line of the list: the same reader reading the same things again that day is one line."""

    first_at: datetime
    last_at: datetime
    times: int
    reader: Reader
    facility: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class MyRecord:
    """What the owner sees."""

    patient: Patient
    readings: tuple[Reading, ...]


def open_my_record(unit: Unit, typed_code: str, birth_date: date | None, place: str) -> UUID | Refusal:
    """The patient whose slip this is. A wrong code and a wrong date are the same answer.

    Nothing is raised: the count of tries must be committed whatever the answer is.
    """
    slips = unit.records.slips
    if not slips.take_try(place, typed_code, unit.real_now):
        return "too_many_tries"
    slip = slips.find_with_birth_date(typed_code, birth_date or date.min, unit.now)
    if slip is None:
        return "no_match"
    slips.give_back(place, typed_code)
    return slip.patient_id


def my_record(unit: Unit, patient_id: UUID, zone: ZoneInfo) -> MyRecord:
    """Who has read this person's record, newest first."""
    facilities = {facility.id: facility.name for facility in unit.book.facilities()}
    readings = gathered(unit.records.who_has_read(patient_id), zone, facilities)
    return MyRecord(unit.book.patient(patient_id), tuple(readings))


def gathered(entries: Iterable[Entry], zone: ZoneInfo, facilities: dict[UUID, str]) -> list[Reading]:
    """One line for each run of the same reading on one day; entries come newest first."""
    lines: list[Reading] = []
    for entry in entries:
        facility = facilities.get(entry.reader.facility_id, "") if entry.reader.facility_id else ""
        line = Reading(entry.at, entry.at, 1, entry.reader, facility, tuple(entry.what.split(", ")))
        if lines and _same(lines[-1], line, zone):
            lines[-1] = replace(lines[-1], first_at=entry.at, times=lines[-1].times + 1)
        else:
            lines.append(line)
    return lines


def _same(one: Reading, other: Reading, zone: ZoneInfo) -> bool:
    days = {moment.astimezone(zone).date() for moment in (one.first_at, other.first_at)}
    return len(days) == 1 and (one.reader, one.what) == (other.reader, other.what)
