"""The doctor calls later: for some minutes a place in the queue rings for nobody, and it loses nothing.

The turn stays as it is. So who is put off stands where they stood, and when the time is over it rings for
them before whoever came after them. Nobody is put off more than three times, and an emergency never is.
"""

from datetime import datetime, timedelta
from math import ceil

from scheduling.errors import WrongState
from scheduling.events import Actor
from scheduling.waiting import Change, QueueEntry, Ticket, require, step

MINUTES = (10, 20, 30)
"""For how long somebody may be put off at once."""

WHYS = ("no_answer", "other", "results", "line")
"""Why: nobody answers, somebody else needs the doctor, something is awaited, the line is too bad."""

MOST = 3
"""How often one place may be put off: then a person has to be found who sees to it."""

COMES_BACK = timedelta(minutes=10)
"""So long before the time is over whoever waits at home is asked to come."""

_MINUTE = timedelta(minutes=1)


def put_off(entry: QueueEntry, minutes: int, why: str, now: datetime, who: Actor) -> Change:
    """The doctor calls in so many minutes, also whom they have just admitted and could not reach.

    Raises WrongState for an emergency or when it was done often enough, ValueError for what is not offered.
    """
    require(entry, "waiting", "admitted")
    if minutes not in MINUTES or why not in WHYS:
        raise ValueError(f"{minutes} minutes because of {why!r} is not offered")
    if not may_be_put_off(entry):
        raise WrongState("an emergency, or put off often enough")
    rest = {"rings_for": None, "rung_at": None, "escalations": 0, "called_at": None}
    return step(
        entry,
        "queue.put_off",
        now,
        who,
        why,
        status="waiting",
        practitioner_id=None,
        put_off_until=now + minutes * _MINUTE,
        put_off_why=why,
        put_offs=entry.put_offs + 1,
        **rest,
    )


def may_be_put_off(ticket: Ticket) -> bool:
    """Whether this place may be put off at all, now or again."""
    return not ticket.emergency and ticket.put_offs < MOST


def is_put_off(ticket: Ticket, now: datetime) -> bool:
    """Whether it is to ring for nobody yet; a clock that was set back makes nobody wait longer."""
    until = ticket.put_off_until
    if until is None or ticket.emergency or ticket.status != "waiting":
        return False
    return now < until <= now + max(MINUTES) * _MINUTE


def waits_long(ticket: Ticket, now: datetime) -> bool:
    """Whether it is put off for so long still that it is worth going home."""
    return is_put_off(ticket, now + COMES_BACK)


def minutes_left(ticket: Ticket, now: datetime) -> int:
    """In about how many minutes the doctor calls: up to fives, and never none."""
    assert ticket.put_off_until is not None
    return max(5, ceil((ticket.put_off_until - now) / _MINUTE / 5) * 5)
