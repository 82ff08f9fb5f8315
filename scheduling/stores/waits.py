"""Reads how long people waited and were seen, and keeps what the estimate said: numbers, nobody's data."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select, update

from scheduling import tables
from scheduling.stores.ledger import Ledger
from scheduling.wait_estimate import Forecast
from scheduling.wait_room import Promise

_ENTRY = tables.queue_entry.c
_VISIT = tables.appointment.c

MOST = 800
"""The most past visits that are looked at, the latest first."""


class PastWait(NamedTuple):
    """One wait that ended with somebody being seen."""

    since: datetime
    admitted_at: datetime
    done_at: datetime | None
    practitioner_id: UUID
    visit_type_id: str
    emergency: bool
    said: Forecast | None


class WaitStore(Ledger):
    """The part of the book that an honest estimate learns from."""

    def past_waits(self, facility_id: UUID, since: datetime, until: datetime) -> list[PastWait]:
        """The waits at a facility that began in a stretch of time, the latest first."""
        admitted, done = tables.event.alias(), tables.event.alias()
        query = (
            select(
                func.coalesce(_ENTRY.counts_from, _ENTRY.entered_at, type_=tables.Instant()).label("since"),
                admitted.c.at.label("admitted_at"),
                done.c.at.label("done_at"),
                _ENTRY.practitioner_id,
                _ENTRY.visit_type_id,
                _ENTRY.emergency,
                _ENTRY.forecast_low,
                _ENTRY.forecast_high,
            )
            .join(admitted, (admitted.c.subject_id == _ENTRY.id) & (admitted.c.kind == "queue.admitted"))
            # Whom nobody could reach is put off and admitted again: the last time counts.
            .where(admitted.c.version == _last_admitted())
            .outerjoin(done, (done.c.subject_id == _ENTRY.id) & (done.c.kind == "queue.done"))
            .where(_ENTRY.facility_id == facility_id, _ENTRY.entered_at >= since, _ENTRY.entered_at < until)
            .order_by(_ENTRY.entered_at.desc())
            .limit(MOST)
        )
        return [
            PastWait(*row[:6], None if row.forecast_low is None else Forecast(row[6], row[7]))
            for row in self._connection.execute(query)
        ]

    def keep_forecast(self, entry_id: UUID, said: Forecast) -> None:
        """Remember what the estimate gave when somebody came, to learn later how far off it was."""
        self._connection.execute(
            update(tables.queue_entry)
            .where(_ENTRY.id == entry_id)
            .values(forecast_low=said.low, forecast_high=said.high)
        )

    def promises(self, facility_id: UUID, since: datetime, until: datetime) -> list[Promise]:
        """The appointments of a facility in a stretch of time that are still to come or under way."""
        query = select(_VISIT.id, _VISIT.practitioner_id, _VISIT.starts_at, _VISIT.status == "booked").where(
            _VISIT.facility_id == facility_id,
            _VISIT.starts_at >= since,
            _VISIT.starts_at < until,
            _VISIT.status.in_(("booked", "arrived")),
        )
        return [Promise(*row) for row in self._connection.execute(query)]

    def no_show_share(self, facility_id: UUID, since: datetime, until: datetime) -> float:
        """Which share of the appointments of a stretch of time were missed."""
        ended = ("fulfilled", "noshow")
        query = (
            select(_VISIT.status, func.count())
            .where(
                _VISIT.facility_id == facility_id,
                _VISIT.starts_at >= since,
                _VISIT.starts_at < until,
                _VISIT.status.in_(ended),
            )
            .group_by(_VISIT.status)
        )
        counts: dict[str, int] = {row[0]: row[1] for row in self._connection.execute(query)}
        return counts.get("noshow", 0) / max(1, sum(counts.values()))


def _last_admitted() -> ScalarSelect[int]:
    event = tables.event.alias()
    mine = (event.c.subject_id == _ENTRY.id) & (event.c.kind == "queue.admitted")
    return select(func.max(event.c.version)).where(mine).correlate(tables.queue_entry).scalar_subquery()
