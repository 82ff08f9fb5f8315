"""The outbox: planned in the transaction that changes an appointment, claimed before anything is sent.

due → claimed → accepted → delivered | undelivered | failed; ``unknown``: nobody can say whether it went out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update

from scheduling import reminders
from scheduling.booking import Appointment
from scheduling.events import Event
from scheduling.ids import uuid7
from scheduling.reminders import QuietHours
from telemed.messages.last_look import Verdict, look
from telemed.messages.port import Accepted, OutcomeUnknown, SendError, TryLater
from telemed.messages.tables import STEPS, message
from telemed.messages.texts import Letter

Seen = Callable[[UUID, str], None]
_OVER = (
    "appointment.cancelled",
    "appointment.moved",
    "appointment.arrived",
    "appointment.fulfilled",
    "appointment.noshow",
)
_PLANNED = ("appointment.booked", "appointment.moved", "appointment.cancelled")
_BACK_OFF = timedelta(minutes=1)


@dataclass(frozen=True)
class Addressee:
    """Whom an appointment's messages go to, as things stand when they are planned."""

    appointment: Appointment
    phone: str | None
    language: str
    consents: bool
    place: str
    time_zone: str


@dataclass(frozen=True)
class Claim:
    """A message that this worker, and no other, may now hand to the provider."""

    id: UUID
    phone: str
    letter: Letter


class Outbox:
    """The messages of one transaction; a row is the promise to send, or the memory of having sent."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def from_events(
        self,
        events: Iterable[Event],
        addressee_of: Callable[[UUID], Addressee],
        now: datetime,
        quiet: QuietHours,
    ) -> None:
        """Turn what happened to appointments into messages, and withdraw those it makes needless."""
        for event in events:
            if event.kind in _OVER:
                self._withdraw(event.subject_id, now)
            if event.kind in _PLANNED:
                self._plan(addressee_of(event.subject_id), now, quiet)
            elif event.kind == "appointment.confirmed" and event.who.kind == "patient":
                self._add(addressee_of(event.subject_id), "confirmed", now, now)

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        appointment_of: Callable[[UUID], Appointment],
        quiet: QuietHours,
        limit: int = 20,
    ) -> list[Claim]:
        """Take due messages for this worker, after a last look at each; commit before sending."""
        self._give_up_expired(now)
        due = (
            select(message)
            .where(message.c.state == "due", message.c.due_at <= now)
            .order_by(message.c.due_at, message.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claims = []
        for row in self._connection.execute(due).all():
            appointment = appointment_of(row.appointment_id)
            verdict = look(row.kind, row.starts_at, row.time_zone, appointment, now, quiet)
            if self._obey(row, verdict, now, now + lease):
                self._seen(appointment.patient_id, "message")
                letter = Letter(row.kind, row.language, row.starts_at, row.time_zone, row.place)
                claims.append(Claim(row.id, row.phone, letter))
        return claims

    def record(
        self, message_id: UUID, provider: str, body: str, outcome: Accepted | SendError, now: datetime
    ) -> None:
        """Write down what the provider said, or that it said nothing."""
        tried = (
            update(message)
            .where(message.c.id == message_id)
            .values(provider=provider, body=body, attempts=message.c.attempts + 1)
            .returning(message.c.attempts)
        )
        attempts = int(self._connection.execute(tried).scalar_one())
        if isinstance(outcome, Accepted):
            self._move(message_id, "accepted", now, sid=outcome.sid)
        elif isinstance(outcome, TryLater):
            wait = _BACK_OFF * 2 ** min(attempts, 5)
            self._move(message_id, "due", now, due_at=now + wait, reason=outcome.reason)
        elif isinstance(outcome, OutcomeUnknown):
            self._move(message_id, "unknown", now, reason=outcome.reason)
        else:
            self._move(message_id, "failed", now, reason=outcome.reason)

    def report(self, message_id: UUID, sid: str, state: str, reason: str | None, now: datetime) -> bool:
        """Take the provider's report about one message; late, repeated and reordered ones change nothing."""
        known = select(message.c.sid).where(message.c.id == message_id)
        before = self._connection.execute(known).one_or_none()
        if before is None or before.sid not in (None, sid):
            return False
        return self._move(message_id, state, now, sid=sid, reason=reason)

    def next_due(self, now: datetime, phone: str | None = None) -> datetime | None:
        """Return when the next message goes out, to this number or to anybody."""
        wanted = select(func.min(message.c.due_at)).where(message.c.state == "due", message.c.due_at > now)
        if phone is not None:
            wanted = wanted.where(message.c.phone == phone)
        return self._connection.execute(wanted).scalar()

    def _plan(self, to: Addressee, now: datetime, quiet: QuietHours) -> None:
        for planned in reminders.plan(to.appointment, now, to.time_zone, quiet):
            self._add(to, planned.kind, planned.due_at, now)

    def _add(self, to: Addressee, kind: str, due_at: datetime, now: datetime) -> None:
        if to.consents and to.phone is not None:
            self._connection.execute(insert(message).values(message_row(to, kind, due_at, now)))

    def _withdraw(self, appointment_id: UUID, now: datetime) -> None:
        of_it = message.c.appointment_id == appointment_id
        self._connection.execute(
            update(message)
            .where(of_it, message.c.state == "due")
            .values(state="cancelled", reason="overtaken", changed_at=now)
        )
        self._connection.execute(
            update(message).where(of_it, message.c.answered_at.is_(None)).values(answered_at=now)
        )

    def _obey(self, row: Row[Any], verdict: Verdict, now: datetime, lease_until: datetime) -> bool:
        if verdict.withdrawn:
            self._move(row.id, "cancelled", now, reason="overtaken")
        elif verdict.postponed_to is not None:
            self._connection.execute(
                update(message).where(message.c.id == row.id).values(due_at=verdict.postponed_to)
            )
        else:
            return self._move(row.id, "claimed", now, lease_until=lease_until)
        return False

    def _give_up_expired(self, now: datetime) -> None:
        # Whoever claimed it died before the answer: it may have gone out, so it is not sent again.
        self._connection.execute(
            update(message)
            .where(message.c.state == "claimed", message.c.lease_until <= now)
            .values(state="unknown", reason="worker-lost", changed_at=now)
        )

    def _move(self, message_id: UUID, state: str, now: datetime, **values: Any) -> bool:
        before = [earlier for earlier, steps in STEPS.items() if state in steps]
        moved = self._connection.execute(
            update(message)
            .where(message.c.id == message_id, message.c.state.in_(before))
            .values(state=state, changed_at=now, **values)
        )
        return moved.rowcount == 1


def message_row(to: Addressee, kind: str, due_at: datetime, now: datetime) -> dict[str, Any]:
    """Return the row of one message that is due at a moment."""
    return {
        "id": uuid7(),
        "appointment_id": to.appointment.id,
        "version": to.appointment.version,
        "kind": kind,
        "patient_id": to.appointment.patient_id,
        "phone": to.phone,
        "language": to.language,
        "place": to.place,
        "time_zone": to.time_zone,
        "starts_at": to.appointment.starts_at,
        "due_at": due_at,
        "state": "due",
        "changed_at": now,
    }
