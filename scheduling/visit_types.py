"""What a visit may be: how long it lasts, over which channel, and what must be there for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Channel = Literal["video", "audio", "written"]

CONSULTATION = "consultation"
"""The visit type that every installation has."""

LONGEST = timedelta(hours=6)
"""Nothing is taken for longer, visit and buffer together, so a search need not look further back."""

_CHANNELS = frozenset({"video", "audio", "written"})


@dataclass(frozen=True, slots=True)
class VisitType:
    """One kind of visit; `channels` stand best first, `names` by language.

    The buffer is the practitioner's alone: the kiosk is free again when the visit ends.
    `reminders` names those that go out; None: those of every visit.
    """

    id: str
    names: Mapping[str, str]
    service: str
    minutes: int
    buffer_minutes: int
    channels: tuple[Channel, ...]
    needs_kiosk: bool
    needs_clerk: bool
    lead_minutes: int
    cancel_minutes: int
    reminders: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if not 5 <= self.minutes <= 240:
            raise ValueError(f"a visit lasts 5 to 240 minutes, not {self.minutes}")
        if not 0 <= self.buffer_minutes <= 120:
            raise ValueError(f"a buffer lasts up to 120 minutes, not {self.buffer_minutes}")
        if min(self.lead_minutes, self.cancel_minutes) < 0:
            raise ValueError("lead and cancellation window cannot be negative")
        if not self.channels or not set(self.channels) <= _CHANNELS:
            raise ValueError(f"a visit needs channels out of {sorted(_CHANNELS)}, not {self.channels}")

    @property
    def length(self) -> timedelta:
        """How long the patient is seen."""
        return timedelta(minutes=self.minutes)

    @property
    def buffer(self) -> timedelta:
        """How long the practitioner is kept afterwards."""
        return timedelta(minutes=self.buffer_minutes)

    @property
    def lead(self) -> timedelta:
        """How long before its start it must be booked."""
        return timedelta(minutes=self.lead_minutes)

    @property
    def needs_line(self) -> bool:
        """Whether it cannot be had in writing, so that a site without a line cannot offer it."""
        return "written" not in self.channels
