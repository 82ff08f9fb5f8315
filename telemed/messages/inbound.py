"""Answers as they come in: each counted once, each tied to one question of ours or to none, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, select, update

from scheduling.ids import uuid7
from telemed.messages.about import COLUMNS, same_subject, subject_of
from telemed.messages.moves import Seen
from telemed.messages.replies import Meaning, meaning
from telemed.messages.steps import plan
from telemed.messages.tables import inbound_message, message

_SENT = ("accepted", "unknown", "on_call_list", "delivered")
_ASKING = ("day_before", "two_hours", "help", "offer", "offer_help")
_HELP = {"offer": "offer_help", "offer_help": "offer_help"}
_ANSWERS = (Meaning.CONFIRM, Meaning.CANCEL)
_OF_THE_NUMBER = (Meaning.STOP, Meaning.WRONG_NUMBER)
_ASKED_AGAIN = ("help", "offer_help")


@dataclass(frozen=True)
class Answer:
    """What somebody answered, and about what (nothing at all: we cannot tell, a person must look)."""

    meaning: Meaning
    appointment_id: UUID | None = None
    queue_entry_id: UUID | None = None
    wish_offer_id: UUID | None = None


class Inbox:
    """The answers of one transaction."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def take(self, provider: str, provider_id: str, phone: str, text: str, now: datetime) -> Answer | None:
        """Store one incoming SMS and read it; None when the provider has brought it before."""
        if self._known(provider, provider_id):
            return None
        about, certain = _subject(self._sent_to(phone, now))
        said = _said(text, about)
        read = said if certain or said in _OF_THE_NUMBER else Meaning.HELP
        self._connection.execute(
            insert(inbound_message).values(
                id=uuid7(),
                provider=provider,
                provider_id=provider_id,
                phone=phone,
                body=text,
                meaning=read.value,
                message_id=about.id if about is not None else None,
                at=now,
            )
        )
        if about is None:
            return Answer(read)
        self._seen(about.patient_id, "message")
        self._settle(about, read, now)
        return Answer(read, **{name: getattr(about, name) for name in COLUMNS})

    def _known(self, provider: str, provider_id: str) -> bool:
        known = select(inbound_message.c.id).where(
            inbound_message.c.provider == provider, inbound_message.c.provider_id == provider_id
        )
        return self._connection.execute(known).first() is not None

    def _sent_to(self, phone: str, now: datetime) -> Sequence[Row[Any]]:
        sent = (
            select(message)
            .where(message.c.phone == phone, message.c.state.in_(_SENT), message.c.starts_at > now)
            .order_by(message.c.due_at.desc(), message.c.id.desc())
        )
        return self._connection.execute(sent).all()

    def _settle(self, about: Row[Any], read: Meaning, now: datetime) -> None:
        if read in _OF_THE_NUMBER:
            # Whoever wants no messages, or is somebody else, gets no further one.
            return
        if read not in _ANSWERS:
            self._ask_again(about, now)
            return
        self._connection.execute(
            update(message)
            .where(same_subject(about), message.c.answered_at.is_(None))
            .values(answered_at=now)
        )

    def _ask_again(self, about: Row[Any], now: datetime) -> None:
        if about.queue_entry_id is not None:
            # "Come now" asks nothing.
            return
        kind = _HELP.get(about.kind, "help")
        asked = select(message.c.id).where(
            same_subject(about), message.c.version == about.version, message.c.kind == kind
        )
        # Once per version: two machines that answer each other would never stop.
        if self._connection.execute(asked).first() is None:
            copied = (
                *COLUMNS,
                "version",
                "patient_id",
                "phone",
                "language",
                "script",
                "site_id",
                "place",
                "time_zone",
                "starts_at",
            )
            row = {name: getattr(about, name) for name in copied}
            first = {"kind": kind, "due_at": now, "state": "due", "changed_at": now}
            plan(self._connection, [{"id": uuid7(), **first, **row}])


def _said(text: str, about: Row[Any] | None) -> Meaning:
    if about is None:
        return meaning(text)
    return meaning(text, about.language, about.starts_at.astimezone(ZoneInfo(about.time_zone)).time())


def _subject(sent: Sequence[Row[Any]]) -> tuple[Row[Any] | None, bool]:
    """Return the message that is answered, and whether no other one can be meant."""
    if not sent or sent[0].kind == "cancelled":
        return None, True
    latest = sent[0]
    if latest.kind in _ASKED_AGAIN:
        return latest, True
    asked = [row for row in sent if row.kind in _ASKING and row.answered_at is None]
    others = [row for row in asked if subject_of(row) != subject_of(latest)]
    return (others[0], False) if others else (latest, True)
