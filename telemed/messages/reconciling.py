"""What becomes of a message of which nobody knows whether it went out: wait, once more, or a person calls."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Literal, NamedTuple

from scheduling.booking import Appointment
from telemed.messages.last_look import Verdict

ABSENT_FOR = timedelta(minutes=3)
"""For so long a message may be missing from the provider's list and have gone out all the same."""

GIVE_UP_AFTER = timedelta(minutes=9)
"""When the provider cannot be asked for so long, a person takes over."""

HARMLESS = frozenset(
    {
        *("booked", "moved", "three_days", "day_before", "two_hours", "cancelled", "confirmed", "too_late"),
        *("help", "which", "move_offer", "move_again", "kept", "we_call", "summary", "record_read"),
    }
)
"""Kinds that say the same when they come twice: "come now" or an offer would look like a second one."""

Reason = Literal["overtaken", "begun", "unreachable", "repeated", "no_repeat", "night"]


class Standing(Enum):
    """How the thing stands that the message is about."""

    STANDS = "as when the message was written"
    BEGUN = "it has begun, and nobody has come"
    OVERTAKEN = "it is over, or a newer message tells of it"


class Unsettled(NamedTuple):
    """A message whose outcome is unknown, and since when."""

    kind: str
    since: datetime
    starts_at: datetime
    repeated: bool


class Next(NamedTuple):
    """What to do: wait (until a moment, if any), repeat, or a line on the call list; drop: a closed one."""

    do: Literal["wait", "repeat", "call", "drop"]
    reason: Reason | None = None
    until: datetime | None = None


def standing(kind: str, starts_at: datetime, appointment: Appointment, now: datetime) -> Standing:
    """How an appointment stands for a message of a kind that was written about this start."""
    status = "cancelled" if kind == "cancelled" else "booked"
    if appointment.status != status or appointment.starts_at != starts_at:
        return Standing.OVERTAKEN
    return Standing.BEGUN if now >= starts_at else Standing.STANDS


def next_step(
    lost: Unsettled, stands: Standing, verdict: Verdict, absent_at: datetime | None, now: datetime
) -> Next:
    """Decide on a message the provider did not show; `absent_at`: when it looked, None when it could not."""
    if now - lost.since < GIVE_UP_AFTER and (absent_at is None or absent_at - lost.since < ABSENT_FOR):
        return Next("wait")
    if stands is Standing.OVERTAKEN:
        return Next("drop", "overtaken")
    if stands is Standing.BEGUN:
        return Next("call", "begun")
    if absent_at is None or absent_at - lost.since < ABSENT_FOR:
        return Next("call", "unreachable")
    if verdict.withdrawn:
        return Next("drop", "overtaken")
    if lost.repeated:
        return Next("call", "repeated")
    return _repeat(lost, verdict)


def _repeat(lost: Unsettled, verdict: Verdict) -> Next:
    if lost.kind not in HARMLESS:
        return Next("call", "no_repeat")
    if verdict.postponed_to is None:
        return Next("repeat")
    if verdict.postponed_to >= lost.starts_at:
        return Next("call", "night")
    return Next("wait", until=verdict.postponed_to)
