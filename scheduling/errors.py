"""What can go wrong in scheduling, sorted by who must act.

SchedulingError
├── PatientMustChoose      the patient picks something else
│   ├── SlotTaken          somebody was faster; carries the slot, from which alternatives are looked for
│   ├── OutsideHours       closed, or nobody works at that time
│   │   └── OffGrid        open and worked, but no visit of that kind begins at that minute
│   ├── TooLate            the moment for it has passed
│   ├── TooSoon            this kind of visit needs more time before it; carries the earliest start
│   ├── PastWindow         too late for the patient to cancel or move without calling; carries since when
│   └── TooManyBookings    the patient has as many open visits of this kind as they may
├── ClerkMustLook          a person has to look at what is stored
│   ├── WrongState         the appointment or queue entry is past that step
│   └── IdentityTaken      another confirmed patient has this number; carries who
├── CallerMustRetry        the caller asked with what no longer stands
│   ├── NotFound           there is no such thing
│   ├── NotOffered         this visit type is not given that way, by this practitioner or at this place
│   ├── KeyReused          this key was used for another request
│   └── StaleVersion       somebody changed it meanwhile; read it again
└── LawForbids             nobody here can allow it
    └── Forbidden          this service may not be given remotely in this country
"""

from datetime import datetime
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


class LawForbids(SchedulingError):
    """Nobody here can allow it."""


class SlotTaken(PatientMustChoose):
    """Somebody was faster; `Book.alternatives` finds others from `slot` and `visit_type_id`.

    They are looked for after the refusal, so that nobody waits while practitioner and kiosk are locked.
    """

    def __init__(self, slot: Slot, visit_type_id: str) -> None:
        super().__init__("the slot is taken")
        self.slot = slot
        self.visit_type_id = visit_type_id


class OutsideHours(PatientMustChoose):
    """The site is closed, or the practitioner does not work, for at least a part of that time."""


class OffGrid(OutsideHours):
    """The site is open and the practitioner works, but no visit of that kind begins at that minute."""


class TooLate(PatientMustChoose):
    """The moment for it has passed."""


class TooSoon(PatientMustChoose):
    """This kind of visit needs more time before it: it can begin at `earliest` at the soonest."""

    def __init__(self, earliest: datetime) -> None:
        super().__init__(f"the earliest start is {earliest.isoformat()}")
        self.earliest = earliest


class PastWindow(PatientMustChoose):
    """Since `closed_at` the patient cannot cancel or move it alone; staff still can."""

    def __init__(self, closed_at: datetime) -> None:
        super().__init__(f"could be changed by the patient until {closed_at.isoformat()}")
        self.closed_at = closed_at


class TooManyBookings(PatientMustChoose):
    """The patient has as many open visits of this kind as they may; a clinician can allow more."""


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


class NotOffered(CallerMustRetry):
    """This visit type is not given that way, by this practitioner or at this place."""


class KeyReused(CallerMustRetry):
    """This key was used for another request; what was booked with it stands."""


class StaleVersion(CallerMustRetry):
    """Somebody changed it meanwhile; read it again."""


class Forbidden(LawForbids):
    """This service may not be given remotely in this country."""
