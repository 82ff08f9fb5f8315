"""What the doctor looks at: the day's list, one case, and the summary the patient takes home."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling import waiting
from scheduling.booking import Appointment
from scheduling.people import Patient, Practitioner
from scheduling.places import Facility, Site
from scheduling.putting_off import is_put_off
from scheduling.waiting import QueueEntry
from telemed.intake.alarms import Alarm
from telemed.intake.asked_again import AskedAgain
from telemed.intake.intake import Intake
from telemed.records.encounters import Encounter
from telemed.records.notes import Note
from telemed.records.presence import Presence
from telemed.records.relation import Ground
from telemed.unit import Unit
from telemed.visits import alarms, emergencies
from telemed.visits.around import around
from telemed.visits.clinic import clinical_ground, visit_for
from telemed.visits.measured import Measured, measured

_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Waiting:
    """One line of those who are there."""

    visit: Encounter
    entry: QueueEntry
    patient: Patient
    intake: Intake | None
    appointment: Appointment | None
    site: Site
    practitioner: Practitioner | None
    for_me: bool
    rings_for: Practitioner | None
    rings_for_me: bool
    alarm: Alarm | None


@dataclass(frozen=True)
class Booked:
    """One line of today's appointments."""

    appointment: Appointment
    patient: Patient
    site: Site
    visit_id: UUID | None


@dataclass(frozen=True)
class Unseen:
    """A place in the queue that ended before its turn; who it was is nobody's business any more."""

    token: str
    since: datetime
    at_home: bool
    site: Site
    away: bool = False


@dataclass(frozen=True)
class Day:
    """The doctor's day: who is next, who is there, who is being seen and who is still to come."""

    now: datetime
    zone: ZoneInfo
    facility: Facility
    emergencies: tuple[emergencies.ShownCall, ...]
    alarms: tuple[alarms.Shown, ...]
    in_progress: tuple[Waiting, ...]
    waiting: tuple[Waiting, ...]
    booked: tuple[Booked, ...]
    unseen: tuple[Unseen, ...]

    @property
    def next(self) -> Waiting | None:
        """Whom this doctor should see next: who rings for them, then who is here and may be seen by them."""
        there = (line for line in self.waiting if line.for_me and line.entry.here)
        here = [line for line in there if not is_put_off(line.entry, self.now)]
        return next((line for line in here if line.rings_for_me), next(iter(here), None))


@dataclass(frozen=True)
class Case:
    """Everything on the page of one visit."""

    visit: Encounter
    ground: Ground
    patient: Patient
    intake: Intake | None
    appointment: Appointment | None
    emergency: bool
    alarm: alarms.Shown | None
    # The kinds beyond a limit in any alarm of the visit.
    beyond: frozenset[str]
    place: QueueEntry | None
    presence: Presence
    site: Site
    zone: ZoneInfo
    practitioner: Practitioner | None
    signed: tuple[Note, ...]
    draft: Note | None
    earlier: tuple[tuple[Encounter, tuple[Note, ...]], ...]
    measured: Measured
    asked_again: tuple[AskedAgain, ...]


@dataclass(frozen=True)
class PatientSummary:
    """What the patient takes home, with the names a paper needs."""

    visit: Encounter
    patient: Patient
    practitioner: Practitioner
    facility: Facility
    site: Site
    zone: ZoneInfo
    notes: tuple[Note, ...]


def day(unit: Unit, facility_id: UUID, practitioner_id: UUID | None) -> Day:
    """Who waits at the facility now and whom this practitioner sees today."""
    facility = unit.book.facility(facility_id)
    zone = ZoneInfo(facility.time_zone)
    mine = unit.book.offers().get(practitioner_id, frozenset()) if practitioner_id else frozenset()
    there = _there(unit, unit.book.queue(facility_id), practitioner_id, mine)
    return Day(
        now=unit.now,
        zone=zone,
        facility=facility,
        emergencies=emergencies.open_calls(unit, facility_id, practitioner_id),
        alarms=alarms.open_alarms(unit, facility_id, practitioner_id),
        in_progress=tuple(line for line in there if line.for_me and line.visit.status == "in_progress"),
        waiting=tuple(line for line in there if line.visit.status == "waiting"),
        booked=_booked_today(unit, zone, practitioner_id),
        unseen=_unseen(unit, facility_id),
    )


def case(unit: Unit, visit_id: UUID, practitioner_id: UUID | None) -> Case:
    """One visit with all that was asked, measured and written; NotFound for staff without a relation."""
    visit, why = visit_for(unit, visit_id)
    site = unit.book.site(visit.site_id)
    entry = unit.book.queue_entry(visit.queue_entry_id) if visit.queue_entry_id else None
    raised = unit.alarms.of_visits([visit.id])
    alarm = raised[-1] if raised else None
    intake = unit.intakes.of_visit(visit.id) or (_told(unit, alarm) if alarm else None)
    return Case(
        visit=visit,
        ground=why,
        patient=unit.book.patient(visit.patient_id),
        intake=intake,
        appointment=unit.book.appointment(visit.appointment_id) if visit.appointment_id else None,
        emergency=entry is not None and entry.emergency,
        alarm=alarms.shown(unit, alarm, practitioner_id) if alarm else None,
        beyond=frozenset(each.code for every in raised for each in every.values),
        place=entry,
        presence=unit.records.presence.of(visit.id),
        site=site,
        zone=ZoneInfo(site.time_zone),
        practitioner=unit.book.practitioner(visit.practitioner_id) if visit.practitioner_id else None,
        signed=tuple(unit.records.notes.signed(visit.id)),
        draft=unit.records.notes.draft(visit.id, practitioner_id) if practitioner_id else None,
        earlier=_earlier(unit, visit),
        measured=measured(unit, visit, intake, unit.again.of_visit(visit.id)),
        asked_again=tuple(each for each in unit.again.open_of(visit.id) if each.kiosk_id == visit.kiosk_id),
    )


def clinic_summary(unit: Unit, visit_id: UUID) -> PatientSummary:
    """The summary for the doctor's printer; NotFound before signing and for staff without a relation."""
    visit, _ = visit_for(unit, visit_id)
    return patient_summary(unit, visit.id)


def patient_summary(unit: Unit, visit_id: UUID) -> PatientSummary:
    """The summary of a finished visit; the caller has made sure that this reader may have it."""
    summary = unit.records.summary(visit_id)
    visit = summary.encounter
    site = unit.book.site(visit.site_id)
    return PatientSummary(
        visit=visit,
        patient=unit.book.patient(visit.patient_id),
        practitioner=unit.book.practitioner(summary.notes[0].author_id),
        facility=unit.book.facility(visit.facility_id),
        site=site,
        zone=ZoneInfo(site.time_zone),
        notes=summary.notes,
    )


def _there(
    unit: Unit, entries: Collection[QueueEntry], practitioner_id: UUID | None, mine: Collection[str]
) -> list[Waiting]:
    """The lines of a queue, in its order; what stands around them is asked for together."""
    known = unit.records.encounters.by_queue_entries([entry.id for entry in entries])
    visits = {entry_id: visit for entry_id, visit in known.items() if visit.active}
    entries = [entry for entry in entries if entry.id in visits]
    if not entries:
        return []
    booked = unit.book.appointments([each.appointment_id for each in entries if each.appointment_id])
    promised = {each.id: each for each in booked}
    patients = unit.book.patients(each.patient_id for each in entries)
    intakes = unit.intakes.of_visits([visit.id for visit in visits.values()])
    alarmed = alarms.told_at(unit, (visit.id for visit in visits.values()))
    for visit_id, alarm in alarmed.items():
        told = intakes.get(visit_id) or _told(unit, alarm)
        intakes |= {visit_id: told} if told else {}
    sites = unit.book.sites_of(each.site_id for each in entries)
    expected = {each.id: _expected(each, visits[each.id], promised) for each in entries}
    named = {*expected.values(), *(each.rings_for for each in entries)}
    doctors = unit.book.practitioners_of(each for each in named if each)
    return [
        Waiting(
            visit=(visit := visits[entry.id]),
            entry=entry,
            patient=patients[entry.patient_id],
            intake=intakes.get(visit.id),
            appointment=promised.get(entry.appointment_id or _NOBODY),
            site=sites[entry.site_id],
            practitioner=doctors.get(expected[entry.id] or _NOBODY),
            for_me=_is_for(entry, expected[entry.id], practitioner_id, mine),
            rings_for=doctors.get(entry.rings_for or _NOBODY),
            rings_for_me=practitioner_id is not None and entry.rings_for == practitioner_id,
            alarm=alarmed.get(visit.id),
        )
        for entry in entries
    ]


def _told(unit: Unit, alarm: Alarm) -> Intake | None:
    """What was told and measured when an alarm was raised, for a visit that had no intake of its own."""
    filing = unit.intakes.filing(alarm.intake_id)
    return unit.intakes.of_visit(filing.visit_id) if filing else None


def _expected(entry: QueueEntry, visit: Encounter, promised: Mapping[UUID, Appointment]) -> UUID | None:
    """The practitioner whom this patient is to see, or None for any."""
    appointment = promised.get(entry.appointment_id or _NOBODY)
    return visit.practitioner_id or (appointment.practitioner_id if appointment else None)


def _is_for(
    entry: QueueEntry, expected: UUID | None, practitioner_id: UUID | None, mine: Collection[str]
) -> bool:
    if practitioner_id is not None and entry.rings_for == practitioner_id:
        return True
    return entry.visit_type_id in mine if expected is None else expected == practitioner_id


def _unseen(unit: Unit, facility_id: UUID) -> tuple[Unseen, ...]:
    """Whom nobody saw, for a day, so that the next morning knows of the evening."""
    since = unit.now - timedelta(days=1)
    tickets = [
        (ticket, why)
        for why in (waiting.DAY_OVER, waiting.AWAY)
        for ticket in unit.book.unseen(since, why, facility_id=facility_id)
    ]
    sites = unit.book.sites_of(each.site_id for each, _ in tickets) if tickets else {}
    return tuple(
        Unseen(each.token, each.since, each.at_home, sites[each.site_id], why == waiting.AWAY)
        for each, why in tickets
    )


def _booked_today(unit: Unit, zone: ZoneInfo, practitioner_id: UUID | None) -> tuple[Booked, ...]:
    if practitioner_id is None:
        return ()
    midnight = datetime.combine(unit.now.astimezone(zone).date(), time(), zone)
    tomorrow = datetime.combine(midnight.date() + timedelta(days=1), time(), zone)
    lines = []
    booked = unit.book.appointments_on(midnight, tomorrow, practitioner_id=practitioner_id)
    names = around(unit, booked)
    visits = unit.records.encounters.by_appointments([each.id for each in booked])
    for appointment in booked:
        visit = visits.get(appointment.id)
        patient, site = names.patients[appointment.patient_id], names.sites[appointment.site_id]
        lines.append(Booked(appointment, patient, site, visit.id if visit else None))
    return tuple(lines)


def _earlier(unit: Unit, visit: Encounter) -> tuple[tuple[Encounter, tuple[Note, ...]], ...]:
    found = []
    for other in unit.records.encounters.of_patient(visit.patient_id):
        if other.id == visit.id or other.status != "finished":
            continue
        if clinical_ground(unit, other.patient_id, other.facility_id) is not None:
            found.append((other, tuple(unit.records.notes.signed(other.id))))
    return tuple(reversed(found))
