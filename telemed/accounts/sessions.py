"""Web sessions as rows: how long they may live, how they are found, listed and ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, update

from scheduling.ids import uuid7
from telemed.accounts.tables import web_session

Audience = Literal["staff", "kiosk", "my"]
EndReason = Literal["signed out", "ended by staff", "new sign-in", "expired"]

# Until somebody has signed in, a session holds only the first steps of doing so.
ANONYMOUS_IDLE = timedelta(minutes=15)
TOUCH_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Limits:
    """How long a session may rest, and how long it may last whatever happens."""

    idle: timedelta
    absolute: timedelta


LIMITS: dict[Audience, Limits] = {
    "staff": Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    "kiosk": Limits(idle=timedelta(minutes=15), absolute=timedelta(hours=2)),
    "my": Limits(idle=timedelta(minutes=10), absolute=timedelta(minutes=10)),
}


@dataclass(frozen=True)
class Session:
    """One row: `id` is the opaque reference that may leave the house, `subject` whom it belongs to."""

    id: UUID
    audience: Audience
    subject: str | None
    data: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None


def new_token() -> str:
    """A cookie value of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def is_live(session: Session, now: datetime) -> bool:
    """Whether the session has neither ended nor passed one of its limits."""
    idle = LIMITS[session.audience].idle if session.subject else ANONYMOUS_IDLE
    return session.ended_at is None and now < session.expires_at and now < session.seen_at + idle


class SessionStore:
    """The only reader and writer of web_session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, token: str, audience: Audience, subject: str | None, data: str, now: datetime) -> Session:
        """Begin a session for a fresh token."""
        session = Session(
            uuid7(), audience, subject, data, now, now, now + LIMITS[audience].absolute, ended_at=None
        )
        self._connection.execute(insert(web_session).values(**session.__dict__, token_hash=token_hash(token)))
        return session

    def by_token(self, token: str, audience: Audience) -> Session | None:
        """The session of a cookie, live or not; a token of another audience finds nothing."""
        found = self._connection.execute(
            select(web_session).where(
                web_session.c.token_hash == token_hash(token), web_session.c.audience == audience
            )
        ).one_or_none()
        return _session(found) if found else None

    def save(self, session_id: UUID, data: str, now: datetime) -> None:
        """Keep new data; a session that ended meanwhile stays empty."""
        self._change(session_id, {"data": data, "seen_at": now})

    def touch(self, session_id: UUID, now: datetime) -> None:
        """Note that the session is in use."""
        self._change(session_id, {"seen_at": now})

    def end(self, session_id: UUID, why: EndReason, now: datetime) -> bool:
        """End a session and forget what it held; false when it had ended before."""
        return self._change(session_id, {"ended_at": now, "ended_why": why, "data": ""}) == 1

    def live(self, audience: Audience, now: datetime) -> list[Session]:
        """The signed-in sessions of an audience, newest first."""
        rows = self._connection.execute(
            select(web_session)
            .where(
                web_session.c.audience == audience,
                web_session.c.ended_at.is_(None),
                web_session.c.subject.is_not(None),
            )
            .order_by(web_session.c.created_at.desc())
        )
        return [session for session in map(_session, rows) if is_live(session, now)]

    def expire(self, now: datetime, keep: timedelta = timedelta(days=90)) -> list[UUID]:
        """End what passed a limit, drop what ended long ago; returns the references that just ended."""
        rows = self._connection.execute(select(web_session).where(web_session.c.ended_at.is_(None)))
        stale = [session.id for session in map(_session, rows) if not is_live(session, now)]
        for session_id in stale:
            self.end(session_id, "expired", now)
        self._connection.execute(delete(web_session).where(web_session.c.ended_at < now - keep))
        return stale

    def _change(self, session_id: UUID, values: dict[str, object]) -> int:
        changed = self._connection.execute(
            update(web_session)
            .where(web_session.c.id == session_id, web_session.c.ended_at.is_(None))
            .values(values)
        )
        return changed.rowcount


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        row.id, row.audience, row.subject, row.data, row.created_at, row.seen_at, row.expires_at, row.ended_at
    )
