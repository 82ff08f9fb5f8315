"""Two clocks: the domain's (appointments, reminders), which a demo may move, and the real one (security)."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Whoever tells the domain what time it is."""

    def now(self) -> datetime:
        """Return the domain's instant, aware and in UTC."""


class SystemClock:
    """The domain clock of a real installation: the machine's."""

    def now(self) -> datetime:
        """Return the machine's instant in UTC."""
        return datetime.now(UTC)


def real_now() -> datetime:
    """Return the real instant in UTC, for sessions, passes and one-time codes."""
    return datetime.now(UTC)
