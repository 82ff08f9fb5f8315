"""Calendars kept in the memory of one process, each good for exactly one version."""

from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import TypeVar
from uuid import UUID

from scheduling.openings import HolidayName, SiteCalendar
from scheduling.rosters import PractitionerCalendar

_Calendar = TypeVar("_Calendar", PractitionerCalendar, SiteCalendar)


class CalendarCache:
    """The calendars last used; whoever asks has read in the same transaction which version stands."""

    def __init__(self, national_holiday: HolidayName | None = None, room: int = 4096) -> None:
        self.national_holiday: HolidayName = national_holiday or _no_holiday
        self._room = room
        self._lock = Lock()
        self._practitioners: OrderedDict[UUID, PractitionerCalendar] = OrderedDict()
        self._sites: OrderedDict[UUID, SiteCalendar] = OrderedDict()

    def practitioner(self, practitioner_id: UUID, version: int) -> PractitionerCalendar | None:
        """The practitioner's calendar at this version, if it is here."""
        kept = self._practitioners.get(practitioner_id)
        return kept if kept is not None and kept.version == version else None

    def site(self, site_id: UUID, version: int) -> SiteCalendar | None:
        """The site's calendar at this version, if it is here."""
        kept = self._sites.get(site_id)
        return kept if kept is not None and kept.version == version else None

    def any_site(self, site_id: UUID) -> SiteCalendar | None:
        """The site's calendar at whatever version, for what never changes of it."""
        return self._sites.get(site_id)

    def site_of(self, site_id: UUID, kiosk_id: UUID, kiosk_version: int) -> SiteCalendar | None:
        """The site's calendar in which this kiosk has this version, which every change of the site raises."""
        kept = self._sites.get(site_id)
        kiosk = kept.kiosk(kiosk_id) if kept is not None else None
        return kept if kiosk is not None and kiosk.version == kiosk_version else None

    def keep_practitioner(self, calendar: PractitionerCalendar) -> None:
        """Remember a practitioner's calendar, and forget the oldest when there is no room."""
        self._keep(self._practitioners, calendar.practitioner_id, calendar)

    def keep_site(self, calendar: SiteCalendar) -> None:
        """Remember a site's calendar, and forget the oldest when there is no room."""
        self._keep(self._sites, calendar.site.id, calendar)

    def apart(self) -> "CalendarCache":
        """An empty cache of the same country, for a transaction whose own changes may yet be undone."""
        return CalendarCache(self.national_holiday, self._room)

    def _keep(self, kept: OrderedDict[UUID, _Calendar], key: UUID, calendar: _Calendar) -> None:
        with self._lock:
            kept[key] = calendar
            kept.move_to_end(key)
            while len(kept) > self._room:
                kept.popitem(last=False)


def _no_holiday(_day: date) -> None:
    return None
