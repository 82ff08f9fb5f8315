"""Sweeps over every clock change of seven years: what is offered then is what the wall clocks allow, exactly.

The expectation is found in another way than the code finds it: minute by minute, by asking each instant
what clocks on the wall show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from scheduling.hours import DAY
from scheduling.places import Opening
from scheduling.placing import placing
from scheduling.rosters import Shift
from tests import build
from tests.build import MINUTES_20
from tests.scheduling.calendars import CENTRE, CONSULTATION, DOCTOR, practitioner, search, site

HOME_ZONES = (
    "Europe/Sofia",
    "Europe/Kyiv",
    "Europe/Bucharest",
    "Europe/Istanbul",
    "Asia/Tashkent",
    "Asia/Ho_Chi_Minh",
)
OTHER_ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Johannesburg",
    "America/Asuncion",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Miquelon",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Almaty",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Easter",
)
SAMPLE = ("Europe/Sofia", "America/Santiago", "Australia/Lord_Howe", "Asia/Tashkent")
MINUTE = timedelta(minutes=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
# Nights included, as clocks change then; a local day's last hour ends a minute before midnight.
HOURS = ((time(0), time(8)), (time(8, 40), time(17)), (time(22), time(23, 59)))


@dataclass(frozen=True)
class Change:
    """One instant at which a zone's clocks jump, and by how much."""

    at: datetime
    jump: timedelta


def changes(zone: str) -> Iterator[Change]:
    """Every clock change of a zone from 2024 to 2030, to the minute."""
    place = ZoneInfo(zone)
    for number in range((LAST - FIRST).days):
        before, after = FIRST + number * DAY, FIRST + (number + 1) * DAY
        if offset(before, place) == offset(after, place):
            continue
        while after - before > MINUTE:
            middle = before + (after - before) // MINUTE // 2 * MINUTE
            if offset(middle, place) == offset(FIRST + number * DAY, place):
                before = middle
            else:
                after = middle
        yield Change(after, offset(after, place) - offset(before, place))


def offset(at: datetime, zone: ZoneInfo) -> timedelta:
    shift = at.astimezone(zone).utcoffset()
    assert shift is not None
    return shift


def offered_around(zone: str, change: Change) -> list[datetime]:
    """The starts of what is offered on the day of a change, the day before and the day after."""
    openings = tuple(Opening(day, *hours) for day in range(7) for hours in HOURS)
    shifts = [Shift(DOCTOR, CENTRE, day, *hours) for day in range(7) for hours in HOURS]
    here = site(build.site(time_zone=zone, hours=openings))
    who = practitioner(shifts, zones={CENTRE: zone})
    found = search(who, at=here, day=day_before(zone, change), days=3, now=FIRST)
    assert all(placing(slot, CONSULTATION, who, here) == CENTRE for slot in found)
    return [slot.starts_at for slot in found]


def day_before(zone: str, change: Change) -> date:
    return change.at.astimezone(ZoneInfo(zone)).date() - DAY


def open_stretches(zone: str, change: Change) -> list[list[datetime]]:
    """The minutes of those three days at which the clock on the wall shows an open hour, in stretches."""
    place, first = ZoneInfo(zone), day_before(zone, change)
    begins = datetime.combine(first, time(), place).astimezone(UTC) - 3 * 60 * MINUTE
    stretches: list[list[datetime]] = [[]]
    for at in (begins + number * MINUTE for number in range(78 * 60)):
        shown = at.astimezone(place)
        inside = any(starts <= shown.time() < ends for starts, ends in HOURS)
        if inside and first <= shown.date() < first + 3 * DAY:
            stretches[-1].append(at)
        elif stretches[-1]:
            stretches.append([])
    return [stretch for stretch in stretches if stretch]


def check(zone: str, change: Change) -> None:
    found = offered_around(zone, change)
    open_minutes = {at for stretch in open_stretches(zone, change) for at in stretch}
    assert all(one + MINUTES_20 <= other for one, other in pairwise(found)), "two visits overlap"
    outside = [at for at in found if not {at + number * MINUTE for number in range(20)} <= open_minutes]
    assert outside == [], "the clock on the wall shows a closed hour"
    for stretch in open_stretches(zone, change):
        offered = [at for at in found if stretch[0] <= at <= stretch[-1]]
        room = [stretch[0] + number * MINUTES_20 for number in range(len(stretch) // 20)]
        if any(abs(edge - change.at) <= abs(change.jump) for edge in (stretch[0], stretch[-1] + MINUTE)):
            # It begins or ends at a time that the clock shows twice, or never: only that hour may be lost.
            assert len(room) - len(offered) <= -(-abs(change.jump) // MINUTES_20)
        else:
            assert offered == room, "a visit is lost or doubled"


@pytest.mark.parametrize("zone", SAMPLE)
def test_around_the_changes_of_2026_the_wall_clock_is_kept(zone: str) -> None:
    for change in changes(zone):
        if change.at.year == 2026:
            check(zone, change)


@pytest.mark.full
@pytest.mark.parametrize("zone", [*HOME_ZONES, *OTHER_ZONES])
def test_around_every_change_the_wall_clock_is_kept(zone: str) -> None:
    for change in changes(zone):
        check(zone, change)


@pytest.mark.long
def test_in_every_zone_of_the_world_the_wall_clock_is_kept() -> None:
    for zone in sorted(available_timezones()):
        for change in changes(zone):
            check(zone, change)


@pytest.mark.full
def test_the_sweep_meets_every_kind_of_change() -> None:
    seen = [change.jump // MINUTE for zone in (*HOME_ZONES, *OTHER_ZONES) for change in changes(zone)]
    assert {-120, -60, -30, 30, 60, 120} <= set(seen)
    assert len(seen) > 300
