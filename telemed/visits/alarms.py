"""A value beyond a limit: brought to a doctor at once, until a named one has seen it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from scheduling.errors import NotFound, StaleVersion
from scheduling.ids import uuid7
from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from telemed.intake import alarms as intake_alarms
from telemed.intake import summons
from telemed.intake.alarms import Alarm
from telemed.intake.intake import Filing
from telemed.intake.limits import Beyond, beyond
from telemed.intake.submission import Now, Submission
from telemed.intake.vitals import results
from telemed.records.encounters import Encounter
from telemed.unit import Unit
from telemed.visits.clinic import visit_for
from telemed.visits.duty import facility_on_duty


@dataclass(frozen=True)
class Found:
    """Values beyond the limits of the facility whose doctors are to look at them now."""

    facility_id: UUID
    values: tuple[Beyond, ...]
    limits_version: int


@dataclass(frozen=True)
class Shown:
    """One alarm as doctors of its facility see it."""

    alarm: Alarm
    patient: Patient
    visit: Encounter
    site: Site
    asked: Practitioner | None
    seen_by: Practitioner | None
    for_me: bool


def look(unit: Unit, submission: Submission) -> Found | None:
    """What in a submission is beyond the limits of the facility on duty; None where nothing is."""
    measurements = submission.readings()
    if all(result.reason is not None and not result.of[-1].flags for result in results(measurements)):
        return None
    facility_id = _who_looks(unit, submission)
    held = unit.limits.in_force(facility_id)
    values = beyond(measurements, held.limits)
    return Found(facility_id, values, held.version) if values else None


def raise_alarm(unit: Unit, filing: Filing, found: Found, visit_id: UUID) -> bool:
    """Raise the alarm of an intake for a visit that waits; whether somebody on duty could be asked."""
    on_duty = [practitioner_id for practitioner_id, _ in unit.book.on_duty(unit.now, found.facility_id)]
    reach, asked = summons.first_asked(on_duty)
    unit.alarms.add(
        Alarm(
            id=uuid7(),
            intake_id=filing.intake_id,
            visit_id=visit_id,
            patient_id=filing.patient_id,
            facility_id=found.facility_id,
            site_id=filing.site_id,
            kiosk_id=filing.kiosk_id,
            values=found.values,
            limits_version=found.limits_version,
            raised_at=unit.now,
            reach=reach,
            asked=asked,
            asked_at=unit.now,
        )
    )
    return asked is not None


def pass_on(unit: Unit, alarm_id: UUID, patience: timedelta) -> int:
    """Pass on an alarm that nobody has answered in time."""
    before = unit.alarms.get(alarm_id)
    on_duty = [practitioner_id for practitioner_id, _ in unit.book.on_duty(unit.now, before.facility_id)]
    after = summons.pass_on(before, on_duty, unit.now, patience)
    if after is before:
        return 0
    try:
        unit.alarms.change(after)
    except StaleVersion:
        # Somebody has seen it at the same moment.
        return 0
    return 1


def acknowledge(unit: Unit, visit_id: UUID, practitioner_id: UUID, shown: int) -> Alarm:
    """This practitioner was shown so many values and has seen them; who was first stays.

    An alarm that has grown since stays open: nobody has seen what came later.
    """
    visit, _ = visit_for(unit, visit_id)
    try:
        return _acknowledged(unit, visit.id, practitioner_id, shown)
    except StaleVersion:
        # It was passed on, or seen by somebody else, at the same moment.
        return _acknowledged(unit, visit.id, practitioner_id, shown)


def open_alarms(unit: Unit, facility_id: UUID, practitioner_id: UUID | None) -> tuple[Shown, ...]:
    """What nobody of the facility has seen yet: what asks this practitioner first, then the oldest."""
    found = [shown(unit, each, practitioner_id) for each in unit.alarms.open_at(facility_id)]
    return tuple(sorted(found, key=lambda each: (not each.for_me, each.alarm.raised_at, each.alarm.id)))


def of_visit(unit: Unit, visit_id: UUID, practitioner_id: UUID | None) -> Shown | None:
    """The newest alarm of a visit; NotFound for staff without a relation."""
    visit, _ = visit_for(unit, visit_id)
    alarm = unit.alarms.of_visit(visit.id)
    return shown(unit, alarm, practitioner_id) if alarm else None


def shown(unit: Unit, alarm: Alarm, practitioner_id: UUID | None) -> Shown:
    """An alarm with the names that stand around it."""
    named = [each for each in (alarm.asked, alarm.acknowledged_by) if each is not None]
    doctors = unit.book.practitioners_of(named)
    return Shown(
        alarm=alarm,
        patient=unit.book.patient(alarm.patient_id),
        visit=unit.records.encounters.get(alarm.visit_id),
        site=unit.book.site(alarm.site_id),
        asked=doctors.get(alarm.asked) if alarm.asked else None,
        seen_by=doctors.get(alarm.acknowledged_by) if alarm.acknowledged_by else None,
        for_me=practitioner_id is not None and alarm.asked == practitioner_id,
    )


def told_at(unit: Unit, visit_ids: Iterable[UUID]) -> dict[UUID, Alarm]:
    """The alarms of these visits, open or seen, by visit."""
    return {each.visit_id: each for each in unit.alarms.of_visits(visit_ids)}


def still_waiting(unit: Unit, intake_id: UUID) -> Encounter | None:
    """The visit into which an intake's values have called its patient, as long as it waits."""
    called = unit.alarms.visit_of_intake(intake_id)
    visit = unit.records.encounters.get(called[0]) if called else None
    return visit if visit is not None and visit.status == "waiting" else None


def _acknowledged(unit: Unit, visit_id: UUID, practitioner_id: UUID, shown: int) -> Alarm:
    alarm = unit.alarms.of_visit(visit_id)
    if alarm is None:
        raise NotFound("alarm")
    seen = intake_alarms.seen(alarm, shown, practitioner_id, unit.now)
    if seen is not alarm:
        unit.alarms.change(seen)
    return seen


def _who_looks(unit: Unit, submission: Submission) -> UUID:
    """The facility on duty; where nobody who sees everybody has any shifts, the one that was asked for."""
    try:
        return facility_on_duty(unit)
    except NotFound:
        if isinstance(submission.choice, Now):
            raise
        return facility_on_duty(unit, submission.choice.visit_type_id)
