"""What happens at the kiosk: an intake is filed, a booked patient arrives, a patient leaves."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from scheduling import booking, waiting
from scheduling.errors import NotFound
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.places import Kiosk
from telemed.intake.intake import Filing
from telemed.intake.submission import SlotChoice, Submission, WishChoice
from telemed.records import encounters
from telemed.records.encounters import Encounter
from telemed.records.slip_store import Slip
from telemed.unit import Unit
from telemed.visits import alarms, queue, waiting_list, waits
from telemed.visits.alarms import Found
from telemed.visits.booking import take_slot
from telemed.visits.duty import facility_on_duty
from telemed.visits.newcomer import claimed_patient, keep_consents, keep_contacts

EARLIEST_ARRIVAL = timedelta(hours=2)
_REASONS: dict[str, Literal["day_over", "away"]] = {waiting.DAY_OVER: "day_over", waiting.AWAY: "away"}


class TooManyTries(Exception):
    """Too many wrong codes from this kiosk or for this code: the clerk helps on."""


@dataclass(frozen=True)
class Receipt:
    """What the patient takes away: the same for the same intake, however often it is sent."""

    intake_id: UUID
    visit_id: UUID
    code: str
    kind: Literal["now", "slot", "wish"]
    starts_at: datetime | None
    site_id: UUID
    # Whatever was chosen: a doctor is being called now, or should be and nobody is on duty.
    call: Literal["", "doctor", "nobody"] = ""


@dataclass(frozen=True)
class Conflict:
    """Another intake has this id already; both are kept and a person decides."""

    intake_id: UUID


@dataclass(frozen=True)
class Arrival:
    """A booked patient is here; or came too early, and may come again; or it is `over` or elsewhere."""

    visit_id: UUID | None
    starts_at: datetime
    too_early: bool
    over: Literal["cancelled", "day_over", "away", "elsewhere"] | None = None


def file_intake(
    unit: Unit, intake_id: UUID, submission: Submission, kiosk: Kiosk, language: str | None = None
) -> Receipt | Conflict:
    """File an intake and take the slot or the place in the queue; all of it or nothing.

    The patient is written to in `language`; None: the one that was chosen. Raises scheduling's SlotTaken,
    OutsideHours or TooLate, and then nothing is filed.
    """
    known = unit.intakes.known(intake_id, submission, kiosk.id, unit.now)
    if known == "conflict":
        return Conflict(intake_id)
    if known == "same":
        return _receipt_again(unit, intake_id, submission)
    patient = claimed_patient(submission, language)
    unit.book.add_patient(patient)
    filing = Filing(intake_id, uuid7(), patient.id, kiosk.id, kiosk.site_id, unit.now)
    unit.intakes.file(filing, submission)
    keep_consents(unit, patient.id, submission)
    if submission.contacts is not None:
        keep_contacts(unit, patient.id, submission.contacts)
    found = alarms.look(unit, submission)
    if isinstance(submission.choice, SlotChoice):
        receipt = _book(unit, filing, submission, submission.choice)
    elif isinstance(submission.choice, WishChoice):
        receipt = _hope(unit, filing, submission, submission.choice)
    else:
        return _wait_now(unit, filing, submission, found)
    return receipt if found is None else _call_in(unit, filing, receipt, found)


def arrive(unit: Unit, code: str, kiosk: Kiosk) -> Arrival | None:
    """A patient types the code of the slip; None for a code that stands for nothing here.

    Tries are counted, so the caller must let the unit commit whatever the answer is.
    """
    place = f"arrive:{kiosk.id}"
    if not unit.records.slips.take_try(place, code, unit.real_now):
        raise TooManyTries
    slip = unit.records.slips.find(code, unit.now)
    called = alarms.still_waiting(unit, slip.given_for) if slip is not None else None
    if slip is None or (slip.appointment_id is None and slip.encounter_id is None and called is None):
        return None
    unit.records.slips.give_back(place, code)
    if called is not None:
        return _returned(unit, called, kiosk, unit.now)
    if slip.appointment_id is None:
        return _back(unit, slip, kiosk)
    appointment = unit.book.appointment(slip.appointment_id)
    if appointment.status == "booked" and unit.now < appointment.starts_at - EARLIEST_ARRIVAL:
        return Arrival(None, appointment.starts_at, too_early=True)
    visit = unit.records.encounters.by_appointment(appointment.id)
    if appointment.status == "cancelled":
        return _over(unit, visit, appointment.starts_at)
    if visit is None:
        visit = _arrived(unit, slip, appointment, kiosk)
    return _returned(unit, visit, kiosk, appointment.starts_at)


def leave(unit: Unit, visit_id: UUID, kiosk: Kiosk) -> None:
    """The patient went away: the place of one not yet seen is kept for a while; a visit under way stays."""
    visit = of_kiosk(unit, visit_id, kiosk)
    if visit.status == "waiting":
        queue.step_away(unit, visit, kiosk)
    elif visit.status == "in_progress" and visit.call == "open":
        unit.records.encounters.change(encounters.leave_call(visit))


def of_kiosk(unit: Unit, visit_id: UUID, kiosk: Kiosk) -> Encounter:
    """The visit that goes on at this kiosk; another kiosk's does not exist here."""
    visit = unit.records.encounters.get(visit_id)
    if visit.kiosk_id != kiosk.id:
        raise NotFound("visit")
    return visit


def _book(unit: Unit, filing: Filing, submission: Submission, choice: SlotChoice) -> Receipt:
    kiosk = unit.book.kiosk(filing.kiosk_id)
    appointment = take_slot(unit, choice, filing.patient_id, filing.intake_id, kiosk)
    code = unit.records.slips.issue(
        filing.intake_id,
        filing.patient_id,
        submission.claim.birth_date,
        unit.now,
        appointment_id=appointment.id,
    )
    return Receipt(
        filing.intake_id, filing.visit_id, code, "slot", appointment.starts_at, appointment.site_id
    )


def _hope(unit: Unit, filing: Filing, submission: Submission, choice: WishChoice) -> Receipt:
    # The wish has the id of its intake, so that the slip finds both.
    whose = (filing.intake_id, filing.patient_id, filing.site_id)
    waiting_list.hope(unit, *whose, choice.days, _of(filing), choice.visit_type_id)
    code = unit.records.slips.issue(
        filing.intake_id, filing.patient_id, submission.claim.birth_date, unit.now
    )
    return Receipt(filing.intake_id, filing.visit_id, code, "wish", None, filing.site_id)


def _back(unit: Unit, slip: Slip, kiosk: Kiosk) -> Arrival | None:
    """Somebody without an appointment who waited at home is here again."""
    if slip.encounter_id is None:
        return None
    visit = unit.records.encounters.get(slip.encounter_id)
    if visit.status == "cancelled":
        return _over(unit, visit, unit.now)
    if visit.status == "in_progress" and visit.kiosk_id == kiosk.id:
        # Somebody who was gone when the doctor came.
        return Arrival(visit.id, unit.now, too_early=False)
    if visit.status != "waiting":
        return None
    return _returned(unit, visit, kiosk, unit.now)


def _returned(unit: Unit, visit: Encounter, kiosk: Kiosk, starts_at: datetime) -> Arrival:
    """Whoever has a place in the queue takes it again, unless it was kept for too long."""
    try:
        came = queue.come_back(unit, visit, kiosk)
    except queue.SitsElsewhere:
        return Arrival(None, starts_at, too_early=False, over="elsewhere")
    if came.status == "cancelled":
        return _over(unit, came, starts_at)
    return Arrival(came.id, starts_at, too_early=False)


def _over(unit: Unit, visit: Encounter | None, starts_at: datetime) -> Arrival:
    entry_id = None if visit is None else visit.queue_entry_id
    why = "" if entry_id is None else unit.book.left_because(entry_id)
    return Arrival(None, starts_at, too_early=False, over=_REASONS.get(why, "cancelled"))


def _wait_now(unit: Unit, filing: Filing, submission: Submission, found: Found | None) -> Receipt:
    facility_id = found.facility_id if found else facility_on_duty(unit)
    visit = _seated(unit, filing, facility_id, submission.red_flag or found is not None)
    unit.records.encounters.add(visit)
    code = unit.records.slips.issue(
        filing.intake_id,
        filing.patient_id,
        submission.claim.birth_date,
        unit.now,
        encounter_id=filing.visit_id,
    )
    receipt = Receipt(filing.intake_id, filing.visit_id, code, "now", None, filing.site_id)
    return receipt if found is None else _alarmed(unit, filing, receipt, found)


def _call_in(unit: Unit, filing: Filing, receipt: Receipt, found: Found) -> Receipt:
    """Whoever chose to come another day keeps that, and is seen first now, in a visit of its own."""
    visit = replace(_seated(unit, filing, found.facility_id, True), id=uuid7(), intake_id=None)
    unit.records.encounters.add(visit)
    return _alarmed(unit, filing, replace(receipt, visit_id=visit.id), found)


def _alarmed(unit: Unit, filing: Filing, receipt: Receipt, found: Found) -> Receipt:
    asked = alarms.raise_alarm(unit, filing, found, receipt.visit_id)
    return replace(receipt, call="doctor" if asked else "nobody")


def _seated(unit: Unit, filing: Filing, facility_id: UUID, emergency: bool) -> Encounter:
    """Somebody who sits here without an appointment, with a place in the queue."""
    place = (filing.patient_id, facility_id, filing.site_id, filing.kiosk_id)
    entry = unit.book.enter_queue(*place, None, emergency, unit.now, _of(filing))
    waits.remember(unit.book, entry.id, entry.facility_id, unit.now)
    return _visit(filing, entry.facility_id, unit.now, queue_entry_id=entry.id)


def _arrived(unit: Unit, slip: Slip, appointment: booking.Appointment, kiosk: Kiosk) -> Encounter:
    filing = unit.intakes.filing(slip.given_for)
    told = unit.intakes.of_visit(filing.visit_id) if filing else None
    if filing is None or told is None:
        raise NotFound("intake")
    actor = Actor("kiosk", kiosk.id)
    unit.book.change(*booking.arrive(appointment, unit.now, actor))
    entry = unit.book.enter_queue(
        appointment.patient_id,
        appointment.facility_id,
        kiosk.site_id,
        kiosk.id,
        appointment.id,
        # Who said yes to a danger sign and booked all the same goes before the others, too.
        told.red_flag,
        unit.now,
        actor,
    )
    here = Filing(
        filing.intake_id, filing.visit_id, appointment.patient_id, kiosk.id, kiosk.site_id, unit.now
    )
    visit = _visit(
        here, appointment.facility_id, unit.now, queue_entry_id=entry.id, appointment_id=appointment.id
    )
    unit.records.encounters.add(visit)
    waits.remember(unit.book, entry.id, entry.facility_id, unit.now)
    return visit


def _visit(
    filing: Filing,
    facility_id: UUID,
    now: datetime,
    *,
    queue_entry_id: UUID | None = None,
    appointment_id: UUID | None = None,
) -> Encounter:
    return Encounter(
        id=filing.visit_id,
        room=secrets.token_urlsafe(24),
        patient_id=filing.patient_id,
        intake_id=filing.intake_id,
        appointment_id=appointment_id,
        queue_entry_id=queue_entry_id,
        facility_id=facility_id,
        site_id=filing.site_id,
        kiosk_id=filing.kiosk_id,
        practitioner_id=None,
        opened_at=now,
    )


def _receipt_again(unit: Unit, intake_id: UUID, submission: Submission) -> Receipt:
    filing = unit.intakes.filing(intake_id)
    if filing is None:
        raise NotFound("intake")
    code = unit.records.slips.issue(intake_id, filing.patient_id, submission.claim.birth_date, filing.at)
    choice, starts_at, site_id = submission.choice, None, filing.site_id
    if isinstance(choice, SlotChoice):
        starts_at, site_id = choice.starts_at, unit.book.kiosk(choice.kiosk_id).site_id
    receipt = Receipt(intake_id, filing.visit_id, code, choice.kind, starts_at, site_id)
    called = unit.alarms.visit_of_intake(intake_id)
    return (
        replace(receipt, visit_id=called[0], call="doctor" if called[1] else "nobody") if called else receipt
    )


def _of(filing: Filing) -> Actor:
    return Actor("kiosk", filing.kiosk_id)
