"""The ladder: by which way to try next whom a message has not reached, and when a person takes over.

SMS → SMS by another carrier → a call → e-mail → the proxy the patient named → the clerk's calls and letters.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Literal, NamedTuple

from scheduling.reminders import QuietHours, out_of_quiet

Channel = Literal["sms", "voice", "email"]
Whom = Literal["patient", "proxy"]
DeskReason = Literal["failed", "undelivered", "silent", "night", "no_number"]
End = Literal["arrived", "accepted", "listed", "overtaken", "no_ladder", "begun", "refused", "closed"]


class Height(IntEnum):
    """How far a kind of message climbs before the clerk is asked; ``GROUND``: nobody needs to be."""

    GROUND = 0
    CARRIERS = 1
    PATIENT = 2
    PROXY = 3


HEIGHTS: dict[str, Height] = {
    "booked": Height.CARRIERS,
    "three_days": Height.PROXY,
    "day_before": Height.PROXY,
    "two_hours": Height.PROXY,
    "moved": Height.PROXY,
    "cancelled": Height.PROXY,
    "come_now": Height.PROXY,
    # Only the patient can take a free time, and nobody else need know that one was offered.
    "offer": Height.PATIENT,
}
"""The kinds that climb; thanks, help, receipts and whatever stands not here end where they are."""

BY_LETTER = frozenset({"three_days", "moved", "cancelled"})
"""What the post can still bring in time, for whoever has no other way."""

_ORDER: tuple[tuple[Channel, Whom], ...] = (
    ("sms", "patient"),
    ("voice", "patient"),
    ("email", "patient"),
    ("sms", "proxy"),
)
_MOST_SMS = 2
# Whoever hears of it later than this can do nothing any more.
_IN_TIME = timedelta(minutes=5)

_SHORTEST = timedelta(minutes=5)
_LONGEST = timedelta(minutes=30)
_PATIENCE = {"come_now": _SHORTEST, "offer": timedelta(minutes=10)}
# So much of the time left may each silence take: four of them leave half of it.
_SHARE = 6


class Way(NamedTuple):
    """One way to reach somebody about a patient."""

    channel: Channel
    whom: Whom
    address: str


class Reach(NamedTuple):
    """The ways that a patient agreed to and that are not stopped; ``wanted``: any at all, a letter too."""

    ways: tuple[Way, ...] = ()
    wanted: bool = True


class Try(NamedTuple):
    """One rung: the way, how it ended, who had it; ``hopeless``: no other carrier would do better."""

    way: Way
    state: str
    silent_at: datetime | None = None
    carriers: frozenset[str] = frozenset()
    hopeless: bool = False


class Times(NamedTuple):
    """Now, from when on nobody is told any more, the patient's night, and when the counter is open next."""

    now: datetime
    until: datetime
    time_zone: str
    quiet: QuietHours
    desk_opens_at: datetime | None


class Climb(NamedTuple):
    """Try this way, not before this moment."""

    way: Way
    due_at: datetime


class Wait(NamedTuple):
    """The rung is not over; look again at this moment, or when it has moved."""

    until: datetime | None


class Desk(NamedTuple):
    """A person must call or write."""

    reason: DeskReason


class Done(NamedTuple):
    """Nothing more is to be done, and why."""

    why: End


Step = Climb | Wait | Desk | Done


def silent_at(kind: str, now: datetime, until: datetime) -> datetime:
    """From when on no report about a message that is handed over now means that it has not arrived."""
    share = (until - now) / _SHARE
    return now + max(_SHORTEST, min(_PATIENCE.get(kind, _LONGEST), share))


def for_proxy(kind: str) -> bool:
    """Tell whether a proxy may be told this."""
    return HEIGHTS.get(kind) is Height.PROXY


def in_order(ways: Collection[Way]) -> tuple[Way, ...]:
    """Return ways from the lowest rung up; the first is where a new message begins."""
    return tuple(sorted(ways, key=_place))


def next_rung(kind: str, tried: Sequence[Try], reach: Reach, carriers: Collection[str], times: Times) -> Step:
    """Decide what follows the last of the rungs tried; ``carriers``: who carries SMS here."""
    waiting = _not_over(tried, times.now)
    if waiting is not None:
        return waiting
    height = HEIGHTS.get(kind, Height.GROUND)
    if height is Height.GROUND:
        return Done("no_ladder")
    if times.now >= times.until:
        return Done("begun")
    due_at = out_of_quiet(times.now, times.time_zone, times.quiet)
    way = _next_way(height, tried, reach, carriers)
    if way is not None and due_at + _IN_TIME <= times.until:
        return Climb(way, due_at)
    return _desk("night" if way is not None and due_at > times.now else _ended(tried[-1]), reach, times)


def _not_over(tried: Sequence[Try], now: datetime) -> Step | None:
    last = tried[-1]
    if any(each.state == "delivered" for each in tried):
        return Done("arrived")
    if any(each.state == "on_call_list" for each in tried):
        return Done("listed")
    if last.state == "cancelled":
        return Done("overtaken")
    if last.state in ("due", "claimed", "unknown"):
        return Wait(None)
    if last.state == "accepted":
        # A carrier that never reports has said all that it will ever say.
        if last.silent_at is None:
            return Done("accepted")
        return Wait(last.silent_at) if now < last.silent_at else None
    return None


def _next_way(height: Height, tried: Sequence[Try], reach: Reach, carriers: Collection[str]) -> Way | None:
    last = tried[-1]
    ways = [way for way in in_order(reach.ways) if _within(way, height)]
    for way in ways:
        if (way.channel, way.whom) == ("sms", "patient") and _another_carrier(way, tried, carriers):
            return way
    if height is Height.CARRIERS:
        return None
    return next((way for way in ways if _place(way) > _place(last.way)), None)


def _another_carrier(way: Way, tried: Sequence[Try], carriers: Collection[str]) -> bool:
    had = frozenset[str]().union(*(each.carriers for each in tried))
    only_sms = all(each.way == way and not each.hopeless for each in tried)
    return only_sms and len(tried) < _MOST_SMS and bool(set(carriers) - had)


def _within(way: Way, height: Height) -> bool:
    return way.whom == "patient" or height is Height.PROXY


def _desk(reason: DeskReason, reach: Reach, times: Times) -> Step:
    if not reach.wanted:
        return Done("refused")
    if times.desk_opens_at is None or times.desk_opens_at >= times.until:
        return Done("closed")
    return Desk(reason)


def _ended(last: Try) -> DeskReason:
    if not last.way.address:
        return "no_number"
    if last.state == "accepted":
        return "silent"
    return "undelivered" if last.state == "undelivered" else "failed"


def _place(way: Way) -> int:
    return _ORDER.index((way.channel, way.whom))
