"""How many relay tokens lie ready, which are too old, how long a provider in trouble is left in peace.

A token is made for a fixed life. It is given to a call only while it outlives the call's window, and stays
that call's until little of it is left.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from telemed.messages.breaking import Circuit

CALL_WINDOW = timedelta(hours=4)
"""For how long the pass of a call is good, and so the least a new call's token has left."""

LIFE = timedelta(hours=8)
"""What a token is asked for: a call's window, and as long again on the shelf while the provider is away."""

REPLACED_AHEAD = timedelta(minutes=30)
"""So long before nobody may have it any more, a token on the shelf is not counted: another is fetched."""

SHARED_LEFT = timedelta(hours=1)
"""Both sides of a call and its renewals share a token that lasts at least this long."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far the clock of the worker may be ahead of another process'."""

LATELY = timedelta(hours=1)
LEAST, MOST = 12, 400
AT_ONCE = 20
LONGEST_PASS = timedelta(seconds=20)
"""A provider that is slow is asked no more in this pass: the worker has other things to do."""

FIRST_REST, LONGEST_REST = timedelta(seconds=15), timedelta(minutes=5)
WORRYING = 3
"""So many failures in a row are told to the operator, even with tokens left."""


class Stock(NamedTuple):
    """How many tokens are ready for calls to come, and how many calls took one within `LATELY`."""

    ready: int
    lately: int


def wanted(lately: int) -> int:
    """How many tokens should be ready: twice what the last hour took, within limits."""
    return min(MOST, max(LEAST, 2 * lately))


def lacking(stock: Stock) -> int:
    """How many to fetch now: what lacks, but no more than one pass of the job may take."""
    return min(AT_ONCE, max(0, wanted(stock.lately) - stock.ready))


def lasts_for_a_call(now: datetime) -> datetime:
    """What a token must outlive to be given to a call."""
    return now + CALL_WINDOW


def lasts_on_the_shelf(now: datetime) -> datetime:
    """What a token must outlive to be counted as ready."""
    return lasts_for_a_call(now) + REPLACED_AHEAD


def made_ahead_of_time(now: datetime) -> datetime:
    """What no token outlives unless it was made before the clock was set back: nobody knows when it ends."""
    return now + LIFE + CLOCKS_DIFFER


def lasts_for_its_call(now: datetime) -> datetime:
    """What a token must outlive to be handed again to the call that has it."""
    return now + SHARED_LEFT


def after_failure(circuit: Circuit, reason: str, now: datetime) -> Circuit:
    """The provider after it gave none: left in peace, twice as long after each failure in a row."""
    failures = circuit.failures + 1
    rest = min(LONGEST_REST, FIRST_REST * 2 ** min(failures - 1, 10))
    return replace(circuit, failures=failures, open_until=now + rest, reason=reason)
