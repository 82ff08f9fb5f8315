"""What a kiosk's line carries at each hour of the week, told from what was measured there before.

A visit is booked for an hour that has not come yet, so the line's past at that hour has to speak for it.
Too few readings say nothing: then the best channel is offered with that remark, and never called good.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.visit_types import Channel

Source = Literal["probe", "call"]
Why = Literal["carried", "unmeasured", "no_video", "no_voice"]
HourOfWeek = tuple[int, int]

LOOK_BACK = timedelta(weeks=8)
HALF_LIFE = timedelta(days=14)
# Fewer readings, or all of one day, are an anecdote.
FEWEST_READINGS = 4
FEWEST_DAYS = 2
# Two marks, so that an hour between them keeps what the hour before it had: a line that is good in three
# readings of four must not be offered with picture at ten, without at eleven and with it again at twelve.
GOOD_FROM = 0.8
BAD_BELOW = 0.6


STILL_NOW = timedelta(hours=2)
"""For so long a reading speaks for now; kiosks look at their lines every half hour to hour."""


class Reading(NamedTuple):
    """One look at a kiosk's line, each way; None is what could not be measured, zero is no line at all."""

    id: UUID
    kiosk_id: UUID
    at: datetime
    up_kbps: int | None
    down_kbps: int | None
    rtt_ms: int | None
    loss_percent: float | None
    source: Source


class Need(NamedTuple):
    """What a channel asks of the line, each way."""

    kbps: int
    rtt_ms: int
    loss_percent: float


# Measured with Chromium over throttled lines (facts: webrtc §2): below 100 kbit/s video drowns speech, from
# 250 on browsers need no help; 400 leaves room for what else the counter's line does. Speech at 16 kbit/s,
# sent twice, takes 48 on the wire and stays clear at 10 % loss; beyond a second two people talk at once.
NEEDS: Mapping[Channel, Need] = {"video": Need(400, 600, 5.0), "audio": Need(50, 1000, 10.0)}


class Hour(NamedTuple):
    """One hour of the week: what is known to be carried and known not to be; the rest is unmeasured."""

    readings: int
    good: frozenset[Channel]
    bad: frozenset[Channel]


UNMEASURED = Hour(0, frozenset(), frozenset())


class Offer(NamedTuple):
    """The channel in which a visit can be had at a time, and why that one; None when there is none."""

    channel: Channel | None
    why: Why


class LineWeek(NamedTuple):
    """A kiosk's line by hour of the week in the zone of its site; an hour that is not there is unmeasured."""

    zone: ZoneInfo
    hours: Mapping[HourOfWeek, Hour]

    def offer(self, channels: Sequence[Channel], starts_at: datetime, ends_at: datetime) -> Offer:
        """The best of these channels that the line carries for the whole of that time."""
        hours = [self.hours.get(key, UNMEASURED) for key in _hours_between(starts_at, ends_at, self.zone)]
        bad = frozenset[Channel]().union(*(hour.bad for hour in hours))
        channel = next((channel for channel in channels if channel not in bad), None)
        if channel != channels[0]:
            return Offer(channel, "no_voice" if "audio" in bad else "no_video")
        measured = channel not in NEEDS or all(channel in hour.good for hour in hours)
        return Offer(channel, "carried" if measured else "unmeasured")


def meets(reading: Reading, need: Need) -> bool | None:
    """Whether the line was good enough then; None when what was measured cannot tell."""
    rates = (reading.up_kbps, reading.down_kbps)
    enough = [None if rate is None else rate >= need.kbps for rate in rates]
    enough.append(None if reading.rtt_ms is None else reading.rtt_ms <= need.rtt_ms)
    enough.append(None if reading.loss_percent is None else reading.loss_percent <= need.loss_percent)
    # One thing that is too bad decides; being good takes all four.
    return False if False in enough else None if None in enough else True


class LineNow(NamedTuple):
    """The best channel that a line carries now ("written": not even speech), and when that was measured."""

    channel: Channel
    at: datetime


def line_now(readings: Iterable[Reading], now: datetime) -> LineNow | None:
    """What the newest reading of one kiosk that can tell says; None when nothing fresh can."""
    fresh = (each for each in readings if now - STILL_NOW < each.at <= now)
    for reading in sorted(fresh, key=lambda each: each.at, reverse=True):
        carried = _carried(reading)
        if carried is not None:
            return LineNow(carried, reading.at)
    return None


def _carried(reading: Reading) -> Channel | None:
    for channel, need in NEEDS.items():
        verdict = meets(reading, need)
        if verdict is not False:
            return channel if verdict else None
    return "written"


def week(readings: Iterable[Reading], zone: ZoneInfo, now: datetime) -> LineWeek:
    """Return what the readings of one kiosk say about each hour of the week, seen from now."""
    by_hour: dict[HourOfWeek, list[Reading]] = defaultdict(list)
    for reading in readings:
        if now - LOOK_BACK <= reading.at <= now:
            local = reading.at.astimezone(zone)
            by_hour[local.weekday(), local.hour].append(reading)
    hours: dict[HourOfWeek, Hour] = {}
    for weekday in range(7):
        today = [key for key in sorted(by_hour) if key[0] == weekday]
        verdicts = {channel: _through_the_day(by_hour, today, channel, zone, now) for channel in NEEDS}
        for key in today:
            good, bad = (
                frozenset(channel for channel, verdict in verdicts.items() if verdict[key] is wanted)
                for wanted in (True, False)
            )
            hours[key] = Hour(len(by_hour[key]), good, bad)
    return LineWeek(zone, hours)


def _through_the_day(
    by_hour: Mapping[HourOfWeek, list[Reading]],
    keys: Sequence[HourOfWeek],
    channel: Channel,
    zone: ZoneInfo,
    now: datetime,
) -> dict[HourOfWeek, bool | None]:
    good = False
    verdicts: dict[HourOfWeek, bool | None] = {}
    for key in keys:
        share = _share(by_hour[key], NEEDS[channel], zone, now)
        if share is not None:
            good = share >= GOOD_FROM or (good and share >= BAD_BELOW)
        verdicts[key] = None if share is None else good
    return verdicts


def _share(readings: Iterable[Reading], need: Need, zone: ZoneInfo, now: datetime) -> float | None:
    """How much of what was measured is good enough, the recent weighing more; None for too little."""
    told = [(reading, good) for reading in readings if (good := meets(reading, need)) is not None]
    days = {reading.at.astimezone(zone).date() for reading, _ in told}
    if len(told) < FEWEST_READINGS or len(days) < FEWEST_DAYS:
        return None
    weighed = [(math.exp2((reading.at - now) / HALF_LIFE), good) for reading, good in told]
    return sum(weight for weight, good in weighed if good) / sum(weight for weight, _ in weighed)


def _hours_between(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> list[HourOfWeek]:
    keys: dict[HourOfWeek, None] = {}
    moment = starts_at
    while moment < ends_at:
        local = moment.astimezone(zone)
        keys[local.weekday(), local.hour] = None
        moment += timedelta(minutes=60 - local.minute, seconds=-local.second, microseconds=-local.microsecond)
    return list(keys)
