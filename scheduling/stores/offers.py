"""Finds the offers of the waiting list that can no longer be kept, and what is free that could be offered."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import exists, select

from scheduling import tables, wishes
from scheduling.calendar import Slot
from scheduling.errors import SchedulingError
from scheduling.openings import SiteCalendar
from scheduling.placing import offered, placing
from scheduling.reminders import QuietHours
from scheduling.rosters import PractitionerCalendar
from scheduling.stores.calendars import LONGEST_SEARCH, CalendarStore
from scheduling.stores.wishes import WishStore
from scheduling.wishes import Known, Wish

POOLS = 40
"""How many pools of wishes one look goes through; when there are more, each has its turn."""

_OFFER = tables.wish_offer.c
_WISH = tables.wish.c
_AT = tables.allocation.c


class Pool(NamedTuple):
    """Wishes for the same thing: one look at what is free serves all of them."""

    site_id: UUID
    facility_id: UUID
    visit_type_id: str


class OfferStore(WishStore, CalendarStore):
    """The part of the book that knows what could be offered, and whether a yes could still be kept."""

    def wishes_with_news(self, now: datetime, quiet: QuietHours) -> list[UUID]:
        """The wishes, the oldest first, for which something is free now that was not when they were left."""
        pools: dict[Pool, list[Wish]] = defaultdict(list)
        for wish in self._wishes(_WISH.status == "waiting", _WISH.free_then.is_not(None)):
            pools[_pool(wish)].append(wish)
        found = [
            wish
            for pool in wishes.whose_turn(sorted(pools), now, POOLS)
            for wish in self._with_news(pool, pools[pool], now, quiet)
        ]
        return [wish.id for wish in sorted(found, key=lambda wish: (wish.entered_at, wish.id))]

    def news_for(self, wish: Wish, now: datetime, quiet: QuietHours) -> Slot | None:
        """The earliest slot that is free now and new to this wish."""
        return next(iter(self._with_news(_pool(wish), [wish], now, quiet).values()), None)

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

    def _with_news(
        self, pool: Pool, hopeful: Sequence[Wish], now: datetime, quiet: QuietHours
    ) -> dict[Wish, Slot]:
        zone = self.zone_of(pool.site_id)
        first = max(now.astimezone(zone).date(), min(wish.earliest for wish in hopeful))
        days = (max(wish.latest for wish in hopeful) - first).days + 1
        free = self._free(pool, first, days, now) if days > 0 else []
        known = self._known([wish.id for wish in hopeful]) if free else {}
        found = (
            (wish, wishes.news(wish, known[wish.id], free, now, zone.key, quiet))
            for wish in hopeful
            if wish.id in known
        )
        return {wish: slot for wish, slot in found if slot is not None}

    def _free(self, pool: Pool, first: date, days: int, now: datetime) -> list[Slot]:
        days = min(days, LONGEST_SEARCH)
        return self.free_slots(pool.site_id, pool.facility_id, pool.visit_type_id, first, days, now)

    def _known(self, wish_ids: Collection[UUID]) -> dict[UUID, Known]:
        """What each of these knows of already; a wish for which nobody looked at first gets no news."""
        given = defaultdict(list)
        offers = select(_OFFER.wish_id, _OFFER.practitioner_id, _OFFER.starts_at, _OFFER.offered_at)
        for wish_id, *offer in self._connection.execute(offers.where(_OFFER.wish_id.in_(wish_ids))):
            given[wish_id].append((offer[0], offer[1], offer[2]))
        then = select(_WISH.id, _WISH.free_then).where(_WISH.id.in_(wish_ids), _WISH.free_then.is_not(None))
        return {
            row.id: Known({datetime.fromtimestamp(each, UTC) for each in row.free_then}, given[row.id])
            for row in self._connection.execute(then)
        }

    def _of_practitioners(self, ids: set[UUID]) -> dict[UUID, PractitionerCalendar]:
        columns = tables.resource.c
        query = select(columns.id, columns.calendar_version).where(columns.id.in_(sorted(ids)))
        versions = {row.id: row.calendar_version for row in self._connection.execute(query)} if ids else {}
        return {each.practitioner_id: each for each in self._practitioner_calendars(versions)}


def _pool(wish: Wish) -> Pool:
    return Pool(wish.site_id, wish.facility_id, wish.visit_type_id)


_WANTED = ("id", "practitioner_id", "kiosk_id", "site_id", "starts_at", "ends_at")


def _fits(row: Any, practitioner: PractitionerCalendar, site: SiteCalendar) -> bool:
    slot = Slot(row.practitioner_id, row.kiosk_id, row.site_id, row.starts_at, row.ends_at)
    try:
        placing(slot, offered(practitioner, row.visit_type_id), practitioner, site)
    except SchedulingError:
        return False
    return True
