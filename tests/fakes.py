"""Stand-ins with names, which can fail like what they stand for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from telemed.unit import Unit
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


@dataclass
class StumblingStep:
    """A step of a job that fails for one piece, after having done it, so often or always."""

    step: Callable[[Unit, UUID], int]
    over: UUID
    error: Exception
    times: float = float("inf")

    def __call__(self, unit: Unit, piece: UUID) -> int:
        """Do it; then stumble, if it is that piece."""
        done = self.step(unit, piece)
        if piece == self.over and self.times > 0:
            self.times -= 1
            raise self.error
        return done
