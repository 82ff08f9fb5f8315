"""Looks for what else there is when a slot is gone."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from scheduling import tables
from scheduling.calendar import Slot, Span, free_slots, nearest
from scheduling.hours import whole_days
from scheduling.nearby import Located, near
from scheduling.stores.bookings import BookingStore

_DAYS_LOOKED_AT = 7
_SITES_LOOKED_AT = 3
_REACHES = (timedelta(hours=1), timedelta(hours=4), timedelta(days=_DAYS_LOOKED_AT))


class AlternativesStore(BookingStore):
    """The part of the book that knows the next best time."""

    def alternatives(
        self,
        slot: Slot,
        visit_type_id: str,
        now: datetime,
        count: int = 3,
        facility_id: UUID | None = None,
    ) -> tuple[Slot, ...]:
        """The nearest free slots at the same site with anybody who offers the type; if none, at one near by.

        Asked after the refusal, in a view: nobody should wait for it while practitioner and kiosk are locked.
        `facility_id` keeps the duties of one facility only.
        """
        wanted = max(slot.starts_at, now)
        here = self._nearest_here(slot, visit_type_id, wanted, now, count, facility_id)
        if here or facility_id is not None:
            return here
        return nearest(self._free_near(slot.site_id, visit_type_id, wanted, now), slot.starts_at, count)

    def free_near(self, site_id: UUID, visit_type_id: str, now: datetime) -> list[Slot]:
        """The free slots of the next days at the nearest other site that has any."""
        return self._free_near(site_id, visit_type_id, now, now)

    def _nearest_here(
        self,
        slot: Slot,
        visit_type_id: str,
        wanted: datetime,
        now: datetime,
        count: int,
        facility_id: UUID | None,
    ) -> tuple[Slot, ...]:
        """Looks ever farther around the wanted time: what is found close by needs no look at a whole week."""
        site, practitioners, visit_type = self._offering(
            slot.site_id, visit_type_id, _DAYS_LOOKED_AT, None, ()
        )
        zone = ZoneInfo(site.site.time_zone)
        week = whole_days(wanted.astimezone(zone).date(), _DAYS_LOOKED_AT, zone)
        kiosks = [kiosk.kiosk_id for kiosk in site.kiosks] if visit_type.needs_kiosk else []
        resources = [*(each.practitioner_id for each in practitioners), *kiosks]
        found: tuple[Slot, ...] = ()
        for reach in _REACHES:
            window = Span(max(week.starts_at, wanted - reach), min(week.ends_at, wanted + reach))
            busy = self._taken(resources, window, now)
            free = free_slots(practitioners, site, visit_type, window, busy, now, facility_id)
            found = nearest(free, slot.starts_at, count)
            if len(found) == count:
                break
        return found

    def _free_near(self, site_id: UUID, visit_type_id: str, wanted: datetime, now: datetime) -> list[Slot]:
        for other in self._near(site_id)[:_SITES_LOOKED_AT]:
            slots = self._free_from(other, visit_type_id, wanted, now)
            if slots:
                return slots
        return []

    def _free_from(self, site_id: UUID, visit_type_id: str, wanted: datetime, now: datetime) -> list[Slot]:
        day = wanted.astimezone(ZoneInfo(self.site(site_id).time_zone)).date()
        return self.free_slots(site_id, None, visit_type_id, day, _DAYS_LOOKED_AT, now)

    def _near(self, site_id: UUID) -> list[UUID]:
        rows = [Located(row.id, row.latitude, row.longitude) for row in self._connection.execute(_LOCATED)]
        here = next((located for located in rows if located.site_id == site_id), None)
        return near(here, rows) if here else []


_LOCATED: Select[tuple[UUID, float, float]] = (
    select(tables.site.c.id, tables.settlement.c.latitude, tables.settlement.c.longitude)
    .join(tables.settlement, tables.site.c.settlement_code == tables.settlement.c.code)
    .where(tables.settlement.c.latitude.is_not(None), tables.settlement.c.longitude.is_not(None))
)
