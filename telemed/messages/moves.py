"""One step of one stored message, and how the thing stands that it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from scheduling.reminders import QuietHours
from telemed.messages.about import Subjects, subject_of
from telemed.messages.last_look import Verdict, look, look_at_call, look_at_offer
from telemed.messages.tables import STEPS, message
from telemed.messages.texts import Letter

Seen = Callable[[UUID, str], None]
More = tuple[str, datetime | None]


@dataclass(frozen=True)
class Claim:
    """A message that this worker, and no other, may now hand to the provider."""

    id: UUID
    phone: str
    letter: Letter


def move(connection: Connection, message_id: UUID, state: str, now: datetime, **values: Any) -> bool:
    """Take one step; false when the message is past it."""
    if values.get("sid") is not None and is_anothers(connection, message_id, values["sid"]):
        # Two equal texts to one number cannot be told apart in the provider's list: one name, one message.
        values["sid"] = None
    before = [earlier for earlier, steps in STEPS.items() if state in steps]
    moved = connection.execute(
        update(message)
        .where(message.c.id == message_id, message.c.state.in_(before))
        .values(state=state, changed_at=now, **values)
    )
    return moved.rowcount == 1


def is_anothers(connection: Connection, message_id: UUID, sid: str) -> bool:
    """Tell whether the provider's name for a message already stands at another one to the same number."""
    phone = select(message.c.phone).where(message.c.id == message_id).scalar_subquery()
    taken = select(message.c.id).where(
        message.c.phone == phone, message.c.sid == sid, message.c.id != message_id
    )
    return connection.execute(taken).first() is not None


def claim_of(row: Row[Any], more: More) -> Claim:
    """What a worker needs to send a stored message."""
    letter = Letter(row.kind, row.language, row.starts_at, row.time_zone, row.place, *more)
    return Claim(row.id, row.phone, letter)


def look_again(row: Row[Any], subjects: Subjects, now: datetime, quiet: QuietHours) -> tuple[Verdict, More]:
    """How the thing stands that a message is about, and what the text needs to know of it."""
    column, subject = subject_of(row)
    if column == "queue_entry_id":
        entry = subjects.queue_entry(subject)
        return look_at_call(entry, row.time_zone, now, quiet), (entry.token, None)
    if column == "wish_offer_id":
        offer = subjects.wish_offer(subject)
        return look_at_offer(row.kind, offer, row.time_zone, now, quiet), ("", offer.expires_at)
    appointment = subjects.appointment(subject)
    return look(row.kind, row.starts_at, row.time_zone, appointment, now, quiet), ("", None)
