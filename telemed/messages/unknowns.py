"""The messages of which nobody knows whether they went out: asked about, then settled by one step each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, or_, select, update
from sqlalchemy.exc import IntegrityError

from scheduling.reminders import QuietHours
from telemed.messages.about import Subjects
from telemed.messages.calling import add_line, site_of
from telemed.messages.choices import times_of
from telemed.messages.claiming import AHEAD
from telemed.messages.ladder import silent_at
from telemed.messages.last_look import Verdict
from telemed.messages.moves import Claim, Seen, claim_of, look_again
from telemed.messages.port import Found
from telemed.messages.reconciling import Next, Standing, Unsettled, next_step, standing
from telemed.messages.steps import is_anothers, move, move_all
from telemed.messages.tables import message, phone_leg

_LOOK_EVERY = timedelta(seconds=20)
# What only waits for the morning is still looked for: it may turn up in the list, or never have been lost.
_LOOK_AT_NIGHT = timedelta(minutes=5)
# Messages of yesterday's code were claimed for a carrier that nobody noted; whoever it was cannot be asked.
_UNNOTED = ""
# Our clock and the provider's may differ by this much.
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Question:
    """What to ask the provider about one message; `body` is None when the worker died before noting it."""

    claim: Claim
    body: str | None
    since: datetime
    others: frozenset[str]


class Unknowns:
    """The messages in state ``unknown``, of one transaction."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def questions(
        self, now: datetime, subjects: Subjects, quiet: QuietHours, limit: int = 20
    ) -> list[Question]:
        """Take the messages that it is time to ask about; no other worker asks at the same time."""
        columns = message.c
        self._count_from(now)
        wanted = (
            select(message)
            .where(columns.state == "unknown", or_(columns.look_at.is_(None), columns.look_at <= now))
            .order_by(columns.changed_at, columns.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = self._connection.execute(wanted).all()
        later = update(message).where(columns.id.in_([row.id for row in rows]))
        self._connection.execute(later.values(look_at=now + _LOOK_EVERY))
        return [self._question(row, look_again(row, subjects, now, quiet)[1]) for row in rows]

    def found(self, claim: Claim, found: Found, now: datetime) -> bool:
        """The provider has it: take over its name for it and how far it has come."""
        row = self._unknown(claim.id)
        if row is None or is_anothers(self._connection, row.id, found.sid):
            # Settled since we asked; or its name is taken, by an equal text: ask again.
            return False
        values: dict[str, Any] = {"provider": claim.carrier, "sid": found.sid, "reason": found.reason}
        silent = silent_at(row.kind, now, row.starts_at) if found.reported else None
        values |= {"look_at": None, "silent_at": silent}
        try:
            with self._connection.begin_nested():
                return bool(move_all(self._connection, message.c.id == row.id, found.state, now, **values))
        except IntegrityError:
            # Another worker takes the same name for an equal text at this very moment.
            return False

    def not_found(
        self,
        claim: Claim,
        absent_at: datetime | None,
        now: datetime,
        lease: timedelta,
        subjects: Subjects,
        quiet: QuietHours,
    ) -> Claim | None:
        """The provider has not got it, or could not say: returned is what may now be sent once more."""
        row = self._unknown(claim.id)
        if row is None:
            return None
        verdict, more = look_again(row, subjects, now, quiet)
        step = _decide(row, subjects, verdict, absent_at, now)
        if step.do == "repeat":
            until = now + lease
            repeat = {"repeated_at": now, "lease_until": until, "look_at": None, "note": "repeated"}
            moved = move(self._connection, row.id, "claimed", now, **repeat)
            return self._claim(row, more, until, claim.carrier) if moved else None
        if step.do != "wait":
            self._to_call(row, step, subjects, now)
        elif step.until is not None:
            look_at = min(step.until, now + _LOOK_AT_NIGHT)
            self._connection.execute(update(message).where(message.c.id == row.id).values(look_at=look_at))
        return None

    def _unknown(self, message_id: UUID) -> Row[Any] | None:
        wanted = select(message).where(message.c.id == message_id, message.c.state == "unknown")
        return self._connection.execute(wanted.with_for_update()).one_or_none()

    def _count_from(self, now: datetime) -> None:
        """What was noted by a clock that has gone back since is counted from now."""
        columns = message.c
        noted = or_(columns.changed_at > now + AHEAD, columns.look_at > now + _LOOK_AT_NIGHT + AHEAD)
        self._connection.execute(
            update(message).where(columns.state == "unknown", noted).values(changed_at=now, look_at=None)
        )

    def _question(self, row: Row[Any], more: tuple[str, datetime | None]) -> Question:
        self._seen(row.patient_id, "message")
        since = (row.tried_at or row.due_at) - _SLACK
        known = select(message.c.sid).where(
            message.c.phone == row.phone, message.c.sid.is_not(None), message.c.id != row.id
        )
        # A site's or a doctor's telephone may be a patient's contact too.
        rung = select(phone_leg.c.sid).where(phone_leg.c.sid.is_not(None), phone_leg.c.changed_at >= since)
        queries = (known, rung) if row.channel == "voice" else (known,)
        others = frozenset(sid for query in queries for sid in self._connection.scalars(query))
        claim = self._claim(row, more, since, row.provider or _UNNOTED)
        return Question(claim, row.body, since, others)

    def _claim(
        self, row: Row[Any], more: tuple[str, datetime | None], until: datetime, carrier: str
    ) -> Claim:
        return claim_of(row, more, until, carrier, choices=times_of(self._connection, row))

    def _to_call(self, row: Row[Any], step: Next, subjects: Subjects, now: datetime) -> None:
        if move(self._connection, row.id, "on_call_list", now, reason=step.reason, look_at=None):
            site_id, needed = site_of(row, subjects), step.do == "call"
            add_line(self._connection, row, str(step.reason), now, site_id, needed=needed)


def _decide(
    row: Row[Any], subjects: Subjects, verdict: Verdict, absent_at: datetime | None, now: datetime
) -> Next:
    lost = Unsettled(row.kind, row.changed_at, row.starts_at, row.repeated_at is not None)
    if row.appointment_id is None:
        stands = Standing.OVERTAKEN if verdict.withdrawn else Standing.STANDS
    else:
        stands = standing(row.kind, row.starts_at, subjects.appointment(row.appointment_id), now)
    return next_step(lost, stands, verdict, absent_at, now)
