"""Calling for a doctor: one on duty is asked, then another, then everybody, until one answers by name."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeVar
from uuid import UUID

Reach = Literal["first", "next", "everybody"]
"""Whom a call has reached so far: one on duty, a second one, all practitioners of the facility."""


@dataclass(frozen=True, kw_only=True)
class Summons:
    """What has called for a doctor from one kiosk, and who was asked and has answered."""

    id: UUID
    site_id: UUID
    kiosk_id: UUID
    raised_at: datetime
    reach: Reach
    asked: UUID | None
    asked_at: datetime
    escalations: int = 0
    acknowledged_by: UUID | None = None
    acknowledged_at: datetime | None = None
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether nobody has said yet that they have seen it."""
        return self.acknowledged_at is None

    def due_at(self, patience: timedelta) -> datetime | None:
        """When it is passed on; None where it has reached everybody or somebody has seen it."""
        return self.asked_at + patience if self.open and self.reach != "everybody" else None


class Unseen(NamedTuple):
    """A call that nobody has answered yet, without what was measured or whose it is."""

    id: UUID
    site_id: UUID
    facility_id: UUID | None
    reach: Reach
    asked: UUID | None
    raised_at: datetime


Called = TypeVar("Called", bound=Summons)


def first_asked(duty: Collection[UUID]) -> tuple[Reach, UUID | None]:
    """Who is asked first: one of those on duty; with nobody on duty, everybody of the facility."""
    first = min(duty, default=None)
    return ("everybody" if first is None else "first"), first


def pass_on(call: Called, duty: Collection[UUID], now: datetime, patience: timedelta) -> Called:
    """Pass on what is due: to another one on duty, then to everybody; never back."""
    due = call.due_at(patience)
    # In the future only where the clock was set back: nobody waits for that.
    if due is None or (now < due and call.asked_at <= now):
        return call
    others = sorted(each for each in duty if each != call.asked)
    if call.reach == "next" or not others:
        return _passed(call, "everybody", None, now)
    later = (each for each in others if call.asked is not None and each > call.asked)
    return _passed(call, "next", next(later, others[0]), now)


def acknowledge(call: Called, practitioner_id: UUID, now: datetime) -> Called:
    """A practitioner of the facility has seen it; the first one's name stands."""
    if not call.open:
        return call
    return replace(call, acknowledged_by=practitioner_id, acknowledged_at=now, version=call.version + 1)


def _passed(call: Called, reach: Reach, asked: UUID | None, now: datetime) -> Called:
    return replace(
        call,
        reach=reach,
        asked=asked,
        asked_at=now,
        escalations=call.escalations + 1,
        version=call.version + 1,
    )
