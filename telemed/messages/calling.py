"""The clerk's call list: whom a message may not have reached, until somebody has called or need not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, select, update

from scheduling.errors import NotFound, StaleVersion
from scheduling.ids import uuid7
from telemed.messages.about import Subjects, subject_of
from telemed.messages.moves import Seen
from telemed.messages.tables import OPEN_CALLS, call_list, message

OUTCOMES = ("called", "unreached", "letter")
"""How a line can end: told, not reached yet, or by letter."""

UNCLEAR, ASKED = "unclear", "asked"
"""Why a person must call: what was written could not be read, or was a question."""


@dataclass(frozen=True)
class CallLine:
    """One person to call, why, and the message that they may not have had."""

    id: UUID
    patient_id: UUID
    phone: str
    reason: str
    kind: str
    starts_at: datetime
    tried_at: datetime | None
    version: int
    whom: str = "patient"
    letter_at: datetime | None = None


class CallList:
    """The calls to make, of one transaction."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def to_make(self, site_id: UUID) -> list[CallLine]:
        """Return whom a counter is to call, the next visit first."""
        columns = call_list.c
        waiting = columns.status.in_(OPEN_CALLS)
        return self._lines(site_id, waiting, message.c.starts_at, columns.id)

    def letters(self, site_id: UUID, since: datetime) -> list[CallLine]:
        """Return what a counter has written letters about, the latest first."""
        columns = call_list.c
        written = and_(columns.status == "letter", columns.letter_at >= since)
        return self._lines(site_id, written, columns.letter_at.desc(), columns.id)

    def of(self, line_id: UUID, site_id: UUID) -> UUID:
        """Return whom a line is about; NotFound at another counter."""
        own = select(call_list.c.patient_id).where(call_list.c.id == line_id, call_list.c.site_id == site_id)
        patient_id: UUID | None = self._connection.scalar(own)
        if patient_id is None:
            raise NotFound("call")
        return patient_id

    def mark(self, line_id: UUID, site_id: UUID, version: int, outcome: str, by: str, now: datetime) -> None:
        """Note how a call ended; NotFound at another counter, StaleVersion when somebody was quicker."""
        self.of(line_id, site_id)
        columns = call_list.c
        letter_at = now if outcome == "letter" else columns.letter_at
        marked = self._connection.execute(
            update(call_list)
            .where(columns.id == line_id, columns.version == version, columns.status.in_(OPEN_CALLS))
            .values(status=outcome, changed_at=now, changed_by=by, version=version + 1, letter_at=letter_at)
        )
        if marked.rowcount != 1:
            raise StaleVersion("call")

    def _lines(self, site_id: UUID, which: ColumnElement[bool], *order: Any) -> list[CallLine]:
        columns = call_list.c
        wanted = (
            select(call_list, message.c.kind, message.c.starts_at, message.c.whom)
            .join_from(call_list, message, message.c.id == columns.message_id)
            .where(columns.site_id == site_id, which)
            .order_by(*order)
        )
        lines = []
        for row in self._connection.execute(wanted):
            self._seen(row.patient_id, "message")
            tried_at = row.changed_at if row.status == "unreached" else None
            made = (row.phone, row.reason, row.kind, row.starts_at, tried_at, row.version)
            lines.append(CallLine(row.id, row.patient_id, *made, row.whom, row.letter_at))
        return lines


def add_line(
    connection: Connection,
    row: Row[Any],
    reason: str,
    now: datetime,
    site_id: UUID,
    *,
    inbound_id: UUID | None = None,
    needed: bool = True,
) -> None:
    """Put a message on its counter's list: to be called about, or (not ``needed``) only written down.

    There is one line a message. A line that was closed is opened by a new need; an open one stays as it is,
    except that a question is more than an answer nobody understood: the next clear answer does not close it.
    """
    status = "open" if needed else "not_needed"
    told = {"reason": reason, "status": status, "changed_at": now, "inbound_message_id": inbound_id}
    # Whoever adds a line to the same message meanwhile waits here.
    connection.execute(select(message.c.id).where(message.c.id == row.id).with_for_update())
    columns = call_list.c
    held = connection.execute(select(call_list).where(columns.message_id == row.id)).one_or_none()
    if held is None:
        connection.execute(
            insert(call_list).values(
                id=uuid7(),
                message_id=row.id,
                patient_id=row.patient_id,
                site_id=site_id,
                phone=row.phone if row.whom == "patient" and row.channel != "email" else "",
                added_at=now,
                version=1,
                **told,
            )
        )
    elif needed and (held.status not in OPEN_CALLS or (held.reason, reason) == (UNCLEAR, ASKED)):
        again = update(call_list).where(columns.id == held.id)
        connection.execute(again.values(version=held.version + 1, **told))


def close_lines(
    connection: Connection, message_ids: Select[tuple[UUID]], now: datetime, but: str = ""
) -> None:
    """Nobody needs to call about these messages any more, ``but`` for one reason."""
    _close(connection, and_(call_list.c.message_id.in_(message_ids), call_list.c.reason != but), now)


def close_unclear(connection: Connection, message_ids: Select[tuple[UUID]], now: datetime) -> None:
    """What nobody understood has been said clearly since: nobody needs to call about that."""
    listed = and_(call_list.c.message_id.in_(message_ids), call_list.c.reason == UNCLEAR)
    _close(connection, listed, now)


def _close(connection: Connection, listed: ColumnElement[bool], now: datetime) -> None:
    version = call_list.c.version + 1
    connection.execute(
        update(call_list)
        .where(listed, call_list.c.status.in_(OPEN_CALLS))
        .values(status="not_needed", changed_at=now, version=version)
    )


def site_of(row: Row[Any], subjects: Subjects) -> UUID:
    """The counter that tells the patient what a message would have told."""
    if row.site_id is not None:
        return UUID(str(row.site_id))
    # Messages of yesterday do not name their counter.
    column, subject = subject_of(row)
    if column == "queue_entry_id":
        return subjects.queue_entry(subject).site_id
    if column == "wish_offer_id":
        return subjects.wish_offer(subject).site_id
    return subjects.appointment(subject).site_id
