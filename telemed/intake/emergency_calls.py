"""A call for help from a kiosk, before anybody has said who they are: it names a place and no person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from telemed.intake.summons import Summons

Why = Literal["pressed", "danger"]
"""The Emergency button was pressed, or the question about danger was answered with yes."""

WHYS: tuple[str, ...] = get_args(Why)
SAME_CALL = timedelta(minutes=1)
"""Within which a second press at one kiosk is the same call."""


@dataclass(frozen=True, kw_only=True)
class EmergencyCall(Summons):
    """Somebody needs help at this kiosk now."""

    why: Why
    # None where the service knows of no doctor at all: the clerk still sees it.
    facility_id: UUID | None


def is_same(earlier: EmergencyCall, now: datetime) -> bool:
    """Whether a press at the same kiosk now says only what an earlier call has said."""
    return abs(now - earlier.raised_at) < SAME_CALL
