"""A message in the hands of one worker, and how the thing stands that it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from scheduling.reminders import QuietHours
from telemed.messages.about import NEWS, Subjects, subject_of
from telemed.messages.last_look import Verdict, look, look_at_call, look_at_news, look_at_offer
from telemed.messages.texts import Letter, kind_for

Seen = Callable[[UUID, str], None]
More = tuple[str, datetime | None]


@dataclass(frozen=True)
class Claim:
    """A message that this worker, and no other, may hand to this carrier until a moment.

    `another`: some other carrier is left for it.
    """

    id: UUID
    phone: str
    letter: Letter
    until: datetime
    carrier: str
    another: bool = False


def claim_of(
    row: Row[Any],
    more: More,
    until: datetime,
    carrier: str,
    another: bool = False,
    choices: tuple[datetime, ...] = (),
) -> Claim:
    """What a worker needs to send a stored message."""
    kind = kind_for(row.kind, row.whom)
    letter = Letter(kind, row.language, row.starts_at, row.time_zone, row.place, *more, choices, row.script)
    return Claim(row.id, row.phone, letter, until, carrier, another)


def look_again(row: Row[Any], subjects: Subjects, now: datetime, quiet: QuietHours) -> tuple[Verdict, More]:
    """How the thing stands that a message is about, and what the text needs to know of it."""
    column, subject = subject_of(row)
    if column in NEWS or row.kind == "day_over":
        return look_at_news(row.starts_at, row.time_zone, now, quiet), ("", None)
    if column == "queue_entry_id":
        entry = subjects.queue_entry(subject)
        return look_at_call(entry, row.time_zone, now, quiet), (entry.token, None)
    if column == "wish_offer_id":
        offer = subjects.wish_offer(subject)
        return look_at_offer(row.kind, offer, row.time_zone, now, quiet), ("", offer.expires_at)
    appointment = subjects.appointment(subject)
    return look(row.kind, row.starts_at, row.time_zone, appointment, now, quiet), ("", None)
