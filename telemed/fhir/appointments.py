"""Appointment: ours as FHIR, and what another system asks for, read element by element."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from scheduling.booking import Appointment
from telemed.fhir.answers import Resource
from telemed.fhir.claims import Claim, Identifier, read_claim, read_identifier
from telemed.fhir.elements import CHANNEL, VISIT_TYPE, concept, instant, reference
from telemed.fhir.ids import FHIR_ID, ScheduleKey, SlotKey, code_of, read_slot_id
from telemed.fhir.reading import Element, read_uuid

STATUSES = (
    "proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error",
    "checked-in", "waitlist",
)  # fmt: skip
PARTICIPATION = ("accepted", "declined", "tentative", "needs-action")
CHANNELS = ("video", "audio", "written")
_ACTORS = {"Practitioner": "practitioner", "PractitionerRole": "practitioner", "Location": "location"}

ActorKind = Literal["practitioner", "location", "patient"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an Appointment that came in asks for; what it leaves open is None."""

    id: str | None
    status: str
    practitioner_id: UUID | None
    location_id: UUID | None
    patient: UUID | Identifier | Claim | None
    type_code: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    channel: str | None
    reason: str


def appointment(booked: Appointment, visit_type_id: str) -> Resource:
    """An appointment of ours; the patient is named by id only."""
    key = SlotKey(
        ScheduleKey(booked.practitioner_id, code_of(visit_type_id), booked.site_id), booked.starts_at
    )
    place = booked.kiosk_id or booked.site_id
    return {
        "resourceType": "Appointment",
        "id": str(booked.id),
        "meta": {"versionId": str(booked.version)},
        "extension": [{"url": CHANNEL, "valueCode": booked.channel}],
        "status": booked.status,
        "serviceType": [concept(VISIT_TYPE, visit_type_id)],
        "start": instant(booked.starts_at),
        "end": instant(booked.ends_at),
        "minutesDuration": int((booked.ends_at - booked.starts_at).total_seconds()) // 60,
        "slot": [reference("Slot", key.id)],
        "participant": [
            {"actor": reference("Patient", booked.patient_id), "status": "accepted"},
            {"actor": reference("Practitioner", booked.practitioner_id), "status": "accepted"},
            {"actor": reference("Location", place), "status": "accepted"},
        ],
    }


def read_appointment(element: Element, base: str) -> Asked:
    """What is asked for; Malformed names the first element that is wrong."""
    status = element.required("status")
    if status not in STATUSES:
        element.refuse(f"one of {', '.join(STATUSES)} is expected", "code-invalid", "status")
    slot = _slot(element, base)
    actors = _Actors(element, base)
    starts_at, ends_at = element.instant("start"), element.instant("end")
    if (starts_at is None) != (ends_at is None):
        element.refuse("start and end go together", "invariant", "end" if starts_at else "start")
    type_code = _type_code(element)
    if slot is not None:
        schedule = slot.schedule
        _agree(element, "serviceType", type_code, schedule.type_code)
        _agree(element, "start", starts_at, slot.starts_at)
        _agree(element, "participant", actors.practitioner_id, schedule.practitioner_id)
        type_code, starts_at = schedule.type_code, slot.starts_at
    return Asked(
        id=element.text("id"),
        status=status,
        practitioner_id=slot.schedule.practitioner_id if slot else actors.practitioner_id,
        location_id=actors.location_id or (slot.schedule.site_id if slot else None),
        patient=actors.patient,
        type_code=type_code,
        starts_at=starts_at,
        ends_at=ends_at,
        channel=_channel(element),
        reason=_reason(element),
    )


def read_reference(element: Element, base: str) -> tuple[str, str]:
    """Type and id of a reference to this server, or ("#", id) for a contained resource."""
    text = element.required("reference")
    if text.startswith("#"):
        return "#", text[1:]
    local = re.sub(r"/_history/[A-Za-z0-9\-.]{1,64}\Z", "", text.removeprefix(base + "/"))
    kind, slash, target = local.partition("/")
    if not slash or not kind.isalpha() or not FHIR_ID.fullmatch(target):
        element.refuse("a reference such as Patient/<id> on this server is expected", "value", "reference")
    return kind, target


class _Actors:
    """Who takes part, each kind once."""

    def __init__(self, element: Element, base: str) -> None:
        self.practitioner_id: UUID | None = None
        self.location_id: UUID | None = None
        self.patient: UUID | Identifier | Claim | None = None
        self._base = base
        self._contained = {each.text("id"): each for each in element.children("contained")}
        participants = element.children("participant")
        if not participants:
            element.refuse("is missing", "required", "participant")
        for each in participants:
            self._take(each)

    def _take(self, participant: Element) -> None:
        status = participant.required("status")
        if status not in PARTICIPATION:
            participant.refuse(f"one of {', '.join(PARTICIPATION)} is expected", "code-invalid", "status")
        actor = participant.child("actor")
        if actor is None:
            participant.refuse("is missing", "required", "actor")
        if not actor.has("reference") and actor.has("identifier"):
            self._keep_patient(actor, self._by_number(actor))
            return
        kind, target = read_reference(actor, self._base)
        if kind == "#":
            self._keep_patient(actor, self._inside(actor, target))
        elif kind == "Patient":
            self._keep_patient(actor, _uuid(actor, target))
        elif kind in _ACTORS:
            name = f"{_ACTORS[kind]}_id"
            value = _uuid(actor, target)
            if getattr(self, name) not in (None, value):
                actor.refuse(f"there is a second {kind}", "invariant")
            setattr(self, name, value)
        else:
            actor.refuse("Patient, Practitioner and Location take part here", "not-supported", "reference")

    def _keep_patient(self, actor: Element, patient: UUID | Identifier | Claim) -> None:
        if self.patient is not None:
            actor.refuse("there is a second Patient", "invariant")
        self.patient = patient

    def _by_number(self, actor: Element) -> Identifier:
        if actor.text("type") not in (None, "Patient"):
            actor.refuse("only a Patient is found by a number", "not-supported", "type")
        number = actor.child("identifier")
        assert number is not None
        return read_identifier(number)

    def _inside(self, actor: Element, target: str) -> Claim:
        found = self._contained.get(target)
        if found is None:
            actor.refuse("nothing with this id is contained", "not-found", "reference")
        if found.required("resourceType") != "Patient":
            found.refuse("only a Patient may be contained", "not-supported", "resourceType")
        return read_claim(found)


def _slot(element: Element, base: str) -> SlotKey | None:
    slots = element.children("slot", 1)
    if not slots:
        return None
    kind, target = read_reference(slots[0], base)
    key = read_slot_id(target) if kind == "Slot" else None
    if key is None:
        slots[0].refuse("there is no such Slot", "not-found", "reference")
    return key


def _type_code(element: Element) -> str | None:
    for service in element.children("serviceType"):
        for coding in service.children("coding"):
            if coding.text("system") == VISIT_TYPE:
                return code_of(coding.required("code"))
    return None


def _channel(element: Element) -> str | None:
    for extension in element.children("extension"):
        if extension.text("url") == CHANNEL:
            channel = extension.required("valueCode")
            if channel not in CHANNELS:
                extension.refuse(f"one of {', '.join(CHANNELS)} is expected", "code-invalid", "valueCode")
            return channel
    return None


def _reason(element: Element) -> str:
    why = element.child("cancelationReason")
    return (why.text("text", 200) if why else None) or ""


def _uuid(actor: Element, target: str) -> UUID:
    value = read_uuid(target)
    if value is None:
        actor.refuse("nothing here has this id", "not-found", "reference")
    return value


def _agree(element: Element, name: str, said: object, slot: object) -> None:
    if said is not None and said != slot:
        element.refuse("does not agree with the slot", "invariant", name)
