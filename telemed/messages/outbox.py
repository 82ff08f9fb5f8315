"""The outbox: planned in the transaction that changes something, claimed before anything is sent.

due → claimed → accepted → delivered | undelivered | failed; ``unknown``: nobody can say whether it went out,
until the provider has been asked (`unknowns.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update

from scheduling import reminders
from scheduling.booking import Appointment
from scheduling.events import Event
from scheduling.ids import uuid7
from scheduling.reminders import QuietHours, out_of_quiet
from scheduling.waiting import DAY_OVER
from telemed.messages import ladder
from telemed.messages.about import About, Subjects, column_of
from telemed.messages.calling import close_lines
from telemed.messages.claiming import Look, claim_due
from telemed.messages.climbing import arrived
from telemed.messages.ladder import silent_at
from telemed.messages.moves import Claim, Seen
from telemed.messages.recording import Handed, heed, record
from telemed.messages.spoken import is_said
from telemed.messages.steps import move, move_all, plan
from telemed.messages.tables import message
from telemed.messages.unknowns import Unknowns

_OVER = (
    "appointment.cancelled",
    "appointment.moved",
    "appointment.arrived",
    "appointment.fulfilled",
    "appointment.noshow",
    "appointment.reinstated",
)
_PLANNED = (
    "appointment.booked",
    "appointment.moved",
    "appointment.cancelled",
    "appointment.reinstated",
)
_AT_ONCE = {"queue.called": "come_now", "wish.offered": "offer"}


@dataclass(frozen=True)
class Addressee:
    """Whom a message about something goes to, as things stand when it is planned."""

    about: Appointment | About
    phone: str | None
    language: str
    consents: bool
    place: str
    time_zone: str
    site_id: UUID | None = None
    script: str = "native"
    channel: str = "sms"
    # The proxy, for whom nothing reaches; who takes letters only is for the counter to write to.
    whom: str = "patient"
    by_letter: bool = False
    # Those of the kind of visit; None: those of every visit.
    reminders: tuple[str, ...] | None = None


class Outbox:
    """The messages of one transaction; a row is the promise to send, or the memory of having sent."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen
        self.unknowns = Unknowns(connection, seen)

    def from_events(
        self,
        events: Iterable[Event],
        addressee_of: Callable[[Event], Addressee],
        now: datetime,
        quiet: QuietHours,
    ) -> None:
        """Turn what happened into messages, and withdraw those it makes needless."""
        for event in events:
            if event.kind in _OVER:
                self._withdraw(event.subject_id, now)
            if event.kind in _PLANNED:
                self._plan(addressee_of(event), now, quiet, moved=event.kind == "appointment.moved")
            elif event.kind == "appointment.confirmed" and event.who.kind == "patient":
                self.add(addressee_of(event), "confirmed", now, now)
            elif event.kind in _AT_ONCE:
                to = addressee_of(event)
                self.add(to, _AT_ONCE[event.kind], out_of_quiet(now, to.time_zone, quiet), now)
            elif event.kind == "queue.left" and event.why == DAY_OVER:
                self.add(addressee_of(event), "day_over", now, now)

    def claim(self, subjects: Subjects, look: Look, limit: int = 20) -> list[Claim]:
        """Take due messages for this worker, after a last look at each; commit before sending."""
        return claim_due(self._connection, self._seen, subjects, look, limit)

    def record(self, handed: Sequence[Handed], now: datetime) -> None:
        """Write down what carriers said of messages handed to them, or that they said nothing."""
        record(self._connection, handed, now)

    def report(self, message_id: UUID, sid: str, state: str, reason: str | None, now: datetime) -> bool:
        """Take the provider's report about one message; late, repeated and reordered ones change nothing."""
        known = select(message).where(message.c.id == message_id).with_for_update()
        before = self._connection.execute(known).one_or_none()
        if before is None or not _may_tell(before, sid, state):
            return False
        values: dict[str, Any] = {"sid": before.sid or sid, "reason": reason}
        if state == "accepted":
            values["silent_at"] = silent_at(before.kind, now, before.starts_at)
        moved = move(self._connection, message_id, state, now, **values)
        if moved and state == "delivered":
            arrived(self._connection, message_id, now)
        elif moved and before.provider is not None:
            heed(self._connection, before, before.provider, reason, now)
        return moved

    def next_due(self, now: datetime, phone: str | None = None) -> datetime | None:
        """Return when the next message goes out, to this number or to anybody."""
        wanted = select(func.min(message.c.due_at)).where(message.c.state == "due", message.c.due_at > now)
        if phone is not None:
            wanted = wanted.where(message.c.phone == phone)
        return self._connection.execute(wanted).scalar()

    def add(self, to: Addressee, kind: str, due_at: datetime, now: datetime) -> None:
        """Promise one message, if there is a way that the patient wants."""
        plan(self._connection, rows_of(to, [(kind, due_at)], now))

    def add_once(self, to: Addressee, kind: str, now: datetime) -> None:
        """Promise a message about this, unless there is one of the kind already."""
        column = message.c[column_of(to.about)]
        known = select(message.c.id).where(column == to.about.id, message.c.kind == kind)
        if self._connection.execute(known).first() is None:
            self.add(to, kind, now, now)

    def _plan(self, to: Addressee, now: datetime, quiet: QuietHours, moved: bool) -> None:
        if isinstance(to.about, About):
            return
        planned = reminders.plan(to.about, now, to.time_zone, quiet, to.reminders, moved=moved)
        plan(self._connection, rows_of(to, planned, now))

    def _withdraw(self, appointment_id: UUID, now: datetime) -> None:
        of_it = message.c.appointment_id == appointment_id
        move_all(self._connection, of_it, "cancelled", now, reason="overtaken")
        self._connection.execute(
            update(message).where(of_it, message.c.answered_at.is_(None)).values(answered_at=now)
        )
        # Whoever must be told of the new state is listed for that; a wrong number stays wrong.
        close_lines(self._connection, select(message.c.id).where(of_it), now, but="wrong_number")


def _may_tell(row: Row[Any], sid: str, state: str) -> bool:
    # Of a message that was sent twice the report may be about the copy whose name we never heard.
    return row.sid in (None, sid) or (state == "delivered" and row.repeated_at is not None)


def rows_of(to: Addressee, planned: Iterable[tuple[str, datetime]], now: datetime) -> list[dict[str, Any]]:
    """Return the rows of messages; for whom there is only the post, those for which it is quick enough."""
    if to.consents and to.phone is not None:
        wanted = [each for each in planned if to.whom == "patient" or ladder.for_proxy(each[0])]
        # Nobody is called to hear nothing.
        told = [each for each in wanted if to.channel != "voice" or is_said(each[0])]
        return [message_row(to, *each, now) for each in told]
    unsent = {"state": "failed", "reason": "no-number", "phone": ""}
    letters = [each for each in planned if to.by_letter and each[0] in ladder.BY_LETTER]
    return [message_row(to, *each, now) | unsent for each in letters]


def message_row(to: Addressee, kind: str, due_at: datetime, now: datetime) -> dict[str, Any]:
    """Return the row of one message that is due at a moment."""
    return {
        "id": uuid7(),
        column_of(to.about): to.about.id,
        "version": to.about.version,
        "kind": kind,
        "patient_id": to.about.patient_id,
        "rung": 0,
        "channel": to.channel,
        "whom": to.whom,
        "phone": to.phone,
        "language": to.language,
        "script": to.script,
        "site_id": to.site_id,
        "place": to.place,
        "time_zone": to.time_zone,
        "starts_at": to.about.starts_at,
        "due_at": due_at,
        "state": "due",
        "reason": None,
        "changed_at": now,
        "attempts": 0,
    }
