"""Sending what is due: claim, commit, hand over, record; never twice, never inside a transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from scheduling.reminders import QuietHours
from scheduling.store import Book
from telemed.messages.moves import Claim
from telemed.messages.outbox import Outbox
from telemed.messages.port import Accepted, Outgoing, Port, SendError
from telemed.messages.texts import Words

LEASE = timedelta(minutes=10)
_BATCHES = 25


class SendingUnit(Protocol):
    """The part of a unit of work that sending needs."""

    @property
    def book(self) -> Book:
        """Return how the things stand that messages are about."""

    @property
    def outbox(self) -> Outbox:
        """Return the messages."""


OpenUnit = Callable[[], AbstractContextManager[SendingUnit]]


def send_due(
    open_unit: OpenUnit,
    provider: Port,
    words: Words,
    now: Callable[[], datetime],
    quiet: QuietHours,
) -> int:
    """Send every message that is due and return how many were handed over, whatever became of them."""
    handed = 0
    for _ in range(_BATCHES):
        with open_unit() as unit:
            claims = unit.outbox.claim(now(), LEASE, unit.book, quiet)
        # Leaving the block has committed the claims: from here on a crash leaves "unknown", not a second SMS.
        for claim in claims:
            hand_over(claim, open_unit, provider, words, now)
        handed += len(claims)
        if not claims:
            break
    return handed


def hand_over(
    claim: Claim, open_unit: OpenUnit, provider: Port, words: Words, now: Callable[[], datetime]
) -> None:
    """Send one claimed message, outside any transaction, and write down what the provider said."""
    body = words.write(claim.letter)
    outcome: Accepted | SendError
    try:
        outcome = provider.send(Outgoing(claim.phone, body, claim.id))
    except SendError as error:
        outcome = error
    with open_unit() as unit:
        unit.outbox.record(claim.id, provider.name, body, outcome, now())
