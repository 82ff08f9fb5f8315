"""The places where people meet: settlements, sites with their hours, kiosks, and facilities."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

SiteKind = Literal["post_office", "route_stop", "clinic"]
OutageKind = Literal["maintenance", "clerk_away", "line"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A town or village with its code in the national classifier; coordinates are None when unknown."""

    code: str
    name: str
    name_latin: str
    district: str
    municipality: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Facility:
    """An institution that employs practitioners; its rosters are written in its own time zone."""

    id: UUID
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One span of local time on one weekday (0 is Monday) in which a site is open; it ends the same day."""

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday must be 0 (Monday) to 6, not {self.weekday}")
        if self.opens >= self.closes:
            raise ValueError(f"an opening must close after it opens: {self.opens}–{self.closes}")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a patient comes to be seen: a post office, the stop of a route, or a clinic."""

    id: UUID
    kind: SiteKind
    settlement_code: str
    name: str
    time_zone: str
    hours: tuple[Opening, ...]
    keeps_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One counter with devices at a site, for one patient at a time."""

    id: UUID
    site_id: UUID
    label: str


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One day on which a site does not keep its weekly hours: open at other times, or, without times, closed.

    At a route stop it can only shorten the stop: the kit comes by its timetable.
    """

    site_id: UUID
    day: date
    opens: time | None
    closes: time | None
    note: str

    def __post_init__(self) -> None:
        if (self.opens is None) != (self.closes is None):
            raise ValueError("a special day has both times or none")
        if self.opens is not None and self.closes is not None and self.opens >= self.closes:
            raise ValueError(f"an opening must close after it opens: {self.opens}–{self.closes}")


@dataclass(frozen=True, slots=True)
class Holiday:
    """The operator's own word on one day: a holiday, or, when not `closed`, a working day after all."""

    day: date
    name: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """When a travelling kiosk stands at a site: every so many weeks from the week of its first day."""

    kiosk_id: UUID
    site_id: UUID
    weekday: int
    arrives: time
    leaves: time
    every_weeks: int
    first_day: date

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday must be 0 (Monday) to 6, not {self.weekday}")
        if self.arrives >= self.leaves:
            raise ValueError(f"a stop must end after it begins: {self.arrives}–{self.leaves}")
        if not 1 <= self.every_weeks <= 8:
            raise ValueError(f"a stop comes every 1 to 8 weeks, not {self.every_weeks}")

    def falls_on(self, day: date) -> bool:
        """Whether the kiosk comes on this day."""
        if day.weekday() != self.weekday or day < self.first_day:
            return False
        weeks = (_monday(day) - _monday(self.first_day)).days // 7
        return weeks % self.every_weeks == 0


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which a site, or one kiosk, lacks something.

    Maintenance stops everything; an absent clerk what needs one; a dead line what cannot be had in writing.
    """

    id: UUID
    site_id: UUID
    kiosk_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    kind: OutageKind
    reason: str

    def __post_init__(self) -> None:
        if self.starts_at >= self.ends_at:
            raise ValueError("an outage must end after it starts")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
