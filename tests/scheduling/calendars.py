"""Makers of calendars and searches in them, for tests of times; everything is in Sofia unless said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.calendar import Busy, Slot, Taken, free_slots, slots_of
from scheduling.hours import Span, stretch, whole_days
from scheduling.openings import PlacedKiosk, SiteCalendar
from scheduling.places import Site
from scheduling.rosters import PractitionerCalendar, Shift
from scheduling.visit_types import VisitType
from tests import build
from tests.build import NOW, SOFIA, TUESDAY, local

CENTRE, OTHER_CENTRE = UUID(int=1), UUID(int=2)
DOCTOR, COLLEAGUE = UUID(int=3), UUID(int=4)
KIOSK, SECOND_KIOSK = UUID(int=5), UUID(int=6)
SITE = build.site()
LONG_AGO = NOW - timedelta(days=30)
CONSULTATION = build.visit_type()


def on_duty(starts: time = time(8), ends: time = time(16), **changes: Any) -> tuple[Shift, ...]:
    """The same shift on each day of the week."""
    shifts = (Shift(DOCTOR, CENTRE, weekday, starts, ends) for weekday in range(7))
    return tuple(replace(shift, **changes) for shift in shifts)


def practitioner(shifts: Sequence[Shift] = on_duty(), **changes: Any) -> PractitionerCalendar:
    """A doctor who offers the consultation."""
    calendar = PractitionerCalendar(
        DOCTOR, 1, ("bg", "en"), {CONSULTATION.id: CONSULTATION}, {CENTRE: SOFIA}, tuple(shifts)
    )
    return replace(calendar, **changes, _known={})


def site(place: Site = SITE, kiosks: Sequence[UUID] = (KIOSK,), **changes: Any) -> SiteCalendar:
    """A post office, open from nine to five on working days, where nothing is out of order."""
    placed = tuple(PlacedKiosk(kiosk_id, 1) for kiosk_id in kiosks)
    return replace(SiteCalendar(place, 1, no_holiday, placed), **changes, _known={})


def no_holiday(_day: date) -> None:
    """A calendar without holidays."""


def window(day: date = TUESDAY, days: int = 1, zone: str = SOFIA) -> Span:
    """Whole local days."""
    return whole_days(day, days, ZoneInfo(zone))


def search(
    *practitioners: PractitionerCalendar,
    at: SiteCalendar | None = None,
    kind: VisitType = CONSULTATION,
    busy: Busy | None = None,
    day: date = TUESDAY,
    days: int = 1,
    now: datetime = LONG_AGO,
    facility_id: UUID | None = None,
) -> list[Slot]:
    """The free slots of whole local days."""
    where = at or site()
    span = window(day, days, where.site.time_zone)
    return free_slots(practitioners, where, kind, span, busy or {}, now, facility_id)


def day_sheet(
    who: PractitionerCalendar, busy: Busy, kind: VisitType = CONSULTATION, now: datetime = LONG_AGO
) -> list[tuple[str, bool]]:
    """Every slot of Tuesday as wall-clock start and whether it is free."""
    slots = slots_of(who, site(), kind, window(), in_seconds(busy), now)
    return [(clock(slot.starts_at), free) for slot, free in slots]


def starts(slots: Sequence[Slot]) -> list[str]:
    """The wall-clock starts."""
    return [clock(slot.starts_at) for slot in slots]


def clock(moment: datetime, zone: str = SOFIA) -> str:
    """What a clock on the wall shows."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def taken(*hours: tuple[datetime, datetime]) -> list[Span]:
    """Spans that somebody has taken."""
    return [Span(*pair) for pair in hours]


def in_seconds(busy: Busy) -> Taken:
    """The same as the store hands it to the grid."""
    return {resource: [stretch(each) for each in spans] for resource, spans in busy.items()}


def span(starts_at: str, ends_at: str, day: date = TUESDAY) -> Span:
    """A stretch of a winter's day in Sofia, as "09:00" to "17:00"."""
    first, last = (time.fromisoformat(each) for each in (starts_at, ends_at))
    return Span(local(first.hour, first.minute, day), local(last.hour, last.minute, day))
