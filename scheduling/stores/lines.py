"""Keeps what was measured of each kiosk's line, and tells what it carries at each hour of the week."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select

from scheduling import lines, tables
from scheduling.lines import LineWeek, Reading
from scheduling.stores.ledger import Ledger

_READING = [tables.line_reading.c[name] for name in Reading._fields]


class LineStore(Ledger):
    """The part of the book that knows the lines."""

    def add_readings(self, readings: Iterable[Reading]) -> None:
        """Keep what was measured."""
        rows = [reading._asdict() for reading in readings]
        if rows:
            self._connection.execute(insert(tables.line_reading), rows)

    def last_reading(self, kiosk_id: UUID) -> datetime | None:
        """When this kiosk's line was last measured."""
        columns = tables.line_reading.c
        query = select(columns.at).where(columns.kiosk_id == kiosk_id).order_by(columns.at.desc()).limit(1)
        at: datetime | None = self._connection.scalar(query)
        return at

    def fresh_readings(self, kiosk_ids: Collection[UUID], now: datetime) -> dict[UUID, list[Reading]]:
        """What was measured lately of each of these kiosks' lines."""
        columns = tables.line_reading.c
        lately = (columns.at > now - lines.STILL_NOW) & (columns.at <= now)
        found: dict[UUID, list[Reading]] = {each: [] for each in kiosk_ids}
        for row in self._connection.execute(
            select(*_READING).where(columns.kiosk_id.in_(list(found)), lately)
        ):
            found[row.kiosk_id].append(Reading(*row))
        return found

    def line_weeks(self, kiosks: Mapping[UUID, ZoneInfo], now: datetime) -> dict[UUID, LineWeek]:
        """What the line of each of these kiosks carries through the week, in the zone of its site."""
        columns = tables.line_reading.c
        query = select(*_READING).where(
            columns.kiosk_id.in_(list(kiosks)), columns.at >= now - lines.LOOK_BACK, columns.at <= now
        )
        readings: dict[UUID, list[Reading]] = defaultdict(list)
        for row in self._connection.execute(query):
            readings[row.kiosk_id].append(Reading(*row))
        return {kiosk_id: lines.week(readings[kiosk_id], zone, now) for kiosk_id, zone in kiosks.items()}

    def forget_readings(self, now: datetime) -> int:
        """Delete what is too old to say anything; returns how many rows that were."""
        columns = tables.line_reading.c
        return self._connection.execute(
            delete(tables.line_reading).where(columns.at < now - lines.LOOK_BACK)
        ).rowcount
