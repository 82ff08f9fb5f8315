"""An honest estimate of a wait: an interval that holds as often as it says, or no word at all.

The room is played through many times with lengths, no-shows and late doctors drawn from the last weeks
(`forecast`). How far such plays were off on earlier days then moves both ends, each by what it was off
(`calibrate`, conformal prediction with one score per end): so it also covers what the play leaves out.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from random import Random
from typing import NamedTuple
from uuid import UUID

NOMINAL = 0.8
"""How often the interval promises to hold: one wait in ten is shorter, one in ten is longer."""

ENOUGH_VISITS = 30
"""Below so many past visits nothing is said."""

ENOUGH_FORECASTS = 30
"""Below so many past forecasts, each with the wait that came of it, nothing is said."""

PLAYS = 200
"""How often the room is played through for one forecast."""

_AT_LEAST = 3.0
_EMERGENCIES_FOR = 120.0
_WIDTH = 5.0


@dataclass(frozen=True, slots=True)
class History:
    """What the last weeks were like, in minutes: visits, how late doctors began, who did not come."""

    lengths: tuple[float, ...]
    late: tuple[float, ...] = (0.0,)
    no_show: float = 0.0
    emergencies_per_hour: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "lengths", tuple(sorted(self.lengths)))

    @property
    def enough(self) -> bool:
        """Whether anything can be said from this."""
        return len(self.lengths) >= ENOUGH_VISITS


class Person(NamedTuple):
    """Somebody who will be seen before us if they are there: from when (minutes from now), and by whom."""

    there_in: float = 0.0
    only: UUID | None = None
    may_not_come: bool = False


class Doctor(NamedTuple):
    """A practitioner of the pool: busy for how long, on duty from when to when, whether seen yet today."""

    id: UUID
    busy_for: float | None = None
    begins_in: float = 0.0
    not_seen_yet: bool = False
    ends_in: float = inf


@dataclass(frozen=True, slots=True)
class Room:
    """All that a wait depends on: who goes before us in their order, who works, and for whom we wait."""

    ahead: tuple[Person, ...]
    doctors: tuple[Doctor, ...]
    only: UUID | None = None
    there_in: float = 0.0


class Forecast(NamedTuple):
    """The two ends in minutes as the play alone gives them."""

    low: float
    high: float


class Interval(NamedTuple):
    """What is said, in minutes, multiples of five."""

    low: int
    high: int


class Offset(NamedTuple):
    """By how much of its own width a forecast's ends are to be moved outwards; inwards when negative."""

    low: float
    high: float


def forecast(room: Room, history: History, random: Random, plays: int = PLAYS) -> Forecast | None:
    """Play the room through many times; None when it may well be that nobody can see us today."""
    waits = sorted(_play(room, history, random) for _ in range(plays))
    said = Forecast(_quantile(waits, (1 - NOMINAL) / 2), _quantile(waits, (1 + NOMINAL) / 2))
    return said if said.high < inf else None


def calibrate(past: Iterable[tuple[Forecast, float]]) -> Offset | None:
    """From forecasts of earlier days and the waits that came of them; None when these are too few."""
    scores = [((said.low - wait) / _width(said), (wait - said.high) / _width(said)) for said, wait in past]
    if len(scores) < ENOUGH_FORECASTS:
        return None
    side = (1 + NOMINAL) / 2
    rank = min(ceil((len(scores) + 1) * side), len(scores)) - 1
    return Offset(sorted(low for low, _ in scores)[rank], sorted(high for _, high in scores)[rank])


def interval(said: Forecast, offset: Offset) -> tuple[float, float]:
    """The two ends after what was learnt from earlier days, in minutes."""
    low = max(0.0, said.low - offset.low * _width(said))
    return low, max(low, said.high + offset.high * _width(said))


def rounded(low: float, high: float) -> Interval:
    """To be said aloud: outwards to fives, so that rounding never makes it less true."""
    down, up = floor(low / 5) * 5, ceil(high / 5) * 5
    return Interval(down, max(up, down + 5))


def _width(said: Forecast) -> float:
    return said.high - said.low + _WIDTH


def _play(room: Room, history: History, random: Random) -> float:
    """One way it may go: each doctor who becomes free takes the first in order who is there."""
    free = {doctor.id: _free_in(doctor, history, random) for doctor in room.doctors}
    ends = {doctor.id: doctor.ends_in for doctor in room.doctors}
    queue = _queue(room, history, random)
    me = queue[-1]
    while free:
        now, doctor = min((moment, each) for each, moment in free.items())
        chosen = _next_for(doctor, queue, now) if now < ends[doctor] else None
        if chosen is None:
            del free[doctor]
        elif chosen.there_in > now:
            free[doctor] = chosen.there_in
        elif chosen is me:
            return max(0.0, now - room.there_in)
        else:
            queue.remove(chosen)
            free[doctor] = now + _drawn(history.lengths, random)
    return inf


def _next_for(doctor: UUID, queue: Iterable[Person], now: float) -> Person | None:
    """The first in order who is there; if none is, whoever comes soonest."""
    soonest = None
    for person in queue:
        if person.only is None or person.only == doctor:
            if person.there_in <= now:
                return person
            if soonest is None or person.there_in < soonest.there_in:
                soonest = person
    return soonest


def _drawn(values: Sequence[float], random: Random) -> float:
    return values[int(random.random() * len(values))]


def _queue(room: Room, history: History, random: Random) -> list[Person]:
    come = [person for person in room.ahead if not person.may_not_come or random.random() >= history.no_show]
    return [*_emergencies(history, random), *come, Person(room.there_in, room.only)]


def _free_in(doctor: Doctor, history: History, random: Random) -> float:
    if doctor.busy_for is None:
        late = _drawn(history.late, random) if doctor.not_seen_yet else 0.0
        return max(0.0, doctor.begins_in + late)
    longer = bisect_right(history.lengths, doctor.busy_for)
    if longer == len(history.lengths):
        return _AT_LEAST
    return history.lengths[random.randrange(longer, len(history.lengths))] - doctor.busy_for


def _emergencies(history: History, random: Random) -> list[Person]:
    found: list[Person] = []
    minute = 0.0
    while (
        history.emergencies_per_hour
        and (minute := minute + random.expovariate(history.emergencies_per_hour / 60)) < _EMERGENCIES_FOR
    ):
        found.append(Person(minute))
    return found


def _quantile(ordered: Sequence[float], level: float) -> float:
    return ordered[min(len(ordered) - 1, max(0, ceil(len(ordered) * level) - 1))]
