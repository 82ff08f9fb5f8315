"""Whether messages still arrive as they usually do: counts, shares, and when an operator must look."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

RECENT = timedelta(hours=1)
"""What is compared, by when the carrier's last word came …"""

USUAL = timedelta(days=7)
"""… and with what."""

FEWEST = 20
"""With fewer messages a share says nothing: one switched-off telephone would raise the alarm."""

LOWEST = 0.8
WORSE_BY = 0.15
_GONE = ("delivered", "undelivered", "failed")


class Counts(NamedTuple):
    """How messages ended: those that arrived, and those that certainly did not."""

    arrived: int = 0
    lost: int = 0

    @property
    def ended(self) -> int:
        """Of how many the carrier has said the last word."""
        return self.arrived + self.lost

    @property
    def share(self) -> float | None:
        """Which part arrived; None when no carrier has said anything yet: that is not nought."""
        return self.arrived / self.ended if self.ended else None


def counted(ends: Iterable[tuple[str, int]]) -> Counts:
    """Count states with their numbers; what has not ended counts for nothing."""
    arrived = lost = 0
    for state, number in ends:
        if state == "delivered":
            arrived += number
        elif state in _GONE:
            lost += number
    return Counts(arrived, lost)


def has_fallen(recent: Counts, usual: Counts) -> bool:
    """Whether fewer arrive than should: below four in five, or clearly below what is usual here."""
    share, before = recent.share, usual.share
    if share is None or recent.ended < FEWEST:
        return False
    return share < LOWEST or (before is not None and usual.ended >= FEWEST and share < before - WORSE_BY)
