"""Sending what is due: claim, commit, hand over, record; never twice, never inside a transaction."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from scheduling.reminders import QuietHours
from scheduling.store import Book
from telemed.messages.carriers import Carriers
from telemed.messages.claiming import Look
from telemed.messages.moves import Claim
from telemed.messages.outbox import Outbox
from telemed.messages.port import Outgoing, TryLater
from telemed.messages.recording import Handed
from telemed.messages.texts import Words

LEASE = timedelta(minutes=1)
"""For how long a claim is one worker's: what waits for its turn is soon handed over or let go."""

# Nothing is begun any more so shortly before the lease ends: whoever comes after may be at it by then.
_LAST_BEGINNING = timedelta(seconds=30)
# An outcome is written down at the latest after so long (real seconds), with those that came meanwhile.
_TOGETHER = 0.2


class SendingUnit(Protocol):
    """The part of a unit of work that sending needs."""

    @property
    def book(self) -> Book:
        """Return how the things stand that messages are about."""

    @property
    def outbox(self) -> Outbox:
        """Return the messages."""


OpenUnit = Callable[[], AbstractContextManager[SendingUnit]]


@dataclass(frozen=True)
class Sender:
    """What it takes to send: units, carriers, words, a clock, the night, and how many calls at once."""

    open_unit: OpenUnit
    carriers: Carriers
    words: Words
    now: Callable[[], datetime]
    quiet: QuietHours
    at_once: int = 1


def send_due(sender: Sender) -> int:
    """Send every message that is due and return how many were handed over, whatever became of them."""
    with ThreadPoolExecutor(sender.at_once, "sending") as pool:
        under_way = UnderWay(sender, pool)
        try:
            written = -1
            # What one carrier refused may be due again for the next as soon as that is written down.
            while under_way.handed > written:
                written = under_way.handed
                while _begin(under_way):
                    under_way.go_on()
                under_way.end()
            return under_way.handed
        finally:
            pool.shutdown(cancel_futures=True)


def hand_over(claim: Claim, sender: Sender) -> Handed:
    """Hand one claimed message to its carrier, outside any transaction; what it said is not yet recorded."""
    body = sender.words.write(claim.letter)
    if sender.now() > claim.until - _LAST_BEGINNING:
        # This process slept or was slow; two workers at one message could not be told apart afterwards.
        return Handed(claim, None, TryLater("lease-over"))
    outcome = sender.carriers.hand(claim.carrier, Outgoing(claim.phone, body, claim.id), sender.now())
    return Handed(claim, body, outcome, sender.carriers.price(claim.carrier, body))


@dataclass
class UnderWay:
    """The claimed messages in the hands of a pool of threads, and the outcomes to be written down."""

    sender: Sender
    pool: ThreadPoolExecutor
    calls: set[Future[Handed]] = field(default_factory=set)
    ended: list[Handed] = field(default_factory=list)
    handed: int = 0

    def add(self, claims: Iterable[Claim]) -> None:
        """Begin with these."""
        self.calls |= {self.pool.submit(hand_over, claim, self.sender) for claim in claims}

    def go_on(self) -> None:
        """Take what has ended, until there is room for more."""
        while len(self.calls) > self.sender.at_once:
            self._collect()

    def end(self) -> None:
        """Take everything."""
        while self.calls:
            self._collect()
        self._record()

    def _collect(self) -> None:
        """What a call broke at is raised once the outcomes of the others are written."""
        over, self.calls = wait(self.calls, _TOGETHER, FIRST_COMPLETED)
        broken = next((error for each in over if (error := each.exception()) is not None), None)
        self.ended += [each.result() for each in over if each.exception() is None]
        if broken is not None or not over or len(self.ended) >= self.sender.at_once:
            self._record()
        if broken is not None:
            raise broken

    def _record(self) -> None:
        ended, self.ended = self.ended, []
        if ended:
            with self.sender.open_unit() as unit:
                unit.outbox.record(ended, self.sender.now())
        self.handed += len(ended)


def _begin(under_way: UnderWay) -> bool:
    """Claim a few more messages than are being handed over, so that no thread waits; false: none is due."""
    sender = under_way.sender
    now = sender.now()
    look = Look(now, now + LEASE, sender.quiet, sender.carriers.look(now))
    with sender.open_unit() as unit:
        claims = unit.outbox.claim(unit.book, look, 2 * sender.at_once - len(under_way.calls))
    # Leaving the block has committed the claims: from here on a crash leaves "unknown", not a second SMS.
    under_way.add(claims)
    return bool(claims)
