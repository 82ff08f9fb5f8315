"""Every step of messages, each with its line in the timeline, written in the transaction that takes it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select, update

from scheduling.ids import uuid7
from scheduling.stores.statements import insert_many, insert_together
from telemed.messages.tables import STEPS, message, message_step

# A statement of more rows than this costs more to be compiled than it saves.
_AT_ONCE = 40


class Taken(NamedTuple):
    """One step that a message has taken, for its timeline."""

    message_id: UUID
    state: str
    provider: str | None = None
    reason: str | None = None
    who: str | None = None


def plan(connection: Connection, rows: Sequence[Mapping[str, Any]], who: str | None = None) -> None:
    """Store new messages, all of the same columns, each with its first step."""
    steps = [
        Taken(row["id"], row["state"], row.get("provider"), row.get("reason"), who)._asdict()
        | {"id": uuid7(), "at": row["changed_at"]}
        for row in rows
    ]
    insert_together(connection, (message, rows), (message_step, steps))


def move(connection: Connection, message_id: UUID, state: str, now: datetime, **values: Any) -> bool:
    """Take one step; false when the message is past it."""
    if values.get("sid") is not None and is_anothers(connection, message_id, values["sid"]):
        # Two equal texts to one number cannot be told apart in the provider's list: one name, one message.
        values["sid"] = None
    return bool(move_all(connection, message.c.id == message_id, state, now, **values))


def move_all(
    connection: Connection,
    which: ColumnElement[bool],
    state: str,
    now: datetime,
    *,
    note: str | None = None,
    who: str | None = None,
    **values: Any,
) -> list[UUID]:
    """Let all these messages take the same step; returned are those that were not past it.

    `note` is the reason in the timeline when the message itself keeps none.
    """
    moved = connection.execute(
        update(message)
        .where(which, message.c.state.in_(before(state)))
        .values(state=state, changed_at=now, **values)
        .returning(message.c.id, message.c.provider)
    ).all()
    reason = note or values.get("reason")
    write_down(connection, (Taken(row.id, state, row.provider, reason, who) for row in moved), now)
    return [row.id for row in moved]


def write_down(connection: Connection, taken: Iterable[Taken], now: datetime) -> None:
    """Write steps into the timeline."""
    rows = [{"id": uuid7(), "at": now, **step._asdict()} for step in taken]
    if len(rows) > _AT_ONCE:
        insert_many(connection, message_step, rows)
    else:
        insert_together(connection, (message_step, rows))


def before(state: str) -> list[str]:
    """From which states one may come into this one."""
    return [earlier for earlier, steps in STEPS.items() if state in steps]


def is_anothers(connection: Connection, message_id: UUID, sid: str) -> bool:
    """Tell whether a name stands at another message already: to the same number, or of the same provider."""
    this = select(message.c.phone, message.c.provider).where(message.c.id == message_id).subquery()
    like = or_(
        message.c.phone == select(this.c.phone).scalar_subquery(),
        # A gateway may count anew each day.
        message.c.provider == select(this.c.provider).scalar_subquery(),
    )
    taken = select(message.c.id).where(like, message.c.sid == sid, message.c.id != message_id)
    return connection.execute(taken).first() is not None
