"""The places where people meet: settlements, sites with their hours, kiosks, and facilities."""

from dataclasses import dataclass
from datetime import time
from typing import Literal
from uuid import UUID

SiteKind = Literal["post_office", "route_stop", "clinic"]


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


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One counter with devices at a site, for one patient at a time."""

    id: UUID
    site_id: UUID
    label: str
