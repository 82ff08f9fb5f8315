"""Two clocks: the domain's (appointments, reminders), which a demo may move, and the real one (security)."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whoever tells the domain what time it is."""

    def now(self) -> datetime:
        """Return the domain's instant, aware and in UTC."""

    def ahead(self) -> timedelta:
        """Return how far the domain's time is ahead of the machines': what a browser's clock lacks."""


class SystemClock:
    """The domain clock of a real installation: the machine's."""

    def now(self) -> datetime:
        """Return the machine's instant in UTC."""
        return datetime.now(UTC)

    def ahead(self) -> timedelta:
        """Return nothing: this is the machines' time."""
        return timedelta(0)


def real_now() -> datetime:
    """Return the real instant in UTC, for sessions, passes and one-time codes."""
    return datetime.now(UTC)
