"""Finds the offers of the waiting list that can no longer be kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from scheduling import tables
from scheduling.calendar import Slot
from scheduling.errors import SchedulingError
from scheduling.openings import SiteCalendar
from scheduling.placing import offered, placing
from scheduling.rosters import PractitionerCalendar
from scheduling.stores.calendars import CalendarStore

_OFFER = tables.wish_offer.c
_AT = tables.allocation.c


class OfferStore(CalendarStore):
    """The part of the book that knows whether a yes to an offer could still become a booking."""

    def hollow_offers(self, now: datetime) -> list[UUID]:
        """The open offers, before their deadline, whose slot cannot be booked now: not even with its hold."""
        held = exists().where(_AT.booking == _OFFER.hold_id, tables.ACTIVE, _AT.expires_at > now)
        query = (
            select(*(_OFFER[name] for name in _WANTED), tables.wish.c.visit_type_id, held.label("held"))
            .join(tables.wish, tables.wish.c.id == _OFFER.wish_id)
            .where(_OFFER.state == "open", _OFFER.expires_at > now)
        )
        rows = self._connection.execute(query.order_by(_OFFER.offered_at, _OFFER.id)).all()
        practitioners = self._of_practitioners({row.practitioner_id for row in rows})
        sites = {each: self.site_calendar(each) for each in {row.site_id for row in rows}}
        return [
            row.id
            for row in rows
            if not row.held or not _fits(row, practitioners[row.practitioner_id], sites[row.site_id])
        ]

    def _of_practitioners(self, ids: set[UUID]) -> dict[UUID, PractitionerCalendar]:
        columns = tables.resource.c
        query = select(columns.id, columns.calendar_version).where(columns.id.in_(sorted(ids)))
        versions = {row.id: row.calendar_version for row in self._connection.execute(query)} if ids else {}
        return {each.practitioner_id: each for each in self._practitioner_calendars(versions)}


_WANTED = ("id", "practitioner_id", "kiosk_id", "site_id", "starts_at", "ends_at")


def _fits(row: Any, practitioner: PractitionerCalendar, site: SiteCalendar) -> bool:
    slot = Slot(row.practitioner_id, row.kiosk_id, row.site_id, row.starts_at, row.ends_at)
    try:
        placing(slot, offered(practitioner, row.visit_type_id), practitioner, site)
    except SchedulingError:
        return False
    return True
