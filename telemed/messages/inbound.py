"""Answers as they come in: each counted once, each tied to one question of ours or to none, never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from scheduling.booking import Appointment
from scheduling.ids import uuid7
from telemed.messages import choices
from telemed.messages.about import same_subject, subject_of
from telemed.messages.choices import CHOICES
from telemed.messages.choosing import choice_of
from telemed.messages.letters import plain
from telemed.messages.menus import ASKING
from telemed.messages.moves import Seen
from telemed.messages.replies import Meaning, meaning
from telemed.messages.steps import plan
from telemed.messages.tables import inbound_message, message

# A claimed one may be on the telephone before its carrier has answered us.
_SENT = ("claimed", "accepted", "unknown", "on_call_list", "delivered")
_HELP = {"offer": "offer_help", "offer_help": "offer_help"}
_ANSWERS = (Meaning.CONFIRM, Meaning.CANCEL, Meaning.MOVE)
_OF_THE_NUMBER = (Meaning.STOP, Meaning.WRONG_NUMBER, Meaning.RESUME)
_ASKED_AGAIN = ("help", "offer_help")
_ONLY_TOLD = ("summary", "record_read", "day_over", "offer_over")
_SUBJECTS = ("appointment_id", "queue_entry_id", "wish_offer_id")
# So long somebody's answer may still be to numbers that we have sent, and a stranger's to a message of ours.
_STILL_MEANT, _REMEMBERED = timedelta(hours=24), timedelta(days=30)
_NUMBER = re.compile(r"\W*\d\W*")


@dataclass(frozen=True)
class Answer:
    """What somebody answered, and about what (nothing at all: we cannot tell, a person must look).

    `message_id` is the message that is answered, or the last one to a number that nothing is open for;
    `could_mean` the visits when it may be one of several; `asked_before` that we have asked again already;
    `told` the times that were said: an answer to one of them is none to a time that nobody has told yet;
    `brought_before` that it was done when it came first.
    """

    meaning: Meaning
    appointment_id: UUID | None = None
    queue_entry_id: UUID | None = None
    wish_offer_id: UUID | None = None
    phone: str = field(default="", compare=False)
    inbound_id: UUID | None = field(default=None, compare=False)
    message_id: UUID | None = field(default=None, compare=False)
    chosen: int | None = field(default=None, compare=False)
    could_mean: tuple[UUID, ...] = field(default=(), compare=False)
    asked_before: bool = field(default=False, compare=False)
    told: tuple[datetime, ...] = field(default=(), compare=False)
    brought_before: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class _Question:
    """The message that is answered, what else could be meant, and whether numbers may mean another menu."""

    row: Row[Any] | None = None
    others: Sequence[Row[Any]] = ()
    crossed: bool = False


class Inbox:
    """The answers of one transaction."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def take(self, provider: str, provider_id: str, phone: str, text: str, now: datetime) -> Answer | None:
        """Store one incoming SMS and read it; None when the provider has brought it before."""
        if self._known(provider, provider_id):
            return None
        # What no database keeps: NUL, and halves of letters that a gateway's JSON may hold.
        text = text.replace("\0", "").encode("utf-8", "replace").decode()
        sent = self._sent_to(phone, now)
        asked = _question([row for row in sent if row.starts_at > now], sent, now)
        read, chosen = self._read(text, asked, sent[0].language if sent else "")
        said_of = asked.row
        inbound_id = uuid7()
        came_as = {"id": inbound_id, "provider": provider, "provider_id": provider_id, "phone": phone}
        about = said_of.id if said_of is not None else None
        if not self._keep({**came_as, "body": text, "meaning": read.value, "message_id": about, "at": now}):
            return None
        came = Answer(read, phone=phone, inbound_id=inbound_id, chosen=chosen)
        if said_of is None:
            return replace(came, message_id=sent[0].id if sent else None)
        self._seen(said_of.patient_id, "message")
        before = self._settle(said_of, read, now, unsure=bool(asked.others))
        return replace(
            came,
            appointment_id=said_of.appointment_id,
            queue_entry_id=said_of.queue_entry_id,
            wish_offer_id=said_of.wish_offer_id,
            message_id=said_of.id,
            could_mean=_visits(said_of, asked.others) if read in _ANSWERS else (),
            asked_before=before,
            told=(said_of.starts_at, *(each.starts_at for each in asked.others)),
        )

    def _known(self, provider: str, provider_id: str) -> bool:
        known = select(inbound_message.c.id).where(
            inbound_message.c.provider == provider, inbound_message.c.provider_id == provider_id
        )
        return self._connection.execute(known).first() is not None

    def _keep(self, came: dict[str, Any]) -> bool:
        """Store what came in; false when the provider has brought it twice at the same moment."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(inbound_message).values(**came))
        except IntegrityError:
            return False
        return True

    def _sent_to(self, phone: str, now: datetime) -> Sequence[Row[Any]]:
        columns = message.c
        sent = (
            select(message)
            .where(columns.phone == phone, columns.channel == "sms", columns.state.in_(_SENT))
            .where(or_(columns.starts_at > now, columns.changed_at > now - _REMEMBERED))
            .order_by(columns.due_at.desc(), columns.id.desc())
        )
        return self._connection.execute(sent).all()

    def _read(self, text: str, asked: _Question, language: str) -> tuple[Meaning, int | None]:
        row = asked.row
        if row is not None and row.kind in CHOICES:
            chosen = choice_of(text, row.language, choices.how_many(self._connection, row.id))
            if chosen is not None:
                # Who has chosen already says it twice, or has changed their mind: nothing is done twice.
                return Meaning.CHOICE, chosen if row.answered_at is None else None
        said = _said(text, row) if row is not None else meaning(text, language)
        if said in _OF_THE_NUMBER:
            return said, None
        if row is not None and row.whom == "proxy":
            # Neither a yes nor a no is theirs to give.
            return Meaning.UNCLEAR, None
        if row is not None and row.kind in CHOICES and said in (Meaning.CONFIRM, Meaning.CANCEL):
            # "Yes" is no choice, and "2" was one: nobody loses a visit by an answer to another question.
            return Meaning.UNCLEAR, None
        if asked.crossed and _NUMBER.fullmatch(plain(text)):
            return Meaning.UNCLEAR, None
        tellable = row is None or not asked.others or (said in _ANSWERS and _visits(row, asked.others))
        return (said if tellable else Meaning.HELP), None

    def _settle(self, about: Row[Any], read: Meaning, now: datetime, unsure: bool) -> bool:
        """Close what is answered, or ask again; true when that was done before."""
        if read in _OF_THE_NUMBER:
            # Whoever wants no messages, or is somebody else, gets no further one.
            return False
        if read not in (*_ANSWERS, Meaning.CHOICE):
            return not self._ask_again(about, now)
        if not unsure:
            which = message.c.id == about.id if read is Meaning.CHOICE else same_subject(about)
            self._connection.execute(
                update(message).where(which, message.c.answered_at.is_(None)).values(answered_at=now)
            )
        return False

    def _ask_again(self, about: Row[Any], now: datetime) -> bool:
        if about.queue_entry_id is not None or about.whom == "proxy":
            # "Come now" asks nothing, nor is a proxy asked: a person must see what is meant.
            return False
        kind = _HELP.get(about.kind, "help")
        asked = select(message.c.id).where(
            same_subject(about), message.c.version == about.version, message.c.kind == kind
        )
        # Once per version: two machines that answer each other would never stop.
        if about.starts_at <= now or self._connection.execute(asked).first() is not None:
            return False
        reply_to(self._connection, about, kind, now)
        return True


def answered(connection: Connection, message_id: UUID) -> Row[Any]:
    """The message that somebody has answered."""
    return connection.execute(select(message).where(message.c.id == message_id)).one()


def close(connection: Connection, appointment_id: UUID, now: datetime) -> None:
    """Nothing that we have asked about this visit is open any more."""
    asked = (message.c.appointment_id == appointment_id, message.c.answered_at.is_(None))
    connection.execute(update(message).where(*asked).values(answered_at=now))


def was_told(connection: Connection, kinds: Sequence[str], about: Appointment) -> bool:
    """Whether one of these kinds was promised for this version of a visit."""
    told = select(message.c.id).where(
        message.c.appointment_id == about.id,
        message.c.version == about.version,
        message.c.kind.in_(kinds),
    )
    return connection.execute(told).first() is not None


def reply_to(
    connection: Connection, about: Row[Any], kind: str, now: datetime, visit: Appointment | None = None
) -> UUID:
    """Promise an answer to whoever has answered this message: same number, language and letters.

    It is about the same thing, or about another visit.
    """
    copied = (
        *(*_SUBJECTS, "version", "patient_id", "channel", "whom", "phone", "language", "script"),
        *("site_id", "place", "time_zone", "starts_at"),
    )
    made = uuid7()
    row = {name: getattr(about, name) for name in copied}
    if visit is not None:
        row |= {"appointment_id": visit.id, "queue_entry_id": None, "wish_offer_id": None}
        row |= {"version": visit.version, "patient_id": visit.patient_id, "starts_at": visit.starts_at}
    first = {"kind": kind, "due_at": now, "state": "due", "changed_at": now, "follows_id": about.id}
    plan(connection, [{"id": made, **first, **row}])
    return made


def _said(text: str, about: Row[Any]) -> Meaning:
    return meaning(text, about.language, about.starts_at.astimezone(ZoneInfo(about.time_zone)).time())


def _question(open_ones: Sequence[Row[Any]], sent: Sequence[Row[Any]], now: datetime) -> _Question:
    crossed = _crossed(sent, now)
    # What is only told is not answered: whoever writes means what we asked before.
    open_ones = [row for row in open_ones if row.kind not in _ONLY_TOLD]
    if not open_ones or open_ones[0].kind == "cancelled":
        return _Question(crossed=crossed)
    latest = open_ones[0]
    if latest.kind in (*_ASKED_AGAIN, *CHOICES):
        return _Question(latest)
    asked = [row for row in open_ones if row.kind in (*ASKING, *CHOICES)]
    elsewhere = [row for row in asked if subject_of(row) != subject_of(latest)]
    others = [row for row in elsewhere if row.answered_at is None]
    if others:
        return _Question(others[0], (latest, *others[1:]), crossed)
    if elsewhere and latest.kind not in (*ASKING, "come_now") and not _asked_about(latest, asked):
        # It gave no numbers: "2" may be a second thought about another visit, perhaps another person's.
        return _Question(latest, [row for row in elsewhere if row.appointment_id is not None], crossed=True)
    return _Question(latest, (), crossed)


def _asked_about(row: Row[Any], asked: Sequence[Row[Any]]) -> bool:
    """Whether the last numbers that we gave were about the same thing."""
    return bool(asked) and subject_of(asked[0]) == subject_of(row)


def _crossed(sent: Sequence[Row[Any]], now: datetime) -> bool:
    """Whether a number may be meant for choices we gave before our last message, whatever became of them."""
    menus = [row for row in sent if row.kind in (*ASKING, *CHOICES) and row.due_at > now - _STILL_MEANT]
    waiting = any(row.kind in CHOICES and row.answered_at is None for row in menus)
    return waiting or bool(menus and menus[0].kind in CHOICES)


def _visits(row: Row[Any], others: Sequence[Row[Any]]) -> tuple[UUID, ...]:
    """The visits that could be meant, when nothing but visits could be."""
    rows = (row, *others)
    if not others or any(each.appointment_id is None for each in rows):
        return ()
    by_time = {each.appointment_id: each for each in sorted(rows, key=lambda each: each.starts_at)}
    return tuple(by_time) if len(by_time) > 1 else ()
