"""How the demo's lines were: most carry video, one is too thin every afternoon, one was never measured."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from scheduling.lines import Reading
from scheduling.places import Kiosk
from telemed.demo.places import ZONE, Map, new_id

WEEKS = 4
# After school and work the village watches films over the same mast.
_THIN_FROM = time(13)


def measure_lines(where: Map, now: datetime, rng: Random) -> Iterator[Reading]:
    """Return a reading of every half hour in which a counter was open, over the last weeks."""
    home = where.kiosk_at(where.home())
    *measured, _never = [kiosk for kiosk in where.kiosks if kiosk != home]
    for kiosk in (home, *measured):
        for at in _looks(where, kiosk, now):
            thin = kiosk == home and at.astimezone(ZoneInfo(ZONE)).time() >= _THIN_FROM
            yield _reading(kiosk, at, thin, rng)


def _looks(where: Map, kiosk: Kiosk, now: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(ZONE)
    openings = next(site.hours for site in where.sites if site.id == kiosk.site_id)
    for day in range(1, WEEKS * 7 + 1):
        past = now.astimezone(zone).date() - timedelta(days=day)
        for opening in openings:
            if opening.weekday == past.weekday():
                at = datetime.combine(past, opening.opens, zone).replace(minute=40)
                while at.time() < opening.closes:
                    yield at.astimezone(now.tzinfo)
                    at += timedelta(minutes=30)


def _reading(kiosk: Kiosk, at: datetime, thin: bool, rng: Random) -> Reading:
    up = rng.randint(90, 240) if thin else rng.randint(900, 6000)
    return Reading(
        id=new_id(rng),
        kiosk_id=kiosk.id,
        at=at,
        up_kbps=up,
        down_kbps=up * rng.randint(1, 4),
        rtt_ms=rng.randint(180, 420) if thin else rng.randint(25, 90),
        loss_percent=round(rng.uniform(1, 4) if thin else rng.uniform(0, 1.2), 1),
        source="probe",
    )
