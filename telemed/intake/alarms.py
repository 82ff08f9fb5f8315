"""An alarm: a value beyond its limit that a named practitioner must have seen; passed on until one has."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from telemed.intake.limits import Beyond

Reach = Literal["first", "next", "everybody"]
"""Whom an alarm has reached so far: one on duty, a second one, all practitioners of the facility."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """What one intake showed beyond the limits, with the values and limits of that moment."""

    id: UUID
    intake_id: UUID
    visit_id: UUID
    patient_id: UUID
    facility_id: UUID
    site_id: UUID
    kiosk_id: UUID
    values: tuple[Beyond, ...]
    # Which signed table held; 0 is the proposal, which nobody has signed.
    limits_version: int
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


def first_asked(duty: Collection[UUID]) -> tuple[Reach, UUID | None]:
    """Who is asked first: one of those on duty; with nobody on duty, everybody of the facility."""
    first = min(duty, default=None)
    return ("everybody" if first is None else "first"), first


def pass_on(alarm: Alarm, duty: Collection[UUID], now: datetime, patience: timedelta) -> Alarm:
    """Pass an alarm on that is due: to another one on duty, then to everybody; never back."""
    due = alarm.due_at(patience)
    # In the future only where the clock was set back: nobody waits for that.
    if due is None or (now < due and alarm.asked_at <= now):
        return alarm
    others = sorted(each for each in duty if each != alarm.asked)
    if alarm.reach == "next" or not others:
        return _passed(alarm, "everybody", None, now)
    later = (each for each in others if alarm.asked is not None and each > alarm.asked)
    return _passed(alarm, "next", next(later, others[0]), now)


def acknowledge(alarm: Alarm, practitioner_id: UUID, now: datetime) -> Alarm:
    """A practitioner of the facility has seen it; the first one's name stands."""
    if not alarm.open:
        return alarm
    return replace(alarm, acknowledged_by=practitioner_id, acknowledged_at=now, version=alarm.version + 1)


def _passed(alarm: Alarm, reach: Reach, asked: UUID | None, now: datetime) -> Alarm:
    return replace(
        alarm,
        reach=reach,
        asked=asked,
        asked_at=now,
        escalations=alarm.escalations + 1,
        version=alarm.version + 1,
    )
