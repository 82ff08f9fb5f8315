"""Four weeks of appointments, each made and moved on by scheduling's own rules."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling import booking
from scheduling.booking import OPEN, Appointment, Request
from scheduling.calendar import Shift, Slot, Span, duty_spans, opening_spans
from scheduling.events import Actor, Event
from scheduling.ids import uuid7
from scheduling.people import Patient
from scheduling.places import Site
from scheduling.visit_types import CONSULTATION, VisitType
from telemed.demo.people import Cast
from telemed.demo.places import HOME, Map, new_id

Step = Callable[[Appointment, datetime, Actor], tuple[Appointment, Event]]
DAYS = 28
LENGTH = timedelta(minutes=20)
DESK = Actor("demo", None)
_KIND = VisitType(CONSULTATION, {}, "general", 20, 0, ("video", "audio", "written"), True, False, 0, 0)
_FILLED = 0.3
# The kiosk the demo is shown at keeps room for whoever tries it.
_FILLED_AT_HOME = 0.15
_FOR_THE_SHOWN_DOCTOR = 0.08


@dataclass(frozen=True)
class Diary:
    """The appointments as they stand now, and everything that happened to them."""

    appointments: tuple[Appointment, ...]
    events: tuple[Event, ...]


def write_diary(where: Map, cast: Cast, now: datetime, rng: Random) -> Diary:
    """Fill four weeks, from the Monday before last, with what has been and what is to come."""
    today = now.astimezone(ZoneInfo(where.home().time_zone)).date()
    first = today - timedelta(days=today.weekday() + 7)
    duties = _Duties(cast, where, first)
    appointments, events = [], []
    waiting: set[UUID] = set()
    for day in (first + timedelta(days=number) for number in range(DAYS)):
        # Who has a visit to come does not book another one.
        patients = (each for each in rng.sample(cast.patients, len(cast.patients)) if each.id not in waiting)
        for site, span in _wanted(where, day, rng):
            shift = duties.take(span, rng)
            if shift is None:
                continue
            kiosk = where.kiosk_at(site)
            slot = Slot(shift.practitioner_id, kiosk.id, site.id, span.starts_at, span.ends_at)
            appointment, happened = _live(next(patients), shift, slot, now, rng)
            appointments.append(appointment)
            if appointment.status in OPEN:
                waiting.add(appointment.patient_id)
            events += happened
    return Diary(tuple(appointments), tuple(events))


class _Duties:
    """Who works when, and what of that is still free."""

    def __init__(self, cast: Cast, where: Map, first: date) -> None:
        zones = where.zones()
        self._shown = cast.doctor().id
        self._spans: dict[date, list[tuple[Shift, Span]]] = defaultdict(list)
        self._taken: dict[tuple[UUID, date], list[Span]] = defaultdict(list)
        for shift in cast.shifts:
            for span in duty_spans(shift, ZoneInfo(zones[shift.facility_id]), first, DAYS):
                self._spans[span.starts_at.date()].append((shift, span))

    def take(self, span: Span, rng: Random) -> Shift | None:
        """Give somebody who works then and is free this stretch to do, or nobody."""
        on_duty = self._spans[span.starts_at.date()]
        chosen = rng.sample(on_duty, len(on_duty))
        if rng.random() < _FOR_THE_SHOWN_DOCTOR:
            chosen.sort(key=lambda pair: pair[0].practitioner_id != self._shown)
        for shift, duty in chosen:
            taken = self._taken[shift.practitioner_id, span.starts_at.date()]
            if duty.contains(span) and not any(other.overlaps(span) for other in taken):
                taken.append(span)
                return shift
        return None


def _wanted(where: Map, day: date, rng: Random) -> Iterator[tuple[Site, Span]]:
    for site in where.sites:
        filled = _FILLED_AT_HOME if site.settlement_code == HOME else _FILLED
        for opening in opening_spans(site, day, 1):
            starts_at = opening.starts_at
            while starts_at + LENGTH <= opening.ends_at:
                if rng.random() < filled:
                    yield site, Span(starts_at, starts_at + LENGTH)
                starts_at += LENGTH


def _live(
    patient: Patient, shift: Shift, slot: Slot, now: datetime, rng: Random
) -> tuple[Appointment, list[Event]]:
    """Book an appointment some days before, and let happen to it what had to happen until now."""
    made_at = min(slot.starts_at, now) - timedelta(days=rng.randrange(1, 12), minutes=rng.randrange(400))
    wish = Request(patient.id, slot, CONSULTATION, "video", uuid7())
    appointment, event = booking.book(wish, shift.facility_id, _KIND, 0, made_at, DESK)
    events = [event]
    for at, step in _steps(slot, now, rng):
        appointment, event = step(appointment, at, DESK)
        events.append(event)
    known_as = new_id(rng)
    return (
        replace(appointment, id=known_as),
        [replace(each, id=new_id(rng), subject_id=known_as) for each in events],
    )


def _steps(slot: Slot, now: datetime, rng: Random) -> list[tuple[datetime, "Step"]]:
    fate = rng.random()
    before = min(slot.starts_at, now) - timedelta(minutes=30)
    if fate < 0.08:
        return [(before, booking.cancel)]
    if slot.ends_at > now:
        return []
    confirmed: list[tuple[datetime, Step]] = [(before, booking.confirm)] if fate < 0.5 else []
    if fate > 0.93:
        return [(slot.ends_at, booking.no_show)]
    return [*confirmed, (slot.starts_at, booking.arrive), (slot.ends_at, booking.fulfil)]
