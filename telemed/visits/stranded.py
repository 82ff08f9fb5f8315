"""Appointments outside of hours and rosters: shown before a change, listed after it, decided by a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling import booking
from scheduling.booking import Appointment
from scheduling.calendar import Slot
from scheduling.errors import NotFound, StaleVersion
from scheduling.events import Actor
from scheduling.people import Patient, Practitioner
from scheduling.places import Site
from scheduling.stores.stranded import Scope
from telemed.unit import Unit
from telemed.visits.around import around
from telemed.visits.changes import mark

OFFERS = 8
"""How many other times are offered at once."""

SEARCHED_DAYS = 14
NOTICE = timedelta(hours=4)
"""How long before its start a person must have been told of another time."""

MOVED = "outside of hours or roster: moved by the coordinator"
CANCELLED = "outside of hours or roster: cancelled by the coordinator"


@dataclass(frozen=True)
class Line:
    """One appointment with the names that a person needs to decide about it."""

    appointment: Appointment
    patient: Patient
    practitioner: Practitioner
    site: Site
    gets_sms: bool

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the place."""
        return ZoneInfo(self.site.time_zone)


@dataclass(frozen=True)
class Report:
    """What a change strands: one's own patients by name, those of other facilities by number only."""

    lines: tuple[Line, ...]
    elsewhere: int
    mark: str

    @property
    def number(self) -> int:
        """How many appointments there are in all."""
        return len(self.lines) + self.elsewhere


def attempt(unit: Unit, change: Callable[[], None], reach: Scope, agreed: str) -> tuple[Report, bool]:
    """Make a change, unless it strands appointments nobody has seen: what it strands, and if it was made.

    `agreed` is the mark of the report that a person has looked at and accepted.
    """
    before = {each.appointment_id for each in unit.book.stranded(unit.now, reach)}
    trial = unit.connection.begin_nested()
    change()
    added = [each for each in unit.book.stranded(unit.now, reach) if each.appointment_id not in before]
    sign = mark(added)
    if not added or sign == agreed:
        trial.commit()
        return Report((), len(added), sign), True
    trial.rollback()
    own = [each for each in added if each.facility_id == unit.reader.facility_id]
    return Report(
        tuple(_lines(unit, [each.appointment_id for each in own])), len(added) - len(own), sign
    ), False


def undecided(unit: Unit, facility_id: UUID) -> list[Line]:
    """The appointments of a facility that do not fit as things stand and that nobody has decided about."""
    found = unit.book.stranded(unit.now, Scope(facility_id=facility_id))
    kept = unit.book.kept(each.appointment_id for each in found)
    return _lines(
        unit, [each.appointment_id for each in found if (each.appointment_id, each.version) not in kept]
    )


def line_of(unit: Unit, appointment_id: UUID, facility_id: UUID) -> Line:
    """One appointment to decide about; another facility's, or one that is past deciding, is not there."""
    [line] = _lines(unit, [unit.book.appointment(appointment_id).id])
    if line.appointment.facility_id != facility_id or line.appointment.status != "booked":
        raise NotFound("appointment")
    return line


def offers(unit: Unit, line: Line) -> list[Slot]:
    """Other times at the same place: with the same practitioner first, then with colleagues."""
    appointment = line.appointment
    first = max(unit.now, appointment.starts_at - timedelta(days=2)).astimezone(line.zone).date()
    wanted = (appointment.site_id, appointment.facility_id, appointment.visit_type_id, first, SEARCHED_DAYS)
    slots = [slot for slot in unit.book.free_slots(*wanted, unit.now) if slot.starts_at > unit.now + NOTICE]
    same = [slot for slot in slots if slot.practitioner_id == appointment.practitioner_id]
    return _spread(same, OFFERS // 2) + _spread([s for s in slots if s not in same], OFFERS - OFFERS // 2)


def move(unit: Unit, line: Line, version: int, slot: Slot, who: Actor) -> Appointment:
    """Give the patient another time; the message about it goes out with this transaction."""
    moved = unit.book.move(line.appointment.id, version, slot, unit.now, who, MOVED)
    if moved.facility_id != line.appointment.facility_id:
        raise NotFound("slot of this facility")
    return moved


def cancel(unit: Unit, line: Line, version: int, who: Actor) -> None:
    """Take the appointment back; the message about it goes out with this transaction."""
    _require_version(line, version)
    unit.book.change(*booking.cancel(line.appointment, unit.now, who, CANCELLED))


def keep(unit: Unit, line: Line, version: int, who: Actor) -> None:
    """Let the appointment stand as it is; when it is changed later, it is looked at anew."""
    _require_version(line, version)
    unit.book.keep(line.appointment, who, unit.now)


def _require_version(line: Line, version: int) -> None:
    if line.appointment.version != version:
        raise StaleVersion("appointment")


def _lines(unit: Unit, appointment_ids: Sequence[UUID]) -> list[Line]:
    appointments = unit.book.appointments(appointment_ids)
    names = around(unit, appointments)
    return [
        Line(
            each,
            names.patients[each.patient_id],
            names.practitioners[each.practitioner_id],
            names.sites[each.site_id],
            names.patients[each.patient_id].phone is not None
            and unit.records.consents.allows(each.patient_id, "sms"),
        )
        for each in appointments
    ]


def _spread(slots: Sequence[Slot], count: int) -> list[Slot]:
    """Some of the slots, by time, from the whole stretch and not only from its first morning."""
    by_time = sorted({slot.starts_at: slot for slot in slots}.values(), key=lambda slot: slot.starts_at)
    step = max(1, len(by_time) // count)
    return by_time[::step][:count]
