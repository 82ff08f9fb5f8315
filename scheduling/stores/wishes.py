"""Reads and writes the waiting list: wishes, freed slots, and the offers made of them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, exists, insert, select, update

from scheduling import tables, wishes
from scheduling.calendar import Slot
from scheduling.errors import StaleVersion
from scheduling.events import Actor, Event
from scheduling.ids import uuid7
from scheduling.stores.ledger import Ledger, columns_of, found
from scheduling.wishes import FreedSlot, Offer, Wish

_WISH = columns_of(Wish, tables.wish)
_OFFER = columns_of(Offer, tables.wish_offer)
_FREED = tables.freed_slot.c


class WishStore(Ledger):
    """The part of the book that knows who hopes for a time."""

    def add_wish(
        self,
        patient_id: UUID,
        wish: Wish,
        now: datetime,
        who: Actor,
        free_then: Iterable[datetime] | None = None,
    ) -> None:
        """Put a patient's wish on the waiting list, with the starts of what is free while it is left."""
        event = wishes.enter(wish, now, who)
        starts = None if free_then is None else sorted({int(each.timestamp()) for each in free_then})
        row = {**asdict(wish), "patient_id": patient_id, "free_then": starts}
        self._connection.execute(insert(tables.wish).values(row))
        self._record(event)

    def wish(self, wish_id: UUID) -> Wish:
        """The wish with this id."""
        return found(next(iter(self._wishes(tables.wish.c.id == wish_id)), None), "wish")

    def wishes(self, *, facility_id: UUID | None = None, site_id: UUID | None = None) -> list[Wish]:
        """The wishes that still hope, the oldest first."""
        columns = tables.wish.c
        wanted = {columns.facility_id: facility_id, columns.site_id: site_id}
        where = [column == value for column, value in wanted.items() if value is not None]
        return self._wishes(columns.status.in_(sorted(wishes.OPEN)), *where)

    def wish_owner(self, wish_id: UUID) -> UUID:
        """Whose wish it is."""
        columns = tables.wish.c
        query = select(columns.patient_id).where(columns.id == wish_id)
        owner: UUID = found(self._connection.scalar(query), "wish")
        self._seen(owner, "wish")
        return owner

    def wish_owners(self, wish_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """Whose these wishes are, in one question."""
        columns = tables.wish.c
        query = select(columns.id, columns.patient_id).where(columns.id.in_(sorted(wish_ids)))
        owners = {row.id: row.patient_id for row in self._connection.execute(query)} if wish_ids else {}
        for owner in owners.values():
            self._seen(owner, "wish")
        return owners

    def change_wish(self, wish: Wish, event: Event) -> None:
        """Store the next version of a wish; StaleVersion when somebody else stored one first."""
        self._replace(tables.wish, wish.id, wish.version, status=wish.status)
        self._record(event)

    def past_wishes(self, day: date) -> list[Wish]:
        """The wishes that wait for no offer and whose last day lies before this one."""
        return self._wishes(tables.wish.c.status == "waiting", tables.wish.c.latest < day)

    def add_offer(self, wish: Wish, offer: Offer, event: Event) -> None:
        """Store an offer with the wish it is made to."""
        self.change_wish(wish, event)
        self._connection.execute(insert(tables.wish_offer).values(asdict(offer)))

    def wish_offer(self, offer_id: UUID) -> Offer:
        """The offer with this id."""
        return found(next(iter(self._offers(tables.wish_offer.c.id == offer_id)), None), "offer")

    def open_offer(self, wish_id: UUID) -> Offer | None:
        """The offer that a wish has to answer, if there is one."""
        columns = tables.wish_offer.c
        return next(iter(self._offers(columns.wish_id == wish_id, columns.state == "open")), None)

    def open_offers(self, wish_ids: Collection[UUID]) -> dict[UUID, Offer]:
        """The offers that these wishes have to answer, by wish, in one question."""
        columns = tables.wish_offer.c
        asked = (columns.wish_id.in_(sorted(wish_ids)), columns.state == "open")
        return {offer.wish_id: offer for offer in self._offers(*asked)} if wish_ids else {}

    def overdue_offers(self, now: datetime) -> list[Offer]:
        """The open offers whose deadline has passed."""
        columns = tables.wish_offer.c
        return self._offers(columns.state == "open", columns.expires_at <= now)

    def change_offer(self, wish: Wish, offer: Offer, event: Event) -> None:
        """Store what became of an offer; StaleVersion when something else became of it first."""
        columns = tables.wish_offer.c
        self.change_wish(wish, event)
        ended = update(tables.wish_offer).where(columns.id == offer.id, columns.state == "open")
        if self._connection.execute(ended.values(state=offer.state)).rowcount != 1:
            raise StaleVersion("offer")

    def offered_before(self, slot: Slot) -> set[UUID]:
        """The wishes to which this slot was offered already."""
        columns = tables.wish_offer.c
        query = select(columns.wish_id).where(
            columns.practitioner_id == slot.practitioner_id, columns.starts_at == slot.starts_at
        )
        return set(self._connection.execute(query).scalars())

    def note_freed(self, slot: Slot, visit_type_id: str, facility_id: UUID, now: datetime) -> None:
        """Leave a freed slot for the waiting list, if anybody hopes for one there."""
        hopes = exists().where(
            tables.wish.c.site_id == slot.site_id,
            tables.wish.c.status.in_(sorted(wishes.OPEN)),
            tables.wish.c.visit_type_id == visit_type_id,
            tables.wish.c.facility_id == facility_id,
        )
        if slot.starts_at <= now or not self._connection.scalar(select(hopes)):
            return
        row = {name: getattr(slot, name) for name in _SLOT}
        row |= {"id": uuid7(), "visit_type_id": visit_type_id, "facility_id": facility_id, "freed_at": now}
        self._connection.execute(insert(tables.freed_slot).values(row))

    def freed_slots(self, since: datetime, limit: int = 100) -> list[UUID]:
        """The slots freed since then, the oldest first."""
        query = select(_FREED.id).where(_FREED.freed_at > since)
        return list(self._connection.scalars(query.order_by(_FREED.freed_at, _FREED.id).limit(limit)))

    def take_freed(self, freed_id: UUID) -> FreedSlot | None:
        """A freed slot, locked until the end; None where somebody else looks at it, or has."""
        query = select(tables.freed_slot).where(_FREED.id == freed_id).with_for_update(skip_locked=True)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _freed(row)

    def forget_freed(self, freed_id: UUID) -> None:
        """The waiting list has looked at this slot."""
        self._connection.execute(delete(tables.freed_slot).where(_FREED.id == freed_id))

    def forget_freed_before(self, moment: datetime) -> int:
        """Forget freed slots that nobody could be offered for so long; returns how many."""
        return self._connection.execute(delete(tables.freed_slot).where(_FREED.freed_at <= moment)).rowcount

    def _wishes(self, *where: ColumnElement[bool]) -> list[Wish]:
        columns = tables.wish.c
        query = select(*_WISH).where(*where).order_by(columns.entered_at, columns.id)
        return [Wish(*row) for row in self._connection.execute(query)]

    def _offers(self, *where: ColumnElement[bool]) -> list[Offer]:
        columns = tables.wish_offer.c
        query = select(*_OFFER).where(*where).order_by(columns.offered_at, columns.id)
        return [Offer(*row) for row in self._connection.execute(query)]


_SLOT = ("practitioner_id", "kiosk_id", "site_id", "starts_at", "ends_at")


def _freed(row: Row[Any]) -> FreedSlot:
    slot = Slot(**{name: getattr(row, name) for name in _SLOT})
    return FreedSlot(row.id, row.visit_type_id, row.facility_id, slot)
