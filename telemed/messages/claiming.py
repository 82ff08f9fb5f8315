"""Taking due messages for one worker: found, looked at for the last time and claimed, many at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, func, or_, select, update

from scheduling.booking import Appointment
from scheduling.reminders import QuietHours
from scheduling.waiting import QueueEntry
from scheduling.wishes import Offer
from telemed.messages.about import Subjects
from telemed.messages.carriers import Choice, names
from telemed.messages.choices import times_of
from telemed.messages.last_look import Verdict
from telemed.messages.moves import Claim, More, Seen, claim_of, look_again
from telemed.messages.steps import move_all
from telemed.messages.tables import message, stopped_number

AHEAD = timedelta(minutes=2)
"""Whatever was written so far in the future was written before the clock went back."""

NO_CARRIER = timedelta(seconds=5)
"""For so long a message waits when no carrier may be used."""

# However many have become needless, one look ends.
_LOOKS = 20
# Numbers left in peace for these reasons belong to somebody who may be reached in another way.
_DEAD = ("not_mobile", "invalid", "carrier")


# What only later steps know is not read: a claim needs half of the columns, and is made for many.
_LATER = ("body", "sid", "reason", "answered_at", "look_at", "silent_at", "climbed_at")
_PRICED = ("segments", "cost_micros", "currency")
_READ = [column for column in message.c if column.name not in (*_LATER, *_PRICED)]


class Fate(NamedTuple):
    """What becomes of one due message: claimed for a carrier, put off, or ended."""

    state: str
    reason: str | None = None
    due_at: datetime | None = None
    carrier: str | None = None
    another: bool = False


@dataclass(frozen=True)
class Look:
    """What one look for due messages knows: the moment, until when claims last, the night, the carriers."""

    now: datetime
    until: datetime
    quiet: QuietHours
    choice: Choice


def claim_due(connection: Connection, seen: Seen, subjects: Subjects, look: Look, limit: int) -> list[Claim]:
    """Take due messages for this worker, after a last look at each; commit before sending."""
    _give_up_expired(connection, look.now)
    for _ in range(_LOOKS):
        rows = _due(connection, look.now, limit)
        known = Known(subjects, rows)
        stopped = _stopped(connection, rows)
        fates: dict[Fate, list[Row[Any]]] = defaultdict(list)
        more: dict[UUID, More] = {}
        for row in rows:
            verdict, more[row.id] = look_again(row, known, look.now, look.quiet)
            fates[_fate(row, verdict, stopped.get((row.phone, row.channel)), look)].append(row)
        claims = [
            claim_of(row, more[row.id], look.until, fate.carrier, fate.another, times_of(connection, row))
            for fate, like in fates.items()
            for row in _take(connection, fate, like, look)
            if fate.carrier is not None
        ]
        if claims or len(rows) < limit:
            for row in rows:
                seen(row.patient_id, "message")
            return claims
    return []


class Known:
    """How the things stand that messages are about, read together instead of one by one."""

    def __init__(self, subjects: Subjects, rows: Sequence[Row[Any]]) -> None:
        self._subjects = subjects
        ids = {row.appointment_id for row in rows if row.appointment_id is not None}
        self._appointments = {each.id: each for each in subjects.appointments(ids)}

    def appointment(self, appointment_id: UUID) -> Appointment:
        """Return an appointment."""
        return self._appointments[appointment_id]

    def appointments(self, appointment_ids: Collection[UUID]) -> list[Appointment]:
        """Return several appointments."""
        return [self._appointments[each] for each in appointment_ids]

    def queue_entry(self, entry_id: UUID) -> QueueEntry:
        """Return a place in the queue; few are called at one moment."""
        return self._subjects.queue_entry(entry_id)

    def wish_offer(self, offer_id: UUID) -> Offer:
        """Return an offer; few are made at one moment."""
        return self._subjects.wish_offer(offer_id)


def _due(connection: Connection, now: datetime, limit: int) -> Sequence[Row[Any]]:
    columns = message.c
    wanted = (
        select(*_READ)
        .where(columns.state == "due", columns.due_at <= now)
        .order_by(columns.due_at, columns.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(wanted).all()


def _give_up_expired(connection: Connection, now: datetime) -> None:
    # Whoever claimed it died before the answer: it may have gone out, so it is not sent again.
    columns = message.c
    over = or_(columns.lease_until <= now, columns.changed_at > now + AHEAD)
    which = (columns.state == "claimed") & over
    move_all(connection, which, "unknown", now, reason="worker-lost", look_at=None)


def _stopped(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, str], str]:
    columns = stopped_number.c
    if not rows:
        return {}
    wanted = select(columns.address, columns.channel, columns.reason).where(
        columns.lifted_at.is_(None), columns.address.in_({row.phone for row in rows})
    )
    return {(row.address, row.channel): row.reason for row in connection.execute(wanted)}


def _fate(row: Row[Any], verdict: Verdict, stopped: str | None, look: Look) -> Fate:
    if verdict.withdrawn:
        return Fate("cancelled", "overtaken")
    if stopped is not None:
        # A dead number is a message that failed, and the ladder goes on; a wish is obeyed.
        return Fate("failed", stopped) if stopped in _DEAD else Fate("cancelled", "stopped")
    if verdict.postponed_to is not None:
        return Fate("due", due_at=verdict.postponed_to)
    refused_by = names(row.refused_by)
    port = look.choice.pick(row.channel, refused_by)
    if port is None:
        return Fate("due", due_at=look.now + NO_CARRIER)
    another = look.choice.has_another(row.channel, (*refused_by, port.name))
    return Fate("claimed", carrier=port.name, another=another)


def _take(connection: Connection, fate: Fate, rows: Sequence[Row[Any]], look: Look) -> list[Row[Any]]:
    """Let messages of the same fate meet it; returned are those that took a step."""
    which = message.c.id.in_([row.id for row in rows])
    if fate.due_at is not None:
        connection.execute(update(message).where(which).values(due_at=fate.due_at))
        return []
    claimed: dict[str, Any] = {"provider": fate.carrier, "lease_until": look.until} if fate.carrier else {}
    if fate.carrier or fate.state == "failed":
        first = func.coalesce(message.c.tried_at, look.now)
        taken = set(move_all(connection, which, "claimed", look.now, tried_at=first, **claimed))
    if not fate.carrier:
        taken = set(move_all(connection, which, fate.state, look.now, reason=fate.reason))
    return [row for row in rows if row.id in taken]
