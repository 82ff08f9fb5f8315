"""What the log of calls says about a site: by day, over all, and which calls were the worst."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.lines import NEEDS
from telemed.call_quality import EVERY, RUNGS, Rung, Share

DAYS = 14
"""So many days the coordinator looks back."""

WORST = 5
"""So many calls are shown as the worst."""


class OneCall(NamedTuple):
    """One call at a site: when it began, how long it was told of, and how it went; nobody is named."""

    since: datetime
    length: timedelta
    rtt_ms: float | None
    loss_percent: float | None
    concealed_percent: float | None
    worst_rtt: int | None
    worst_loss: float | None
    rungs: Mapping[Rung, float]

    @property
    def trouble(self) -> float:
        """How bad it was: each measure against what video needs, and the share of time without picture."""
        need = NEEDS["video"]
        rtt = (self.rtt_ms or 0) / need.rtt_ms
        loss = (self.loss_percent or 0) / need.loss_percent
        concealed = (self.concealed_percent or 0) / need.loss_percent
        return rtt + loss + concealed + 1 - self.rungs.get("video", 0)


@dataclass(frozen=True)
class Stretch:
    """Calls together: how many, the median of their means, and the share of their time on each rung."""

    calls: int
    rtt_ms: float | None
    loss_percent: float | None
    rungs: Mapping[Rung, float]


@dataclass(frozen=True)
class SiteCalls:
    """The last days of a site: over all, day by day (a day without calls too), and the worst calls."""

    all: Stretch
    days: tuple[tuple[date, Stretch], ...]
    worst: tuple[OneCall, ...]


def site_calls(shares: Iterable[Share], zone: ZoneInfo, today: date) -> SiteCalls:
    """Tell how calls went at a site from what both pages told of each."""
    calls = _calls(shares)
    by_day: dict[date, list[OneCall]] = defaultdict(list)
    for call in calls:
        by_day[call.since.astimezone(zone).date()].append(call)
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    bad = sorted((call for call in calls if call.trouble >= 1), key=lambda call: -call.trouble)
    return SiteCalls(
        all=stretch(calls),
        days=tuple((day, stretch(by_day.get(day, []))) for day in days),
        worst=tuple(bad[:WORST]),
    )


def stretch(calls: list[OneCall]) -> Stretch:
    """Put calls together: each call counts once in the medians, and by its length in the rungs."""
    trips = [call.rtt_ms for call in calls if call.rtt_ms is not None]
    losses = [call.loss_percent for call in calls if call.loss_percent is not None]
    whole = sum((call.length for call in calls), timedelta())
    rungs = {
        rung: sum(call.rungs.get(rung, 0) * (call.length / whole) for call in calls) if whole else 0.0
        for rung in RUNGS
    }
    return Stretch(len(calls), median(trips) if trips else None, median(losses) if losses else None, rungs)


def _calls(shares: Iterable[Share]) -> list[OneCall]:
    by_visit: dict[UUID, list[Share]] = defaultdict(list)
    for share in shares:
        by_visit[share.visit_id].append(share)
    return sorted((_call(parts) for parts in by_visit.values()), key=lambda call: call.since)


def _call(parts: list[Share]) -> OneCall:
    looks = sum(part.looks for part in parts)
    rtts = [part.worst_rtt for part in parts if part.worst_rtt is not None]
    losses = [part.worst_loss for part in parts if part.worst_loss is not None]
    return OneCall(
        since=min(part.since for part in parts),
        # Both pages tell of the same seconds.
        length=EVERY * looks / max(1, max(part.sides for part in parts)),
        rtt_ms=_mean((part.rtt_ms, part.looks) for part in parts),
        loss_percent=_mean((part.loss_percent, part.looks) for part in parts),
        concealed_percent=_mean((part.concealed_percent, part.looks) for part in parts),
        worst_rtt=max(rtts, default=None),
        worst_loss=max(losses, default=None),
        rungs={part.rung: part.looks / looks for part in parts},
    )


def _mean(parts: Iterable[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in parts if value is not None]
    whole = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / whole if whole else None
