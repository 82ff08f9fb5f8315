"""The numbered choices that a message gives: which visit is meant, or to which time it should move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select

from scheduling.calendar import Slot
from scheduling.stores.statements import insert_rows
from telemed.messages.tables import choice

WHICH = "which"
"""The kind of message that asks which visit is meant."""

TIMES = ("move_offer", "move_again")
"""The kinds that offer other times: at first, and once more when one was gone."""

CHOICES = (WHICH, *TIMES)
MOST = 3


@dataclass(frozen=True)
class Option:
    """One choice: a visit and what was wanted of it, or the slot it should move to."""

    appointment_id: UUID
    meaning: str
    starts_at: datetime
    slot: Slot | None = None


def give(connection: Connection, message_id: UUID, options: Sequence[Option]) -> None:
    """Store what a message offers, in the order in which it says it."""
    rows = [
        {
            "message_id": message_id,
            "nth": nth,
            "appointment_id": option.appointment_id,
            "meaning": option.meaning,
            "practitioner_id": option.slot.practitioner_id if option.slot else None,
            "kiosk_id": option.slot.kiosk_id if option.slot else None,
            "site_id": option.slot.site_id if option.slot else None,
            "starts_at": option.starts_at,
            "ends_at": option.slot.ends_at if option.slot else None,
        }
        for nth, option in enumerate(options, start=1)
    ]
    insert_rows(connection, choice, rows)


def taken(connection: Connection, message_id: UUID, nth: int) -> Option | None:
    """What a message offers under this number."""
    wanted = select(choice).where(choice.c.message_id == message_id, choice.c.nth == nth)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else _option(row)


def how_many(connection: Connection, message_id: UUID) -> int:
    """How many choices a message gives."""
    counted = select(func.count()).select_from(choice).where(choice.c.message_id == message_id)
    return connection.execute(counted).scalar_one()


def times_of(connection: Connection, row: Row[Any]) -> tuple[datetime, ...]:
    """The times that a message says beside its numbers; none for a message without choices."""
    if row.kind not in CHOICES:
        return ()
    wanted = select(choice.c.starts_at).where(choice.c.message_id == row.id).order_by(choice.c.nth)
    return tuple(connection.execute(wanted).scalars())


def _option(row: Row[Any]) -> Option:
    slot = None
    if row.practitioner_id is not None:
        slot = Slot(row.practitioner_id, row.kiosk_id, row.site_id, row.starts_at, row.ends_at)
    return Option(row.appointment_id, row.meaning, row.starts_at, slot)
