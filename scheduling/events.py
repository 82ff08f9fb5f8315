"""What changed, to which version, when, by whom and why: every verb of this package returns one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Kind = Literal[
    "appointment.booked",
    "appointment.confirmed",
    "appointment.cancelled",
    "appointment.arrived",
    "appointment.fulfilled",
    "appointment.noshow",
    "appointment.moved",
    "appointment.reinstated",
    "queue.entered",
    "queue.prioritised",
    "queue.sent_home",
    "queue.called",
    "queue.returned",
    "queue.away",
    "queue.kept",
    "queue.put_off",
    "queue.rung",
    "queue.escalated",
    "queue.admitted",
    "queue.left",
    "queue.done",
    "wish.entered",
    "wish.offered",
    "wish.passed",
    "wish.booked",
    "wish.left",
]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: staff, kiosk, patient, job or demo, and which one (a job has no id)."""

    kind: str
    id: UUID | None


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one appointment, queue entry or wish (`subject_id`), which thereby reached `version`."""

    id: UUID
    at: datetime
    kind: Kind
    subject_id: UUID
    version: int
    who: Actor
    why: str
