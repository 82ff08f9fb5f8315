"""Where the demo plays: real villages, post offices with village hours, three health centres."""

import csv
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from random import Random
from uuid import UUID

from scheduling.places import Facility, Kiosk, Opening, Settlement, Site

ZONE = "Europe/Sofia"
HOME = "00093"
"""The settlement whose kiosk the demo is shown at: Аврен, in the Eastern Rhodopes."""

_TABLE = Path(__file__).with_name("settlements.csv")
_MORNING = (time(8, 30), time(12, 30))
_AFTERNOON = (time(13, 30), time(16, 30))
_WEEKDAYS = (0, 1, 2, 3, 4)
_HOURS = (
    tuple(Opening(day, *_MORNING) for day in _WEEKDAYS),
    tuple(Opening(day, *_AFTERNOON) for day in _WEEKDAYS),
    tuple(Opening(day, *_MORNING) for day in (0, 2, 4)),
)
_WHOLE_DAYS = tuple(Opening(day, *half) for day in _WEEKDAYS for half in (_MORNING, _AFTERNOON))
# Most are open five mornings, some five afternoons, the smallest three mornings a week.
_SHARES = (6, 3, 2)
_FACILITIES = ("Медицински център „Родопи“", "Медицински център „Извор“", "Медицински център „Добруджа“")


@dataclass(frozen=True)
class Map:
    """Every place of the demo; the first facility is the one whose doctor the demo shows."""

    settlements: tuple[Settlement, ...]
    facilities: tuple[Facility, ...]
    sites: tuple[Site, ...]
    kiosks: tuple[Kiosk, ...]

    def zones(self) -> dict[UUID, str]:
        """Return the time zone of each facility."""
        return {facility.id: facility.time_zone for facility in self.facilities}

    def home(self) -> Site:
        """Return the site the demo is shown at."""
        return next(site for site in self.sites if site.settlement_code == HOME)

    def kiosk_at(self, site: Site) -> Kiosk:
        """Return the kiosk of a site."""
        return next(kiosk for kiosk in self.kiosks if kiosk.site_id == site.id)


def draw_map(rng: Random) -> Map:
    """Put the demo's places on the map."""
    rows = _rows()
    sites = tuple(_post_office(row, rng) for row in rows if row["post_office"] == "yes")
    return Map(
        settlements=tuple(_settlement(row) for row in rows),
        facilities=tuple(Facility(new_id(rng), name, ZONE) for name in _FACILITIES),
        sites=sites,
        kiosks=tuple(Kiosk(new_id(rng), site.id, f"{site.name.removeprefix('Поща ')} 1") for site in sites),
    )


def new_id(rng: Random) -> UUID:
    """Return an id that is the same for the same seed."""
    return UUID(int=rng.getrandbits(128), version=4)


def _rows() -> list[dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _settlement(row: dict[str, str]) -> Settlement:
    return Settlement(
        row["ekatte"],
        row["name"],
        row["name_latin"],
        row["district"],
        row["municipality"],
        float(row["latitude"]),
        float(row["longitude"]),
    )


def _post_office(row: dict[str, str], rng: Random) -> Site:
    hours = _WHOLE_DAYS if row["ekatte"] == HOME else rng.choices(_HOURS, _SHARES)[0]
    return Site(new_id(rng), "post_office", row["ekatte"], f"Поща {row['name']}", ZONE, hours)
