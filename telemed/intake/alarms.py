"""An alarm: a value beyond its limit that a named practitioner must have seen; passed on until one has."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from telemed.intake.limits import Beyond
from telemed.intake.summons import Summons, acknowledge


@dataclass(frozen=True, kw_only=True)
class Alarm(Summons):
    """What an intake showed beyond the limits, and what was measured later while nobody had seen it.

    Values are in the order in which they came; each has the limit of its moment.
    """

    intake_id: UUID
    visit_id: UUID
    patient_id: UUID
    facility_id: UUID
    values: tuple[Beyond, ...]
    # Which signed table held; 0 is the proposal, which nobody has signed.
    limits_version: int
    # Measured when a doctor had asked for it again; None: in the intake itself.
    supplement_id: UUID | None = None


def grown(alarm: Alarm, further: tuple[Beyond, ...], asked: UUID, now: datetime) -> Alarm:
    """Add values that an open alarm does not hold and call anew, whoever asked for the reading first."""
    new = tuple(each for each in further if each not in alarm.values)
    if not new:
        return alarm
    return replace(
        alarm,
        values=(*alarm.values, *new),
        reach="first",
        asked=asked,
        asked_at=now,
        version=alarm.version + 1,
    )


def seen(alarm: Alarm, shown: int, practitioner_id: UUID, now: datetime) -> Alarm:
    """A practitioner has seen its first `shown` values; what came after these leaves it open."""
    return acknowledge(alarm, practitioner_id, now) if shown >= len(alarm.values) else alarm
