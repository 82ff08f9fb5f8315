"""What the lines carry, kept in the memory of one process for minutes: a forecast, never a promise."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.lines import LineWeek
from scheduling.stores.lines import LineStore

FRESH = timedelta(minutes=10)


class _Kept(NamedTuple):
    week: LineWeek
    read_at: datetime


class LineMemory:
    """The weeks last asked for; many bookings in a row read the readings of a kiosk once."""

    def __init__(self, fresh: timedelta = FRESH) -> None:
        self._fresh = fresh
        self._kept: dict[UUID, _Kept] = {}
        self._lock = Lock()

    def of(
        self, book: LineStore, kiosk_ids: Iterable[UUID], zone: ZoneInfo, now: datetime
    ) -> dict[UUID, LineWeek]:
        """The week of each kiosk's line, in the zone of its site."""
        wanted = list(kiosk_ids)
        stale = [each for each in wanted if not self._stands(each, zone, now)]
        if stale:
            read = book.line_weeks(dict.fromkeys(stale, zone), now)
            with self._lock:
                self._kept |= {kiosk_id: _Kept(week, now) for kiosk_id, week in read.items()}
        return {each: self._kept[each].week for each in wanted}

    def _stands(self, kiosk_id: UUID, zone: ZoneInfo, now: datetime) -> bool:
        kept = self._kept.get(kiosk_id)
        return kept is not None and kept.week.zone == zone and abs(now - kept.read_at) < self._fresh
