"""Notices to whoever holds sockets: written in the transaction that causes them, read by each socket process.

A notice holds opaque references only. The database carries it, so it works with one process or many,
and is not lost with a broker.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, select

from scheduling.tables import Instant, metadata

Kind = Literal["close-session", "close-room", "admitted", "room-here"]

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(80), nullable=False),
)
_SAY = insert(notice)


class Notice(NamedTuple):
    """One thing the socket processes must do."""

    id: int
    kind: str
    subject: str


class Notices:
    """The board: append inside a unit, read a window again and again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def say(self, kind: Kind, subject: str, real_now: datetime) -> None:
        """Tell every socket process to close a session's sockets or a room."""
        self._connection.execute(_SAY, {"at": real_now, "kind": kind, "subject": subject})

    def after(self, moment: datetime) -> list[Notice]:
        """Return the notices said after a moment, oldest first.

        A reader asks for an overlapping window and remembers ids: two transactions may commit in another
        order than their ids were given.
        """
        rows = self._connection.execute(
            select(notice).where(notice.c.at > moment).order_by(notice.c.id)
        ).all()
        return [Notice(row.id, row.kind, row.subject) for row in rows]

    def forget_before(self, moment: datetime) -> None:
        """Drop notices that every process has long seen."""
        self._connection.execute(delete(notice).where(notice.c.at < moment))
