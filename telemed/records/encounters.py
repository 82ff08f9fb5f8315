"""A visit from arrival to signed note; what the call does is kept apart from how far the visit is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from scheduling.errors import WrongState

Status = Literal["waiting", "in_progress", "finished", "cancelled"]
Rung = Literal["video", "audio", "stills", "phone", "written"]
Call = Literal["none", "open", "left"]

ACTIVE: tuple[Status, ...] = ("waiting", "in_progress")


@dataclass(frozen=True)
class Encounter:
    """One visit; `room` is a random name that tells nothing about it, and is all that signaling knows."""

    id: UUID
    room: str
    patient_id: UUID
    intake_id: UUID | None
    appointment_id: UUID | None
    queue_entry_id: UUID | None
    facility_id: UUID
    site_id: UUID
    kiosk_id: UUID | None
    practitioner_id: UUID | None
    status: Status = "waiting"
    rung: Rung = "video"
    call: Call = "none"
    identity_confirmed_by: UUID | None = None
    identity_confirmed_at: datetime | None = None
    opened_at: datetime | None = None
    started_at: datetime | None = None
    signed_at: datetime | None = None
    version: int = 1

    @property
    def active(self) -> bool:
        """Whether the visit still waits for its signed note."""
        return self.status in ACTIVE


class Held(NamedTuple):
    """Where a visit is held and how far it is; nothing about the patient."""

    room: str
    site_id: UUID
    kiosk_id: UUID | None
    facility_id: UUID
    practitioner_id: UUID | None
    status: Status
    rung: Rung
    signed_at: datetime | None


def admit(encounter: Encounter, practitioner_id: UUID, now: datetime) -> Encounter:
    """The practitioner takes the patient; the same one may do it again, another may not."""
    if encounter.status == "in_progress" and encounter.practitioner_id == practitioner_id:
        return encounter
    if encounter.status != "waiting":
        raise WrongState(f"visit is {encounter.status}, not waiting")
    return _moved(encounter, status="in_progress", practitioner_id=practitioner_id, started_at=now)


def confirm_identity(encounter: Encounter, practitioner_id: UUID, now: datetime) -> Encounter:
    """The practitioner has asked for name and birth year aloud; the first confirmation stands."""
    _need_in_progress(encounter)
    if encounter.identity_confirmed_by is not None:
        return encounter
    return _moved(encounter, identity_confirmed_by=practitioner_id, identity_confirmed_at=now)


def join_call(encounter: Encounter) -> Encounter:
    """Somebody is in the call (again)."""
    _need_active(encounter)
    return encounter if encounter.call == "open" else _moved(encounter, call="open")


def leave_call(encounter: Encounter) -> Encounter:
    """Somebody hung up: the call is left, the visit goes on."""
    return _moved(encounter, call="left") if encounter.call == "open" else encounter


def put_back(encounter: Encounter) -> Encounter:
    """Nobody answered: the patient waits again; not once the two have talked and it is known who it is."""
    if encounter.status == "waiting":
        return encounter
    _need_in_progress(encounter)
    if encounter.identity_confirmed_by is not None:
        raise WrongState("the two have talked")
    back = {"status": "waiting", "practitioner_id": None, "started_at": None, "call": "none", "rung": "video"}
    return _moved(encounter, **back)


def hand_over(encounter: Encounter, practitioner_id: UUID) -> Encounter:
    """A colleague goes on with the visit in the doctor's place."""
    _need_in_progress(encounter)
    return _moved(encounter, practitioner_id=practitioner_id)


def step_to(encounter: Encounter, rung: Rung) -> Encounter:
    """The two talk in another way now: same visit, same place in the queue."""
    _need_active(encounter)
    return encounter if encounter.rung == rung else _moved(encounter, rung=rung)


def step_below(encounter: Encounter, rung: Literal["phone", "written"]) -> Encounter:
    """No call goes any more: it is left, and the visit goes on in another way; one change of the record."""
    _need_in_progress(encounter)
    if encounter.rung == rung and encounter.call != "open":
        return encounter
    call: Call = "left" if encounter.call == "open" else encounter.call
    return _moved(encounter, rung=rung, call=call)


def finish(encounter: Encounter, now: datetime) -> Encounter:
    """The note is signed: only this ends a visit that took place."""
    _need_in_progress(encounter)
    call: Call = "left" if encounter.call == "open" else encounter.call
    return _moved(encounter, status="finished", signed_at=now, call=call)


def cancel(encounter: Encounter) -> Encounter:
    """The patient went away before anybody saw them."""
    if encounter.status != "waiting":
        raise WrongState(f"visit is {encounter.status}, not waiting")
    return _moved(encounter, status="cancelled")


def _moved(encounter: Encounter, **changes: object) -> Encounter:
    # replace() is typed by the dataclass at run time only; the callers above name the fields.
    return replace(encounter, version=encounter.version + 1, **changes)  # type: ignore[arg-type]


def _need_active(encounter: Encounter) -> None:
    if not encounter.active:
        raise WrongState(f"visit is {encounter.status}")


def _need_in_progress(encounter: Encounter) -> None:
    if encounter.status != "in_progress":
        raise WrongState(f"visit is {encounter.status}, not in progress")
