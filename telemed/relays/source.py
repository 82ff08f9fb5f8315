"""The port through which relay tokens come from a provider."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from signaling.ice import IceServer


@dataclass(frozen=True)
class Fetched:
    """The servers that browsers may use until a moment; what they sign in with is never shown."""

    until: datetime
    servers: list[IceServer] = field(repr=False)


class Source(Protocol):
    """Whoever makes tokens."""

    def fetch(self, life: timedelta, now: datetime) -> Fetched:
        """Make one that lasts so long; raises the errors of `messages.port`."""
