"""What a coordinator may see and do about the messages of an appointment of the own facility."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from scheduling.booking import Appointment
from scheduling.errors import NotFound
from scheduling.ids import uuid7
from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from scheduling.reminders import QuietHours, out_of_quiet
from telemed.messages.choices import CHOICES
from telemed.messages.ladder import for_proxy
from telemed.messages.outbox import Addressee
from telemed.messages.spoken import is_said
from telemed.messages.timeline import Timeline, Told
from telemed.unit import Unit
from telemed.visits.addressees import addressee
from telemed.visits.around import around

Why = Literal["number_corrected", "asked_again", "carrier_trouble", "not_seen"]
REASONS: tuple[Why, ...] = ("number_corrected", "asked_again", "carrier_trouble", "not_seen")

Refusal = Literal["on_its_way", "over", "no_way", "too_late"]


@dataclass(frozen=True)
class Story:
    """An appointment, the people around it, and the messages about it."""

    appointment: Appointment
    patient: Patient
    practitioner: Practitioner
    site: Site
    messages: tuple[Told, ...]


def story(unit: Unit, facility_id: UUID, appointment_id: UUID) -> Story:
    """The messages about an appointment; NotFound when it is another facility's."""
    appointment = _own(unit, facility_id, appointment_id)
    names = around(unit, [appointment])
    told = Timeline(unit.connection, unit.sightings).of(appointment_id)
    return Story(
        appointment,
        names.patients[appointment.patient_id],
        names.practitioners[appointment.practitioner_id],
        names.sites[appointment.site_id],
        tuple(told),
    )


def send_again(
    unit: Unit, facility_id: UUID, message_id: UUID, why: Why, quiet: QuietHours
) -> tuple[UUID, Refusal | None]:
    """Promise a message once more by the way of today; its appointment, and what forbids it if anything.

    Only what still holds: the same start, before it, in no quiet hour, by a way that the patient agrees to.
    """
    timeline = Timeline(unit.connection, unit.sightings)
    appointment_id = timeline.appointment_of(message_id)
    if appointment_id is None:
        raise NotFound("message")
    appointment = _own(unit, facility_id, appointment_id)
    told = next(each for each in timeline.of(appointment_id) if each.id == message_id)
    to = addressee(unit, appointment, appointment.site_id)
    due_at = out_of_quiet(unit.now, to.time_zone, quiet)
    status = "cancelled" if told.kind == "cancelled" else "booked"
    moved = appointment.status != status or told.starts_at != appointment.starts_at
    if moved or told.kind in CHOICES:
        # Numbers mean what was free when they were given.
        return appointment_id, "over"
    if due_at >= appointment.starts_at:
        return appointment_id, "too_late"
    if to.phone is None or not to.consents or not _can_tell(to, told.kind):
        return appointment_id, "no_way"
    row = {
        "id": uuid7(),
        "channel": to.channel,
        "whom": to.whom,
        "phone": to.phone,
        "language": to.language,
        "script": to.script,
    }
    done = timeline.again(message_id, row, why, unit.reader.id, due_at, unit.now)
    return appointment_id, None if done else "on_its_way"


def _can_tell(to: Addressee, kind: str) -> bool:
    """Whether this way has words for it: a call has few, and a proxy is told only when and where."""
    return (to.channel != "voice" or is_said(kind)) and (to.whom == "patient" or for_proxy(kind))


def _own(unit: Unit, facility_id: UUID, appointment_id: UUID) -> Appointment:
    appointment = unit.book.appointment(appointment_id)
    if appointment.facility_id != facility_id:
        raise NotFound("appointment")
    return appointment
