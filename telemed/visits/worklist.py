"""What the doctor looks at: the day's list, one case, and the summary the patient takes home."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.booking import Appointment
from scheduling.people import Patient, Practitioner
from scheduling.places import Facility, Site
from scheduling.waiting import QueueEntry
from telemed.intake.intake import Intake
from telemed.records.encounters import Encounter
from telemed.records.notes import Note
from telemed.records.relation import Ground
from telemed.unit import Unit
from telemed.visits.around import around
from telemed.visits.clinic import clinical_ground, visit_for


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


@dataclass(frozen=True)
class Booked:
    """One line of today's appointments."""

    appointment: Appointment
    patient: Patient
    site: Site
    visit_id: UUID | None


@dataclass(frozen=True)
class Unseen:
    """A place in the queue whose day was over before its turn; who it was is nobody's business any more."""

    token: str
    since: datetime
    at_home: bool
    site: Site


@dataclass(frozen=True)
class Day:
    """The doctor's day: who is next, who is there, who is being seen and who is still to come."""

    now: datetime
    zone: ZoneInfo
    facility: Facility
    in_progress: tuple[Waiting, ...]
    waiting: tuple[Waiting, ...]
    booked: tuple[Booked, ...]
    unseen: tuple[Unseen, ...]

    @property
    def next(self) -> Waiting | None:
        """Whom this doctor should see next: who rings for them, then who is here and may be seen by them."""
        here = [line for line in self.waiting if line.for_me and not line.entry.at_home]
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
    place: QueueEntry | None
    site: Site
    zone: ZoneInfo
    practitioner: Practitioner | None
    signed: tuple[Note, ...]
    draft: Note | None
    earlier: tuple[tuple[Encounter, tuple[Note, ...]], ...]


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
    there = [
        line
        for entry in unit.book.queue(facility_id)
        if (line := _waiting(unit, entry, practitioner_id, mine)) is not None
    ]
    return Day(
        now=unit.now,
        zone=zone,
        facility=facility,
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
    return Case(
        visit=visit,
        ground=why,
        patient=unit.book.patient(visit.patient_id),
        intake=unit.intakes.of_visit(visit.id),
        appointment=unit.book.appointment(visit.appointment_id) if visit.appointment_id else None,
        emergency=entry is not None and entry.emergency,
        place=entry,
        site=site,
        zone=ZoneInfo(site.time_zone),
        practitioner=unit.book.practitioner(visit.practitioner_id) if visit.practitioner_id else None,
        signed=tuple(unit.records.notes.signed(visit.id)),
        draft=unit.records.notes.draft(visit.id, practitioner_id) if practitioner_id else None,
        earlier=_earlier(unit, visit),
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


def _waiting(
    unit: Unit, entry: QueueEntry, practitioner_id: UUID | None, mine: Collection[str]
) -> Waiting | None:
    visit = unit.records.encounters.by_queue_entry(entry.id)
    if visit is None or not visit.active:
        return None
    appointment = unit.book.appointment(entry.appointment_id) if entry.appointment_id else None
    expects = visit.practitioner_id or (appointment.practitioner_id if appointment else None)
    rings_for_me = practitioner_id is not None and entry.rings_for == practitioner_id
    return Waiting(
        visit=visit,
        entry=entry,
        patient=unit.book.patient(entry.patient_id),
        intake=unit.intakes.of_visit(visit.id),
        appointment=appointment,
        site=unit.book.site(entry.site_id),
        practitioner=unit.book.practitioner(expects) if expects else None,
        for_me=rings_for_me
        or (entry.visit_type_id in mine if expects is None else expects == practitioner_id),
        rings_for=unit.book.practitioner(entry.rings_for) if entry.rings_for else None,
        rings_for_me=rings_for_me,
    )


def _unseen(unit: Unit, facility_id: UUID) -> tuple[Unseen, ...]:
    """Whom nobody saw, for a day, so that the next morning knows of the evening."""
    tickets = unit.book.unseen(facility_id, unit.now - timedelta(days=1))
    sites = unit.book.sites_of(each.site_id for each in tickets) if tickets else {}
    return tuple(
        Unseen(ticket.token, ticket.since, ticket.at_home, sites[ticket.site_id]) for ticket in tickets
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
