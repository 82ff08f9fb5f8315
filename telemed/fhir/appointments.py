"""Appointment: ours as FHIR, and what another system asks for, read element by element."""

import re
from dataclasses import dataclass, replace
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
CANCELLATION_REASON = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
_ACTORS = {"Practitioner": "practitioner", "PractitionerRole": "practitioner", "Location": "location"}

ActorKind = Literal["practitioner", "location", "patient"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an Appointment that came in asks for; what it leaves open is None."""

    id: str | None
    status: str
    practitioner_id: UUID | None
    location_id: UUID | None
    site_id: UUID | None
    patient: UUID | Identifier | Claim | None
    type_code: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    channel: str | None
    reason: str
    by_provider: bool = False


def appointment(booked: Appointment) -> Resource:
    """An appointment of ours; the patient is named by id only."""
    place = booked.kiosk_id or booked.site_id
    return {
        "resourceType": "Appointment",
        "id": str(booked.id),
        "meta": {"versionId": str(booked.version)},
        "extension": [{"url": CHANNEL, "valueCode": booked.channel}],
        "status": booked.status,
        "serviceType": [concept(VISIT_TYPE, booked.visit_type_id)],
        "start": instant(booked.starts_at),
        "end": instant(booked.ends_at),
        "minutesDuration": int((booked.ends_at - booked.starts_at).total_seconds()) // 60,
        "slot": [reference("Slot", slot_key(booked).id)],
        "participant": [
            {"actor": reference("Patient", booked.patient_id), "status": "accepted"},
            {"actor": reference("Practitioner", booked.practitioner_id), "status": "accepted"},
            {"actor": reference("Location", place), "status": "accepted"},
        ],
    }


def read_appointment(element: Element, base: str, before: Appointment | None = None) -> Asked:
    """What is asked for; Malformed names the first element that is wrong.

    Of a change, what stands as it stood before says nothing: whoever moves only `start` need not find the
    slot that fits it.
    """
    status = element.required("status")
    if status not in STATUSES:
        element.refuse(f"one of {', '.join(STATUSES)} is expected", "code-invalid", "status")
    actors = _Actors(element, base)
    starts_at, ends_at = element.instant("start"), element.instant("end")
    if (starts_at is None) != (ends_at is None):
        element.refuse("start and end go together", "invariant", "end" if starts_at else "start")
    if starts_at and ends_at and ends_at <= starts_at:
        element.refuse("is not after start", "invariant", "end")
    asked = Asked(
        id=element.text("id"),
        status=status,
        practitioner_id=actors.practitioner_id,
        location_id=actors.location_id,
        site_id=None,
        patient=actors.patient,
        type_code=_type_code(element),
        starts_at=starts_at,
        ends_at=ends_at,
        channel=_channel(element),
        reason=_reason(element),
        by_provider=_by_provider(element),
    )
    slot = _slot(element, base)
    if before is not None:
        asked, slot = _without(before, asked, slot)
    return _with_slot(element, asked, slot) if slot else asked


def slot_key(booked: Appointment) -> SlotKey:
    """The slot that an appointment takes."""
    schedule = ScheduleKey(booked.practitioner_id, code_of(booked.visit_type_id), booked.site_id)
    return SlotKey(schedule, booked.starts_at)


def _without(before: Appointment, asked: Asked, slot: SlotKey | None) -> tuple[Asked, SlotKey | None]:
    """Leave out what a change only repeats."""
    if asked.starts_at == before.starts_at:
        asked = replace(asked, starts_at=None, ends_at=None)
    elif asked.ends_at == before.ends_at:
        asked = replace(asked, ends_at=None)
    if asked.practitioner_id == before.practitioner_id:
        asked = replace(asked, practitioner_id=None)
    if asked.location_id in (before.site_id, before.kiosk_id):
        asked = replace(asked, location_id=None)
    if asked.patient == before.patient_id:
        asked = replace(asked, patient=None)
    return asked, None if slot == slot_key(before) else slot


def _with_slot(element: Element, asked: Asked, slot: SlotKey) -> Asked:
    schedule = slot.schedule
    _agree(element, "serviceType", asked.type_code, schedule.type_code)
    _agree(element, "start", asked.starts_at, slot.starts_at)
    _agree(element, "participant", asked.practitioner_id, schedule.practitioner_id)
    return replace(
        asked,
        type_code=schedule.type_code,
        starts_at=slot.starts_at,
        practitioner_id=schedule.practitioner_id,
        location_id=asked.location_id or schedule.site_id,
        site_id=schedule.site_id,
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


def _by_provider(element: Element) -> bool:
    """Whether it is the provider who cancels, as FHIR's own codes say it: prov, prov-pers, …"""
    why = element.child("cancelationReason")
    codings = why.children("coding") if why else []
    codes = [each.text("code") or "" for each in codings if each.text("system") == CANCELLATION_REASON]
    return any(re.fullmatch(r"prov(-[a-z]+)?", code) for code in codes)


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
