"""How the simulated provider behaves towards one request: how it answers, when it shows, what it reports."""

import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum

NEVER = math.inf
# A message that was accepted may stay out of the provider's own list for this long (seconds).
LONGEST_HIDDEN = 90.0


class Answering(Enum):
    """What becomes of the request, and what its sender is told."""

    TAKES = "takes it and says so"
    THROTTLES = "does not look at it: 429"
    FAILS_BEFORE = "500, and nothing was taken"
    FAILS_AFTER = "took it, then 500"
    HANGS_BEFORE = "never answers, and nothing was taken"
    HANGS_AFTER = "took it and never answers"
    DROPS_AFTER = "took it, then the connection ends without an answer"
    GARBLES_AFTER = "took it, then answers rubbish"

    @property
    def takes(self) -> bool:
        """Tell whether the message goes out, whatever its sender hears."""
        return self in _TAKING


_TAKING = {
    Answering.TAKES,
    Answering.FAILS_AFTER,
    Answering.HANGS_AFTER,
    Answering.DROPS_AFTER,
    Answering.GARBLES_AFTER,
}


@dataclass(frozen=True)
class Report:
    """One status callback, so many seconds (domain time) after the message was accepted."""

    status: str
    after: float
    error: int | None = None


USUAL = (Report("sent", 1.0), Report("delivered", 3.0))
REORDERED = (Report("delivered", 1.0), Report("sent", 3.0), Report("queued", 4.0))
REPEATED = (Report("sent", 1.0), Report("sent", 1.5), Report("delivered", 3.0), Report("delivered", 60.0))
SILENT: tuple[Report, ...] = ()


def ending(status: str, error: int, after: float = 3.0) -> tuple[Report, ...]:
    """Return the reports of a message that does not arrive: ``undelivered`` or ``failed``, with its code."""
    return (Report("sent", 1.0), Report(status, after, error))


@dataclass(frozen=True)
class Behaviour:
    """Everything about one request; a call also has who picks up and what they press."""

    answering: Answering = Answering.TAKES
    retry_after: int | None = 1
    pause: float = 0.0
    shown_after: float = 0.0
    reports: tuple[Report, ...] = USUAL
    call_ends: str = "completed"
    # One digit for each time one is asked for; who picks up; after how many sounds they put the line down.
    presses: str = ""
    picks_up: str = "human"
    hangs_up_after: int | None = None
    # In a conference: after so many seconds they put the line down; None: never by themselves.
    talks_for: float | None = None


class Script:
    """Which behaviour the next request about a number meets: told once, told for good, or the general one."""

    def __init__(self) -> None:
        self._once: dict[str, deque[Behaviour]] = {}
        self._always: dict[str, Behaviour] = {}
        self._otherwise: Callable[[], Behaviour] = Behaviour

    def next(self, number: str, *behaviours: Behaviour) -> None:
        """Let the next requests about this number meet these, one each."""
        self._once.setdefault(number, deque()).extend(behaviours)

    def always(self, number: str, behaviour: Behaviour) -> None:
        """Let every request about this number meet this."""
        self._always[number] = behaviour

    def is_set(self, number: str, behaviour: Behaviour) -> bool:
        """Tell whether every request about this number meets this."""
        return self._always.get(number) == behaviour

    def otherwise(self, make: Callable[[], Behaviour]) -> None:
        """Let every other request meet what this makes."""
        self._otherwise = make

    def take(self, number: str) -> Behaviour:
        """Return what this request meets; one told for once is used up."""
        waiting = self._once.get(number)
        if waiting:
            return waiting.popleft()
        return self._always.get(number) or self._otherwise()


@dataclass
class Whims:
    """A provider on a bad day, the same for the same seed: every fault of this module, mixed."""

    rng: random.Random
    quiet: float = 0.5
    hanging: bool = True
    made: list[Behaviour] = field(default_factory=list)

    def __call__(self) -> Behaviour:
        """Make the next behaviour: `quiet` is the share of requests that are simply taken and reported."""
        behaviour = Behaviour() if self.rng.random() < self.quiet else self._bad()
        self.made.append(behaviour)
        return behaviour

    def _bad(self) -> Behaviour:
        answers = [each for each in Answering if self.hanging or "HANGS" not in each.name]
        made = Behaviour(
            answering=self.rng.choice(answers),
            retry_after=self.rng.choice((None, 1, 2)),
            shown_after=self.rng.choice((0.0, self.rng.uniform(0, LONGEST_HIDDEN), NEVER)),
            reports=self._reports(),
        )
        # Neither in the list nor ever reported: a message that nobody can know of. It happens, rarely.
        unknowable = made.shown_after == NEVER and not made.reports
        return replace(made, shown_after=LONGEST_HIDDEN) if unknowable and self.rng.random() < 0.9 else made

    def _reports(self) -> tuple[Report, ...]:
        late = self.rng.uniform(0, LONGEST_HIDDEN)
        told = self.rng.choice((USUAL, REORDERED, REPEATED, SILENT, ending("undelivered", 30003)))
        return tuple(replace(report, after=report.after + late) for report in told)
