"""What the owner of a record does: open it with birth date and slip code, and see who has read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.people import Patient
from telemed.records.access_log import Entry, Reader
from telemed.unit import Unit
from telemed.visits.telling_owners import WISH

Refusal = Literal["no_match", "too_many_tries"]


@dataclass(frozen=True)
class Reading:
    """One line of the list: the same reader, reading for the same reason on one day, newest entry first."""

    reader: Reader
    facility: str
    entries: tuple[Entry, ...]

    @property
    def first_at(self) -> datetime:
        """When it began."""
        return self.entries[-1].at

    @property
    def last_at(self) -> datetime:
        """When it was last."""
        return self.entries[0].at

    @property
    def what(self) -> tuple[str, ...]:
        """Everything that was read in any of them."""
        return tuple(sorted({part for entry in self.entries for part in parts(entry)}))


@dataclass(frozen=True)
class MyRecord:
    """What the owner sees."""

    patient: Patient
    readings: tuple[Reading, ...]
    # Whether each reading is told by a message.
    told: bool = False


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
    told = unit.records.consents.allows(patient_id, WISH)
    return MyRecord(unit.book.patient(patient_id), tuple(readings), told)


def parts(entry: Entry) -> list[str]:
    """The kinds of things one entry names."""
    return entry.what.split(", ")


def gathered(entries: Iterable[Entry], zone: ZoneInfo, facilities: dict[UUID, str]) -> list[Reading]:
    """One line for each run of one reader's readings on one day; entries come newest first."""
    runs = groupby(entries, key=lambda entry: (entry.reader, entry.at.astimezone(zone).date()))
    return [
        Reading(reader, facilities.get(reader.facility_id, "") if reader.facility_id else "", tuple(run))
        for (reader, _), run in runs
    ]
