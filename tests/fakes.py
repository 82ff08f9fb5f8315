"""Stand-ins with names, which can fail like what they stand for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests import build


@dataclass
class FakeClock:
    """A domain clock that stands still until it is moved."""

    moment: datetime = build.NOW

    def now(self) -> datetime:
        """Return the moment it stands at."""
        return self.moment

    def ahead(self) -> timedelta:
        """Return nothing: tests name their moments themselves."""
        return timedelta(0)

    def forward(self, by: timedelta) -> None:
        """Move on."""
        self.moment += by
