"""What a coordinator does with the places and the calendar that all facilities share."""

from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from scheduling.errors import NotFound, StaleVersion
from scheduling.places import Holiday, Opening, Outage, SpecialDay, Stop
from scheduling.store import Book
from scheduling.visit_types import VisitType
from telemed.unit import Unit
from telemed.visits.changes import mark, require_unchanged

Times = tuple[time, time]


def set_hours(unit: Unit, site_id: UUID, hours: Sequence[Opening], keeps_holidays: bool, was: str) -> None:
    """Put these in place of a site's weekly hours."""
    unit.book.keep_site_still(site_id)
    site = unit.book.site(site_id)
    require_unchanged(was, site.hours, site.keeps_holidays)
    unit.book.set_hours(site_id, hours)
    if keeps_holidays != site.keeps_holidays:
        unit.book.set_keeps_holidays(site_id, keeps_holidays)


def set_special_day(unit: Unit, site_id: UUID, day: date, spans: Sequence[Times], note: str) -> None:
    """Let these hours hold on one day that had no special hours before; none: closed all day."""
    unit.book.keep_site_still(site_id)
    if any(each.day == day for each in unit.book.site_days(site_id, day)):
        raise StaleVersion("special day")
    rows = [SpecialDay(site_id, day, *span, note) for span in spans]
    unit.book.set_site_day(site_id, day, rows or [SpecialDay(site_id, day, None, None, note)])


def drop_special_day(unit: Unit, site_id: UUID, day: date) -> None:
    """Let a day be as every week again."""
    unit.book.set_site_day(site_id, day, [])


def add_outage(unit: Unit, outage: Outage) -> None:
    """Say that a site, or one of its kiosks, lacks something for a while."""
    if outage.kiosk_id is not None and outage.kiosk_id not in kiosks_at(unit.book, outage.site_id):
        raise NotFound("kiosk at this site")
    unit.book.add_outage(outage)


def drop_outage(unit: Unit, site_id: UUID, outage_id: UUID) -> None:
    """Take an outage of this site back."""
    if outage_id not in {outage.id for outage in unit.book.outages(site_id)}:
        raise NotFound("outage")
    unit.book.remove_outage(outage_id)


def kiosks_at(book: Book, site_id: UUID) -> set[UUID]:
    """The kiosks that are enrolled at a site or call there."""
    return {kiosk.id for kiosk in book.kiosks(site_id)} | {
        stop.kiosk_id for stop in book.stops(site_id=site_id)
    }


def add_stop(unit: Unit, stop: Stop) -> None:
    """Let a kit call at a site."""
    if unit.book.site(stop.site_id).kind != "route_stop":
        raise NotFound("route stop")
    unit.book.keep_site_still(unit.book.kiosk(stop.kiosk_id).site_id)
    unit.book.set_stops(stop.kiosk_id, [*unit.book.stops(kiosk_id=stop.kiosk_id), stop])


def drop_stop(unit: Unit, site_id: UUID, sign: str) -> None:
    """Let a kit call here no longer; `sign` is the mark of the stop that was shown."""
    stop = next((each for each in unit.book.stops(site_id=site_id) if mark(each) == sign), None)
    if stop is None:
        raise StaleVersion("stop")
    unit.book.keep_site_still(unit.book.kiosk(stop.kiosk_id).site_id)
    kept = [each for each in unit.book.stops(kiosk_id=stop.kiosk_id) if mark(each) != sign]
    unit.book.set_stops(stop.kiosk_id, kept)


def set_holiday(unit: Unit, holiday: Holiday) -> None:
    """Let the operator's word on a day stand, where nobody has spoken yet."""
    if any(each.day == holiday.day for each in unit.book.holidays()):
        raise StaleVersion("holiday")
    unit.book.set_holiday(holiday)


def drop_holiday(unit: Unit, day: date) -> None:
    """Take the operator's word on a day back."""
    if all(each.day != day for each in unit.book.holidays()):
        raise NotFound("holiday")
    unit.book.remove_holiday(day)


def add_visit_type(unit: Unit, visit_type: VisitType) -> None:
    """Add a kind of visit under a name that no other has."""
    if any(each.id == visit_type.id for each in unit.book.visit_types()):
        raise StaleVersion("visit type")
    unit.book.set_visit_type(visit_type)


def change_visit_type(unit: Unit, visit_type: VisitType, was: str) -> None:
    """Change a kind of visit for everybody who offers it."""
    require_unchanged(was, unit.book.visit_type(visit_type.id))
    unit.book.set_visit_type(visit_type)
