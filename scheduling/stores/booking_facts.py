"""What a booking must know of its slot, its patient and its key: read at once, under the lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)

from scheduling import booking, tables
from scheduling.calendar import Slot
from scheduling.errors import TooManyBookings
from scheduling.hours import Span
from scheduling.visit_types import LONGEST

_AT = tables.allocation.c
_VISIT = tables.appointment.c
_MORE = tables.allowance.c
_SPAN = (_AT.resource, _AT.starts_at, _AT.ends_at, _AT.expires_at)


def needs(slot: Slot, buffer: timedelta) -> dict[UUID, Span]:
    """Whom a visit at this slot takes and for how long; the buffer is the practitioner's alone."""
    needed = {slot.practitioner_id: Span(slot.starts_at, slot.ends_at + buffer)}
    if slot.kiosk_id is not None:
        needed[slot.kiosk_id] = Span(slot.starts_at, slot.ends_at)
    return needed


@dataclass(frozen=True)
class Facts:
    """What is known, under the lock, about a slot, who wants it, and the key they use."""

    rows: Sequence[Row[Any]]
    slot: Slot
    visit_type_id: str
    needed: dict[UUID, Span]
    now: datetime

    def of(self, kind: str) -> list[Row[Any]]:
        """The rows of one kind: time, visit, more or key."""
        return [row for row in self.rows if row.kind == kind]

    @property
    def in_the_way(self) -> list[Row[Any]]:
        """What takes the needed time of practitioner or kiosk, expired holds with it."""
        return [
            row
            for row in self.of("time")
            if Span(row.starts_at, row.ends_at).overlaps(self.needed[row.resource])
        ]

    @property
    def expired(self) -> set[UUID]:
        """The holds in the way whose time is over."""
        return {row.id for row in self.in_the_way if row.expires_at and row.expires_at <= self.now}

    @property
    def holds(self) -> set[UUID | None]:
        """The holds in the way, standing or expired."""
        return {row.id for row in self.in_the_way if row.expires_at}

    def held_by(self, hold_id: UUID | None) -> bool:
        """Whether this hold still keeps exactly what is needed."""
        kept = {
            row.resource: Span(row.starts_at, row.ends_at)
            for row in self.in_the_way
            if row.id == hold_id and row.expires_at and row.expires_at > self.now
        }
        return kept == self.needed

    def nth(self) -> int:
        """Which of the patient's open visits of this type one more would be; TooManyBookings if too many."""
        numbers = [row.number for row in self.of("visit")]
        if len(numbers) > sum(row.number for row in self.of("more")):
            raise TooManyBookings("as many visits of this type are booked as the patient may have")
        return next(number for number in range(len(numbers) + 1) if number not in numbers)


# Written once, so that it is compiled once: a booking is measured in fractions of a millisecond.
def _fact(kind: str, about: Any, number: Any, *where: ColumnElement[bool]) -> Select[Any]:
    """Rows of one kind that are not about a time."""
    nothing = [cast(null(), column.type).label(column.name) for column in _SPAN]
    columns = (literal(kind).label("kind"), about.label("id"), *nothing, number.label("number"))
    return select(*columns).where(*where)


_FACTS = union_all(
    select(literal("time").label("kind"), _AT.booking.label("id"), *_SPAN, literal(0).label("number")).where(
        tables.ACTIVE,
        _AT.resource.in_(bindparam("resources", expanding=True)),
        # Bounded from below too, or the index would be read from the first visit ever.
        _AT.starts_at > bindparam("not_before"),
        _AT.starts_at < bindparam("ends_at"),
        _AT.ends_at > bindparam("starts_at"),
    ),
    _fact(
        "visit",
        _VISIT.id,
        _VISIT.nth,
        _VISIT.patient_id == bindparam("patient_id"),
        _VISIT.visit_type_id == bindparam("visit_type_id"),
        _VISIT.status.in_(sorted(booking.OPEN)),
    ),
    _fact(
        "more",
        _MORE.patient_id,
        _MORE.more,
        _MORE.patient_id == bindparam("patient_id"),
        _MORE.visit_type_id == bindparam("visit_type_id"),
    ),
    _fact("key", _VISIT.id, cast(null(), Integer), _VISIT.booking_key == bindparam("key")),
)


def read_facts(
    connection: Connection,
    slot: Slot,
    visit_type_id: str,
    buffer: timedelta,
    now: datetime,
    patient_id: UUID | None = None,
    key: UUID | None = None,
) -> Facts:
    """What stands in the way of a visit, and what is known of the patient and the key, in one statement."""
    needed = needs(slot, buffer)
    asked = {
        "resources": list(needed),
        "not_before": slot.starts_at - LONGEST,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at + buffer,
        "patient_id": patient_id,
        "visit_type_id": visit_type_id,
        "key": key,
    }
    return Facts(connection.execute(_FACTS, asked).all(), slot, visit_type_id, needed, now)
