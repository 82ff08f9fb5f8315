"""The story of each message about an appointment: every step with its moment, carrier and reason."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from telemed.messages.moves import Seen
from telemed.messages.steps import plan
from telemed.messages.tables import call_list, inbound_message, message, message_step

AGAIN = ("delivered", "undelivered", "failed", "accepted", "on_call_list")
"""From these states a message may be sent again by hand: it is neither on its way nor in doubt."""


@dataclass(frozen=True)
class Step:
    """One step of a message; `who` took it by hand."""

    at: datetime
    state: str
    carrier: str | None
    reason: str | None
    who: str | None


@dataclass(frozen=True)
class Reply:
    """What was written back, and how it was understood."""

    at: datetime
    text: str
    meaning: str


@dataclass(frozen=True)
class Told:
    """One message with its story; of the address only its end."""

    id: UUID
    appointment_id: UUID
    starts_at: datetime
    kind: str
    rung: int
    channel: str
    whom: str
    address_end: str
    language: str
    state: str
    carrier: str | None
    reason: str | None
    due_at: datetime
    text: str | None
    segments: int | None
    cost_micros: int | None
    currency: str | None
    maybe_twice: bool
    call: str | None
    steps: tuple[Step, ...]
    replies: tuple[Reply, ...]

    @property
    def may_go_again(self) -> bool:
        """Whether it may be sent again by hand."""
        return self.state in AGAIN


class Timeline:
    """The messages about one appointment, of one transaction."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def of(self, appointment_id: UUID) -> list[Told]:
        """Return every message about an appointment, the newest first."""
        columns = message.c
        wanted = select(message).where(columns.appointment_id == appointment_id)
        rows = self._connection.execute(wanted.order_by(columns.due_at.desc(), columns.rung.desc())).all()
        ids = [row.id for row in rows]
        steps, replies, calls = self._steps(ids), self._replies(ids), self._calls(ids)
        for row in rows:
            self._seen(row.patient_id, "message")
        return [_told(row, steps[row.id], replies[row.id], calls.get(row.id)) for row in rows]

    def again(
        self, message_id: UUID, to: dict[str, Any], reason: str, who: str, due_at: datetime, now: datetime
    ) -> bool:
        """Promise a message once more, one rung higher; false when one of it is on its way or in doubt."""
        columns = message.c
        found = self._connection.execute(select(message).where(columns.id == message_id)).one()
        same = (
            columns.appointment_id == found.appointment_id,
            columns.version == found.version,
            columns.kind == found.kind,
        )
        locked = select(message).where(*same).order_by(columns.rung).with_for_update()
        rungs = self._connection.execute(locked).all()
        if any(row.state not in (*AGAIN, "cancelled") for row in rungs):
            return False
        top = rungs[-1]
        kept = (
            "appointment_id",
            "version",
            "kind",
            "patient_id",
            "place",
            "time_zone",
            "starts_at",
            "site_id",
        )
        row = {name: getattr(top, name) for name in kept} | to
        story = {"state": "due", "due_at": due_at, "changed_at": now, "attempts": 0, "reason": reason}
        above = row | story | {"id": to["id"], "rung": top.rung + 1, "follows_id": top.id}
        try:
            with self._connection.begin_nested():
                plan(self._connection, [above], who)
        except IntegrityError:
            # A colleague, or the ladder, has done it at this very moment.
            return False
        return True

    def appointment_of(self, message_id: UUID) -> UUID | None:
        """Return the appointment that a message is about; None: there is none."""
        wanted = select(message.c.appointment_id).where(message.c.id == message_id)
        found: UUID | None = self._connection.scalar(wanted)
        return found

    def _steps(self, ids: Sequence[UUID]) -> dict[UUID, list[Step]]:
        columns = message_step.c
        wanted = select(message_step).where(columns.message_id.in_(ids)).order_by(columns.at, columns.id)
        found: dict[UUID, list[Step]] = defaultdict(list)
        for row in self._connection.execute(wanted):
            found[row.message_id].append(Step(row.at, row.state, row.provider, row.reason, row.who))
        return found

    def _replies(self, ids: Sequence[UUID]) -> dict[UUID, list[Reply]]:
        columns = inbound_message.c
        wanted = select(inbound_message).where(columns.message_id.in_(ids)).order_by(columns.at)
        found: dict[UUID, list[Reply]] = defaultdict(list)
        for row in self._connection.execute(wanted):
            found[row.message_id].append(Reply(row.at, row.body, row.meaning))
        return found

    def _calls(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        wanted = select(call_list.c.message_id, call_list.c.status).where(call_list.c.message_id.in_(ids))
        return {row.message_id: row.status for row in self._connection.execute(wanted)}


def _told(row: Row[Any], steps: Sequence[Step], replies: Sequence[Reply], call: str | None) -> Told:
    return Told(
        id=row.id,
        appointment_id=row.appointment_id,
        starts_at=row.starts_at,
        kind=row.kind,
        rung=row.rung,
        channel=row.channel,
        whom=row.whom,
        address_end=row.phone[-3:],
        language=row.language,
        state=row.state,
        carrier=row.provider,
        reason=row.reason,
        due_at=row.due_at,
        text=row.body,
        segments=row.segments,
        cost_micros=row.cost_micros,
        currency=row.currency,
        maybe_twice=row.repeated_at is not None,
        call=call,
        steps=tuple(steps),
        replies=tuple(replies),
    )
