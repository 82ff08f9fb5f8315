"""The simulated handset: carries messages no further than a table that a demo page shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, insert, select

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.menus import menu
from telemed.messages.port import Accepted, Channel, Found, Lost, Outgoing
from telemed.messages.segments import segments
from telemed.messages.tables import handset_message, message

NAME = "handset"
RANG = "☎"
"""What a telephone keeps of a call."""


@dataclass(frozen=True)
class Bubble:
    """One message on the handset's screen."""

    incoming: bool
    body: str
    at: datetime
    segments: int


@dataclass(frozen=True)
class Phone:
    """One telephone; the handle stands for its number in addresses."""

    handle: UUID
    number: str
    messages: int


class HandsetProvider:
    """Accepts every message and shows it on the simulated telephone."""

    name = NAME
    channel: Channel = "sms"

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def send(self, outgoing: Outgoing) -> Accepted:
        """Show the message; handed over twice it is still shown once, under the same id."""
        with database.write(self._engine) as connection:
            return Handset(connection).show(outgoing, self._now())

    def find(self, lost: Lost) -> Found | None:
        """Look on the telephone itself: what it shows has arrived."""
        with database.read(self._engine) as connection:
            return Handset(connection).find(lost)


class Handset:
    """The simulated telephones of everybody, each with its number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def show(self, outgoing: Outgoing, now: datetime) -> Accepted:
        """Let a message arrive."""
        of_it = handset_message.c.reference == outgoing.reference
        known = self._connection.execute(select(handset_message.c.id).where(of_it)).scalar()
        return Accepted(str(known or self._add(outgoing.to, "in", outgoing.body, now, outgoing.reference)))

    def find(self, lost: Lost) -> Found | None:
        """Find a message on the telephone by its text."""
        columns = handset_message.c
        wanted = select(columns.id).where(
            columns.phone == lost.to,
            columns.direction == "in",
            columns.body == lost.body,
            columns.at >= lost.since,
        )
        shown = (str(each) for each in self._connection.execute(wanted.order_by(columns.id)).scalars())
        sid = next((each for each in shown if each not in lost.others), None)
        return None if sid is None else Found(sid, "delivered")

    def answer(self, phone: str, body: str, now: datetime) -> str:
        """Write an answer on a telephone and return the id it is sent under."""
        return str(self._add(phone, "out", body, now, None))

    def phones(self, limit: int = 30) -> list[Phone]:
        """Return the telephones that have messages, the latest first."""
        columns = handset_message.c
        # A handset's handle is its first message; PostgreSQL has no least and no greatest id.
        wanted = select(columns.phone, columns.id).order_by(columns.id)
        found: dict[str, list[UUID]] = {}
        for number, message_id in self._connection.execute(wanted):
            found.setdefault(number, []).append(message_id)
        latest = sorted(found.items(), key=lambda each: each[1][-1], reverse=True)
        return [Phone(messages[0], number, len(messages)) for number, messages in latest[:limit]]

    def number(self, handle: UUID) -> str | None:
        """Return the number behind a handle."""
        wanted = select(handset_message.c.phone).where(handset_message.c.id == handle)
        return self._connection.execute(wanted).scalar()

    def conversation(self, phone: str, limit: int = 30) -> list[Bubble]:
        """Return what one telephone shows, the latest last."""
        columns = handset_message.c
        wanted = (
            select(handset_message).where(columns.phone == phone).order_by(columns.id.desc()).limit(limit)
        )
        rows = self._connection.execute(wanted).all()
        return [Bubble(row.direction == "in", row.body, row.at, segments(row.body)) for row in reversed(rows)]

    def menu(self, phone: str) -> tuple[int, ...]:
        """Return the numbers that the message which came last offers to answer with."""
        columns = handset_message.c
        came = select(columns.reference).where(columns.phone == phone, columns.reference.is_not(None))
        latest = self._connection.execute(came.order_by(columns.id.desc()).limit(1)).scalar()
        row = self._connection.execute(select(message).where(message.c.id == latest)).one_or_none()
        return () if row is None else menu(self._connection, row)

    def _add(self, phone: str, direction: str, body: str, now: datetime, reference: UUID | None) -> UUID:
        made = uuid7()
        self._connection.execute(
            insert(handset_message).values(
                id=made, reference=reference, phone=phone, direction=direction, body=body, at=now
            )
        )
        return made
