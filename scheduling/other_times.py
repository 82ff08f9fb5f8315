"""Which other times to put to somebody whom the time of a visit does not suit."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduling.calendar import Slot

LOOKED_AT = timedelta(days=14)
"""So far from the visit's day other times are looked for, on both sides."""


def other_times(free: Collection[Slot], starts_at: datetime, zone: str, count: int = 3) -> tuple[Slot, ...]:
    """A few free slots, by time: the same hour or so on the nearest other days, later before earlier.

    Only when other days have too few, further times of those days and of the day itself are taken.
    """
    place = ZoneInfo(zone)
    wanted = starts_at.astimezone(place)
    by_day: dict[date, list[Slot]] = {}
    for slot in sorted(
        {each.starts_at: each for each in free}.values(), key=lambda each: _apart(each, wanted)
    ):
        if slot.starts_at != starts_at:
            by_day.setdefault(slot.starts_at.astimezone(place).date(), []).append(slot)
    own_day = by_day.pop(wanted.date(), [])
    days = sorted(by_day, key=lambda day: (abs(day - wanted.date()), day < wanted.date()))
    # The best time of each day, then the second best of each, …
    deepest = max((len(slots) for slots in by_day.values()), default=0)
    rounds = [by_day[day][deep] for deep in range(deepest) for day in days if deep < len(by_day[day])]
    return tuple(sorted([*rounds, *own_day][:count], key=lambda slot: slot.starts_at))


def _apart(slot: Slot, wanted: datetime) -> tuple[int, datetime]:
    """How far a slot's time of day is from the wanted one; of two equals the sooner."""
    local = slot.starts_at.astimezone(wanted.tzinfo)
    minutes = abs((local.hour - wanted.hour) * 60 + local.minute - wanted.minute)
    return minutes, slot.starts_at
