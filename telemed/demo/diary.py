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
from scheduling.calendar import Slot, grid_start
from scheduling.events import Actor, Event
from scheduling.hours import Span, whole_days
from scheduling.ids import uuid7
from scheduling.openings import SiteCalendar
from scheduling.people import Patient
from scheduling.places import Site
from scheduling.rosters import Duty, PractitionerCalendar
from scheduling.visit_types import CONSULTATION, VisitType
from telemed.demo.people import Cast
from telemed.demo.places import HOME, ZONE, Map, new_id

Step = Callable[[Appointment, datetime, Actor], tuple[Appointment, Event]]
DAYS = 28
DESK = Actor("demo", None)
_FILLED = 0.3
# The kiosk the demo is shown at keeps room for whoever tries it.
_FILLED_AT_HOME = 0.15
_FOR_THE_SHOWN_DOCTOR = 0.08


@dataclass(frozen=True)
class Diary:
    """The appointments as they stand now, and everything that happened to them."""

    appointments: tuple[Appointment, ...]
    events: tuple[Event, ...]


def write_diary(
    where: Map,
    cast: Cast,
    calendars: tuple[dict[UUID, PractitionerCalendar], dict[UUID, SiteCalendar]],
    now: datetime,
    rng: Random,
) -> Diary:
    """Fill four weeks, from the Monday before last, with what has been and what is to come."""
    today = now.astimezone(ZoneInfo(where.home().time_zone)).date()
    first = today - timedelta(days=today.weekday() + 7)
    practitioners, sites = calendars
    kind = next(iter(practitioners.values())).visit_types[CONSULTATION]
    duties = _Duties(cast, practitioners, kind, first)
    appointments, events = [], []
    waiting: set[UUID] = set()
    for day in (first + timedelta(days=number) for number in range(DAYS)):
        # Who has a visit to come does not book another one.
        patients = (each for each in rng.sample(cast.patients, len(cast.patients)) if each.id not in waiting)
        for site, span in _wanted(where, sites, kind, day, rng):
            taker = duties.take(span, rng)
            if taker is None:
                continue
            practitioner_id, duty = taker
            slot = Slot(practitioner_id, where.kiosk_at(site).id, site.id, span.starts_at, span.ends_at)
            appointment, happened = _live(next(patients), (duty.facility_id, kind), slot, now, rng)
            appointments.append(appointment)
            if appointment.status in OPEN:
                waiting.add(appointment.patient_id)
            events += happened
    return Diary(tuple(appointments), tuple(events))


class _Duties:
    """Who works when, and what of that is still free."""

    def __init__(
        self, cast: Cast, practitioners: dict[UUID, PractitionerCalendar], kind: VisitType, first: date
    ) -> None:
        self._kind = kind
        self._shown = cast.doctor().id
        self._duties: dict[date, list[tuple[UUID, Duty]]] = defaultdict(list)
        self._taken: dict[tuple[UUID, date], list[Span]] = defaultdict(list)
        for practitioner_id, calendar in practitioners.items():
            for duty in calendar.duties(whole_days(first, DAYS, ZoneInfo(ZONE))):
                self._duties[duty.span.starts_at.date()].append((practitioner_id, duty))

    def take(self, span: Span, rng: Random) -> tuple[UUID, Duty] | None:
        """Give somebody who works then and is free this stretch to do, or nobody."""
        on_duty = self._duties[span.starts_at.date()]
        chosen = rng.sample(on_duty, len(on_duty))
        if rng.random() < _FOR_THE_SHOWN_DOCTOR:
            chosen.sort(key=lambda pair: pair[0] != self._shown)
        for practitioner_id, duty in chosen:
            taken = self._taken[practitioner_id, span.starts_at.date()]
            fits = duty.span.contains(span) and grid_start(duty, self._kind, span.starts_at)
            if fits and not any(other.overlaps(span) for other in taken):
                taken.append(span)
                return practitioner_id, duty
        return None


def _wanted(
    where: Map, sites: dict[UUID, SiteCalendar], kind: VisitType, day: date, rng: Random
) -> Iterator[tuple[Site, Span]]:
    whole_day = whole_days(day, 1, ZoneInfo(ZONE))
    for site in where.sites:
        filled = _FILLED_AT_HOME if site.settlement_code == HOME else _FILLED
        for opening in sites[site.id].spans(whole_day, kind, where.kiosk_at(site).id):
            # Every duty begins on the hour, and so do the visits of it.
            starts_at = opening.starts_at.replace(minute=0)
            while starts_at + kind.length <= opening.ends_at:
                if starts_at >= opening.starts_at and rng.random() < filled:
                    yield site, Span(starts_at, starts_at + kind.length)
                starts_at += kind.length


def _live(
    patient: Patient, duty: tuple[UUID, VisitType], slot: Slot, now: datetime, rng: Random
) -> tuple[Appointment, list[Event]]:
    """Book an appointment some days before, and let happen to it what had to happen until now."""
    made_at = min(slot.starts_at, now) - timedelta(days=rng.randrange(1, 12), minutes=rng.randrange(400))
    wish = Request(patient.id, slot, CONSULTATION, "video", uuid7())
    appointment, event = booking.book(wish, *duty, 0, made_at, DESK)
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
