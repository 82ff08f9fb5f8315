"""An alarm: a value beyond its limit that a named practitioner must have seen; passed on until one has."""

from dataclasses import dataclass
from uuid import UUID

from telemed.intake.limits import Beyond
from telemed.intake.summons import Summons


@dataclass(frozen=True, kw_only=True)
class Alarm(Summons):
    """What one intake showed beyond the limits, with the values and limits of that moment."""

    intake_id: UUID
    visit_id: UUID
    patient_id: UUID
    facility_id: UUID
    values: tuple[Beyond, ...]
    # Which signed table held; 0 is the proposal, which nobody has signed.
    limits_version: int
    # Measured when a doctor had asked for it again; None: in the intake itself.
    supplement_id: UUID | None = None
