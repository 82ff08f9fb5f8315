"""The queue of people who are there and wait to be seen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from scheduling.errors import WrongState
from scheduling.events import Actor, Event, Kind
from scheduling.ids import uuid7

Status = Literal["waiting", "admitted", "left", "done"]

OPEN: frozenset[Status] = frozenset({"waiting", "admitted"})
"""The statuses in which a patient is still there."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One patient waiting at a site for a facility, with an appointment or without."""

    id: UUID
    patient_id: UUID
    facility_id: UUID
    site_id: UUID
    kiosk_id: UUID
    appointment_id: UUID | None
    entered_at: datetime
    emergency: bool
    status: Status
    practitioner_id: UUID | None
    version: int


Change = tuple[QueueEntry, Event]


def order(entries: Iterable[QueueEntry]) -> list[QueueEntry]:
    """Who still waits, next first: emergencies, then those with an appointment, then by arrival."""
    waiting = [entry for entry in entries if entry.status == "waiting"]
    return sorted(waiting, key=_urgency)


def position(entries: Iterable[QueueEntry], entry_id: UUID) -> int | None:
    """The place of an entry among those who wait, 1 is next; None when it does not wait."""
    for number, entry in enumerate(order(entries), start=1):
        if entry.id == entry_id:
            return number
    return None


def enter(
    patient_id: UUID,
    facility_id: UUID,
    site_id: UUID,
    kiosk_id: UUID,
    appointment_id: UUID | None,
    emergency: bool,
    now: datetime,
    who: Actor,
) -> Change:
    """The patient begins to wait."""
    entry = QueueEntry(
        id=uuid7(),
        patient_id=patient_id,
        facility_id=facility_id,
        site_id=site_id,
        kiosk_id=kiosk_id,
        appointment_id=appointment_id,
        entered_at=now,
        emergency=emergency,
        status="waiting",
        practitioner_id=None,
        version=1,
    )
    return entry, _event("queue.entered", entry, now, who, "emergency" if emergency else "")


def escalate(entry: QueueEntry, now: datetime, who: Actor) -> Change:
    """The patient who already waits has become an emergency."""
    if entry.status not in OPEN:
        raise WrongState(f"the patient is {entry.status}")
    changed = replace(entry, emergency=True, version=entry.version + 1)
    return changed, _event("queue.entered", changed, now, who, "emergency")


def admit(entry: QueueEntry, practitioner_id: UUID, now: datetime, who: Actor, why: str = "") -> Change:
    """The practitioner takes the patient in; only one can."""
    return _step(entry, "queue.admitted", ("waiting",), "admitted", practitioner_id, now, who, why)


def leave(entry: QueueEntry, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient went away, before or while being seen."""
    return _step(entry, "queue.left", ("waiting", "admitted"), "left", entry.practitioner_id, now, who, why)


def finish(entry: QueueEntry, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient was seen."""
    return _step(entry, "queue.done", ("admitted",), "done", entry.practitioner_id, now, who, why)


def _step(
    entry: QueueEntry,
    kind: Kind,
    allowed: tuple[Status, ...],
    status: Status,
    practitioner_id: UUID | None,
    now: datetime,
    who: Actor,
    why: str,
) -> Change:
    if entry.status not in allowed:
        raise WrongState(f"the patient is {entry.status}")
    changed = replace(entry, status=status, practitioner_id=practitioner_id, version=entry.version + 1)
    return changed, _event(kind, changed, now, who, why)


def _event(kind: Kind, entry: QueueEntry, now: datetime, who: Actor, why: str) -> Event:
    return Event(uuid7(), now, kind, entry.id, entry.version, who, why)


def _urgency(entry: QueueEntry) -> tuple[bool, bool, datetime, UUID]:
    return not entry.emergency, entry.appointment_id is None, entry.entered_at, entry.id
