"""The only reader and writer of alarms and of the values that raised them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from scheduling.errors import NotFound, StaleVersion
from telemed.intake.alarm_tables import alarm, alarm_value
from telemed.intake.alarms import Alarm
from telemed.intake.limits import Beyond, Limit
from telemed.intake.summons import Unseen

Seen = Callable[[UUID, str], None]

_OPEN = alarm.c.acknowledged_at.is_(None)
_FIXED = ("id", "intake_id", "visit_id", "patient_id", "facility_id", "site_id", "kiosk_id")
_FIXED_TOO = (*_FIXED, "supplement_id", "limits_version", "raised_at")
_MOVES = ("reach", "asked", "asked_at", "escalations", "acknowledged_by", "acknowledged_at", "version")


class AlarmStore:
    """Alarms: raised once for an intake, grown, passed on and seen, never taken back."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def add(self, raised: Alarm) -> None:
        """Keep a new alarm with its values."""
        row = {name: getattr(raised, name) for name in (*_FIXED_TOO, *_MOVES)}
        self._connection.execute(insert(alarm).values(**row))
        self._keep(raised, 0)

    def get(self, alarm_id: UUID) -> Alarm:
        """The alarm, or NotFound."""
        found = next(iter(self._many(alarm.c.id == alarm_id)), None)
        if found is None:
            raise NotFound("alarm")
        return found

    def of_visit(self, visit_id: UUID) -> Alarm | None:
        """The newest alarm of this visit, open or seen; there is one open at most."""
        return next(reversed(self._many(alarm.c.visit_id == visit_id)), None)

    def of_visits(self, visit_ids: Iterable[UUID]) -> list[Alarm]:
        """The alarms of these visits, open or seen, oldest first."""
        return self._many(alarm.c.visit_id.in_(sorted(set(visit_ids))))

    def open_at(self, facility_id: UUID) -> list[Alarm]:
        """What nobody of this facility has seen yet, oldest first."""
        return self._many((alarm.c.facility_id == facility_id) & _OPEN)

    def change(self, changed: Alarm) -> None:
        """Keep the next version with its further values; StaleVersion when somebody made one meanwhile."""
        result = self._connection.execute(
            update(alarm)
            .where(alarm.c.id == changed.id, alarm.c.version == changed.version - 1)
            .values({name: getattr(changed, name) for name in _MOVES})
        )
        if result.rowcount != 1:
            raise StaleVersion("the alarm was changed meanwhile")
        kept = select(func.count()).select_from(alarm_value).where(alarm_value.c.alarm_id == changed.id)
        self._keep(changed, self._connection.scalar(kept) or 0)

    # References, numbers and marks only, so nobody's data leave the store.

    def visit_of_intake(self, intake_id: UUID) -> tuple[UUID, bool] | None:
        """Which visit an intake raised an alarm for, and whether somebody on duty was asked."""
        asked = select(alarm.c.visit_id, alarm.c.reach, alarm.c.escalations)
        own = (alarm.c.intake_id == intake_id) & alarm.c.supplement_id.is_(None)
        row = self._connection.execute(asked.where(own)).one_or_none()
        return None if row is None else (row.visit_id, row.reach != "everybody" or row.escalations > 0)

    def to_pass_on(self, asked_before: datetime, now: datetime) -> list[UUID]:
        """The open alarms that can be passed on and were last asked about at that moment or before."""
        due = _OPEN & (alarm.c.reach != "everybody") & _asked(asked_before, now)
        return list(self._connection.scalars(select(alarm.c.id).where(due).order_by(alarm.c.raised_at)))

    def unseen(self, asked_before: datetime, now: datetime) -> list[Unseen]:
        """The open alarms, whoever they have reached, last asked about by that moment; tells of nobody."""
        query = select(*(alarm.c[name] for name in Unseen._fields))
        due = query.where(_OPEN, _asked(asked_before, now)).order_by(alarm.c.raised_at)
        return [Unseen(*row) for row in self._connection.execute(due)]

    def count_open(self, facility_id: UUID | None = None) -> int:
        """How many alarms nobody has seen, of one facility or all."""
        where = _OPEN if facility_id is None else _OPEN & (alarm.c.facility_id == facility_id)
        return self._connection.scalar(select(func.count()).select_from(alarm).where(where)) or 0

    def asks(self, facility_id: UUID, practitioner_id: UUID) -> bool:
        """Whether a facility asks this practitioner, by name or with everybody, to see an open alarm."""
        asked = alarm.c.asked.is_(None) | (alarm.c.asked == practitioner_id)
        where = _OPEN & (alarm.c.facility_id == facility_id) & asked
        return self._connection.scalar(select(alarm.c.id).where(where).limit(1)) is not None

    def open_kiosks(self, site_id: UUID) -> list[UUID]:
        """The kiosks of a site at which somebody sits for whom a doctor is being called."""
        query = select(alarm.c.kiosk_id).where(_OPEN, alarm.c.site_id == site_id).distinct()
        return sorted(self._connection.scalars(query))

    def mark(self, facility_id: UUID) -> str:
        """A text that changes when the alarms of a facility do."""
        return self._marked(alarm.c.facility_id == facility_id)

    def mark_of_visit(self, visit_id: UUID) -> str:
        """A text that changes when the alarms of a visit do."""
        return self._marked(alarm.c.visit_id == visit_id)

    def _marked(self, where: ColumnElement[bool]) -> str:
        query = select(func.count(), func.coalesce(func.sum(alarm.c.version), 0))
        number, versions = self._connection.execute(query.where(where)).one()
        return f"{number}.{versions}"

    def _keep(self, raised: Alarm, kept: int) -> None:
        for number, each in enumerate(raised.values[kept:], kept):
            self._connection.execute(
                insert(alarm_value).values(
                    alarm_id=raised.id,
                    number=number,
                    code=each.code,
                    value=each.said if each.value is None else str(each.value),
                    low=_digits(each.limit.low),
                    high=_digits(each.limit.high),
                )
            )

    def _many(self, where: ColumnElement[bool]) -> list[Alarm]:
        rows = self._connection.execute(
            select(alarm).where(where).order_by(alarm.c.raised_at, alarm.c.id)
        ).all()
        return [self._handed_out(row) for row in rows]

    def _handed_out(self, row: Row[Any]) -> Alarm:
        self._seen(row.patient_id, "value beyond a limit")
        query = select(alarm_value).where(alarm_value.c.alarm_id == row.id).order_by(alarm_value.c.number)
        values = tuple(_beyond(each) for each in self._connection.execute(query))
        return Alarm(values=values, **row._mapping)


def _asked(before: datetime, now: datetime) -> ColumnElement[bool]:
    # In the future only where the clock was set back: nobody waits for that.
    return (alarm.c.asked_at <= before) | (alarm.c.asked_at > now)


def _beyond(row: Row[Any]) -> Beyond:
    limit = Limit(row.code, _number(row.low), _number(row.high))
    # Words stand where a meter or somebody's look said no number; a number begins with a digit.
    if row.value[:1].isdigit():
        return Beyond(row.code, Decimal(row.value), limit)
    return Beyond(row.code, None, limit, row.value)


def _digits(end: Decimal | None) -> str | None:
    return None if end is None else str(end)


def _number(digits: str | None) -> Decimal | None:
    return None if digits is None else Decimal(digits)
