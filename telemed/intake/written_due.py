"""When what is written waits too long for a doctor, and who is told: who promised, another, a coordinator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, get_args

Why = Literal["answer", "promise"]
"""A patient has answered and nobody has said that they have read it, or an answer was promised."""

Told = Literal["promised", "another", "coordinator"]
Act = Literal["promise", "read", "taken"]
"""What a doctor did about it: promised an answer, said that they have read, took it from a colleague."""

TOLD: tuple[Told, ...] = get_args(Told)

PATIENCE: dict[Why, tuple[timedelta, timedelta, timedelta]] = {
    # Free text is not understood by the service, so every answer might tell of danger.
    "answer": (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30)),
    "promise": (timedelta(hours=1), timedelta(hours=2), timedelta(hours=3)),
}
"""How long it waits before the doctor who has the visit is told, another one, and the coordinator."""


@dataclass(frozen=True)
class Dialogue:
    """The moments of what was written in a visit; `acted_at`: when a doctor last did something about it.

    `talked_at`: when the two were last heard in a call, None if they never were.
    """

    promised: bool
    acted_at: datetime
    answered_at: tuple[datetime, ...] = ()
    talked_at: datetime | None = None


class Wait(NamedTuple):
    """What waits, and since when."""

    why: Why
    since: datetime


def wait_of(dialogue: Dialogue) -> Wait | None:
    """What waits for the doctor: the first answer since they last did something, else what they promised.

    What was answered while the two talked waits from the end of the talk on, not for as long as they talked.
    """
    fresh = [each for each in dialogue.answered_at if each > dialogue.acted_at]
    if fresh:
        return Wait("answer", max(min(fresh), dialogue.talked_at or dialogue.acted_at))
    return Wait("promise", dialogue.acted_at) if dialogue.promised else None


def due_at(wait: Wait) -> datetime:
    """Until when the doctor who has the visit answers before anybody is told that it is late."""
    return wait.since + PATIENCE[wait.why][0]


def due(wait: Wait, told: Collection[Told], now: datetime, *, there: bool, others: bool) -> tuple[Told, ...]:
    """Who is to be told now, each once for one wait.

    `there`: the doctor who has the visit is on duty; where not, the next one is told as early. `others`: a
    colleague is; while nobody is, the coordinator is told as early as they would have been.
    """
    first, second, third = PATIENCE[wait.why]
    another = second if there else first
    after = {"promised": first, "another": another, "coordinator": third if others else another}
    late = now - wait.since
    # In the future only where the clock was set back: nobody waits for that.
    due_now = [each for each in TOLD if late >= after[each] or late < timedelta(0)]
    return tuple(each for each in due_now if each not in told and (each != "another" or others))
