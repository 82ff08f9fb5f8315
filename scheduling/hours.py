"""Stretches of time: local hours turned into instants, and what lists of them leave of each other."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Span(NamedTuple):
    """A stretch of time in UTC: the start belongs to it, the end does not."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share any moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, other: "Span") -> bool:
        """Whether the other lies wholly inside."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


Stretch = tuple[int, int]
"""A stretch of time in whole seconds since 1970."""


def stretch(span: Span) -> Stretch:
    """The same stretch in seconds."""
    return int(span.starts_at.timestamp()), int(span.ends_at.timestamp())


def local_span(day: date, starts: time, ends: time, zone: ZoneInfo) -> Span | None:
    """The instants of a local day's stretch, or None when a clock change leaves nothing of it.

    Where the clock shows a time twice or never, the later reading starts the stretch and the earlier one
    ends it, so every instant inside is inside on the wall clock too.
    """
    starts_at = max(_readings(day, starts, zone))
    ends_at = min(_readings(day, ends, zone))
    return Span(starts_at, ends_at) if starts_at < ends_at else None


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a local time, the later one where the clock shows it twice or never."""
    return max(_readings(day, at, zone))


def whole_days(day_from: date, days: int, zone: ZoneInfo) -> Span:
    """The instants of local days from the first midnight to the last, at least a day's worth of them."""
    return Span(min(_readings(day_from, time(), zone)), max(_readings(day_from + days * DAY, time(), zone)))


def local_days(window: Span, zone: ZoneInfo) -> Iterator[date]:
    """Every local day that has a moment in the window."""
    day = window.starts_at.astimezone(zone).date()
    last = (window.ends_at - timedelta.resolution).astimezone(zone).date()
    while day <= last:
        yield day
        day += DAY


def seconds(length: timedelta) -> int:
    """A length in whole seconds."""
    return length // _SECOND


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, with what overlaps or touches as one."""
    joined: list[Span] = []
    for span in sorted(spans, key=_start):
        if joined and span.starts_at <= joined[-1].ends_at:
            if span.ends_at > joined[-1].ends_at:
                joined[-1] = Span(joined[-1].starts_at, span.ends_at)
        else:
            joined.append(span)
    return joined


def common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """What lies in both of two lists; each is in order and does not overlap itself."""
    found: list[Span] = []
    left = right = 0
    while left < len(first) and right < len(second):
        one, other = first[left], second[right]
        if one.overlaps(other):
            found.append(Span(max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at)))
        if one.ends_at <= other.ends_at:
            left += 1
        else:
            right += 1
    return found


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What of the first list is not in the second; each is in order and does not overlap itself."""
    rest: list[Span] = []
    at = 0
    for span in spans:
        starts_at = span.starts_at
        while at < len(taken) and taken[at].ends_at <= starts_at:
            at += 1
        ahead = at
        while ahead < len(taken) and taken[ahead].starts_at < span.ends_at:
            if starts_at < taken[ahead].starts_at:
                rest.append(Span(starts_at, taken[ahead].starts_at))
            starts_at = max(starts_at, taken[ahead].ends_at)
            ahead += 1
        if starts_at < span.ends_at:
            rest.append(Span(starts_at, span.ends_at))
    return rest


def _readings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _start(span: Span) -> datetime:
    return span.starts_at
