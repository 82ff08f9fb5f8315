"""What can go wrong in scheduling, sorted by who must act.

SchedulingError
├── PatientMustChoose      the patient picks something else
│   ├── SlotTaken          somebody was faster; carries alternatives
│   ├── OutsideHours       closed, or nobody works at that time
│   └── TooLate            the moment for it has passed
├── ClerkMustLook          a person has to look at what is stored
│   ├── WrongState         the appointment or queue entry is past that step
│   └── IdentityTaken      another confirmed patient has this number; carries who
└── CallerMustRetry        the caller asked with what no longer stands
    ├── NotFound           there is no such thing
    └── StaleVersion       somebody changed it meanwhile; read it again
"""

from uuid import UUID

from scheduling.calendar import Slot


class SchedulingError(Exception):
    """Anything scheduling refuses to do."""


class PatientMustChoose(SchedulingError):
    """The patient picks something else."""


class ClerkMustLook(SchedulingError):
    """A person has to look at what is stored."""


class CallerMustRetry(SchedulingError):
    """The caller asked with what no longer stands."""


class SlotTaken(PatientMustChoose):
    """Somebody was faster; `alternatives` are the nearest free slots at the same site, maybe none."""

    def __init__(self, alternatives: tuple[Slot, ...]) -> None:
        super().__init__("the slot is taken")
        self.alternatives = alternatives


class OutsideHours(PatientMustChoose):
    """The site is closed, or the practitioner does not work, for at least a part of that time."""


class TooLate(PatientMustChoose):
    """The moment for it has passed."""


class WrongState(ClerkMustLook):
    """The appointment or queue entry is past that step."""


class IdentityTaken(ClerkMustLook):
    """Another confirmed patient, `patient_id`, has the same number: the two must be linked by a person."""

    def __init__(self, patient_id: UUID) -> None:
        super().__init__("another confirmed patient has this number")
        self.patient_id = patient_id


class NotFound(CallerMustRetry):
    """There is no such thing."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")
        self.what = what


class StaleVersion(CallerMustRetry):
    """Somebody changed it meanwhile; read it again."""
