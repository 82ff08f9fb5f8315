"""Forgets holds that are long over, some at a time, with what they had taken."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, select

from scheduling import tables
from scheduling.stores.ledger import Ledger

KEPT = timedelta(hours=1)
"""How long an expired hold is kept: no booking that still relies on it can be under way for so long."""

_HOLD, _AT, _OFFER = tables.hold.c, tables.allocation.c, tables.wish_offer.c


class HoldStore(Ledger):
    """The part of the book that clears away what was kept for somebody who never booked."""

    def forget_holds(self, now: datetime, limit: int = 500) -> int:
        """Forget up to so many holds that ended a while ago; what was booked with one stays taken.

        An offer of the waiting list remembers its hold for good, so only what that one took is forgotten.
        """
        of_offer = exists().where(_OFFER.hold_id == _HOLD.id)
        open_offer = exists().where(_OFFER.hold_id == _HOLD.id, _OFFER.state == "open")
        takes = exists().where(_AT.booking == _HOLD.id, _AT.expires_at.is_not(None))
        over = (
            select(_HOLD.id)
            .where(_HOLD.expires_at <= now - KEPT, ~open_offer, or_(~of_offer, takes))
            .order_by(_HOLD.expires_at, _HOLD.id)
            .limit(limit)
        )
        ids = list(self._connection.scalars(over.with_for_update(of=tables.hold, skip_locked=True)))
        if ids:
            self._connection.execute(
                delete(tables.allocation).where(_AT.booking.in_(ids), _AT.expires_at.is_not(None))
            )
            self._connection.execute(delete(tables.hold).where(_HOLD.id.in_(ids), ~of_offer))
        return len(ids)
