"""The port through which a message leaves, the three ways in which sending can end badly, asking afterwards.

SendError
├── Refused         the provider said no and will never send it          → somebody must call
├── TryLater        the provider said it did not even look at it         → safe to send again
└── OutcomeUnknown  no answer, or half an answer: it may have gone out   → asked for with `find`
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

Channel = Literal["sms", "voice", "email"]


@dataclass(frozen=True)
class Outgoing:
    """One text to one number or address; the reference is ours and comes back with every report about it.

    Of a call, the body is what will be said: whoever picks up hears it from the spoken prompts.
    """

    to: str
    body: str
    reference: UUID


@dataclass(frozen=True)
class Accepted:
    """The provider has taken the message and calls it by this id; silence means something if it reports."""

    sid: str
    reported: bool = True


@dataclass(frozen=True)
class Lost:
    """A message of which we do not know whether it went out; `others` are the ids of those we do know of."""

    to: str
    body: str
    since: datetime
    others: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """The provider has the lost message, in this state of ours; silence means something if it reports."""

    sid: str
    state: str
    reason: str | None = None
    reported: bool = True


class CannotTell(Exception):
    """The provider could not be asked or its answer could not be read: that proves nothing."""


class SendError(Exception):
    """The message was not accepted, or nobody knows; ``reason`` holds a code, never a number or text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(SendError):
    """The provider will not send this message; sending it again would end the same way."""


class TryLater(SendError):
    """The provider states that it has not processed the request, so it may be sent again."""


class OutcomeUnknown(SendError):
    """The request may have arrived: time-out, lost connection or a server error."""


class Port(Protocol):
    """Whoever carries messages of one channel; used by many threads at once."""

    @property
    def name(self) -> str:
        """Return the carrier's short name, kept with each message."""

    @property
    def channel(self) -> Channel:
        """Return what it carries."""

    def send(self, outgoing: Outgoing) -> Accepted:
        """Hand the message over once; raise one of the errors above otherwise."""

    def find(self, lost: Lost) -> Found | None:
        """Look for a message handed over before; None says it is not there, CannotTell says nothing."""
