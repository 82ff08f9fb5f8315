"""The relay tokens that lie ready, sealed, and which call has which; a call never has two at a time.

Rooms and credentials of relays only; nothing here names a person.
"""

import json
import secrets
from datetime import datetime
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Engine,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from scheduling.tables import Instant, metadata
from signaling.ice import IceServer
from telemed import database
from telemed.relays import stock
from telemed.relays.source import Fetched

relay_token = Table(
    "relay_token",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    # The call that has it; null: it lies ready.
    Column("room", String(128), unique=True),
    Column("given_at", Instant),
    CheckConstraint("(room IS NULL) = (given_at IS NULL)", name="given_with_its_time"),
)
_NONCE = 12


class RelayTokens:
    """The tokens; each step is a transaction of its own, as short as can be. `key` seals them (32 bytes)."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine = engine
        self._cipher = AESGCM(key)

    def of_room(self, room: str, real_now: datetime) -> list[IceServer] | None:
        """Return the servers this call may use: those it has, else the next that lie ready; None: no more."""
        with database.read(self._engine) as connection:
            own = connection.execute(_of(room)).one_or_none()
        if own is not None and own.expires_at >= stock.lasts_for_its_call(real_now):
            servers = self._opened(own)
            if servers is not None:
                return servers
        with database.write(self._engine) as connection:
            return self._give(connection, room, real_now)

    def add(self, token: Fetched, real_now: datetime) -> None:
        """Lay a token ready, unless no call could have it."""
        if token.until < stock.lasts_for_a_call(real_now):
            return
        new, nonce = uuid4(), secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, json.dumps(token.servers).encode(), new.bytes)
        with database.write(self._engine) as connection:
            connection.execute(insert(relay_token).values(id=new, sealed=sealed, expires_at=token.until))

    def count(self, real_now: datetime) -> stock.Stock:
        """Count what lies ready and what was taken lately."""
        columns = relay_token.c
        ready = columns.room.is_(None) & (columns.expires_at >= stock.lasts_on_the_shelf(real_now))
        lately = columns.given_at > real_now - stock.LATELY
        with database.read(self._engine) as connection:
            counts = [
                connection.execute(select(func.count()).where(which)).scalar_one()
                for which in (ready, lately)
            ]
        return stock.Stock(*counts)

    def forget_old(self, real_now: datetime) -> int:
        """Forget the tokens that nobody can use or be given any more; returns how many."""
        columns = relay_token.c
        free_too_old = columns.room.is_(None) & (columns.expires_at < stock.lasts_for_a_call(real_now))
        unsure = columns.expires_at > stock.made_ahead_of_time(real_now)
        old = (columns.expires_at < real_now) | free_too_old | unsure
        with database.read(self._engine) as connection:
            if connection.execute(select(columns.id).where(old).limit(1)).first() is None:
                return 0
        with database.write(self._engine) as connection:
            return connection.execute(delete(relay_token).where(old)).rowcount

    def _give(self, connection: Connection, room: str, real_now: datetime) -> list[IceServer] | None:
        while True:
            own = connection.execute(_of(room)).one_or_none()
            if own is None:
                own = self._take(connection, room, real_now)
                if own is None:
                    return None
            if own.expires_at >= stock.lasts_for_its_call(real_now):
                servers = self._opened(own)
                if servers is not None:
                    return servers
            # Too little of it is left, or it was sealed with another key: nobody can use it.
            connection.execute(delete(relay_token).where(relay_token.c.id == own.id))

    def _take(self, connection: Connection, room: str, real_now: datetime) -> Row[Any] | None:
        """Make the token that expires first this room's; whoever was quicker decides what the room has."""
        # Who waits here skips nothing: a row that another holds may be left to us after all.
        free = connection.execute(
            select(relay_token)
            .where(relay_token.c.room.is_(None))
            .where(relay_token.c.expires_at >= stock.lasts_for_a_call(real_now))
            .order_by(relay_token.c.expires_at, relay_token.c.id)
            .limit(1)
            .with_for_update()
        ).one_or_none()
        if free is None:
            return connection.execute(_of(room)).one_or_none()
        try:
            with connection.begin_nested():
                ours = update(relay_token).where(relay_token.c.id == free.id)
                connection.execute(ours.values(room=room, given_at=real_now))
        except IntegrityError:
            return connection.execute(_of(room)).one_or_none()
        return free

    def _opened(self, row: Row[Any]) -> list[IceServer] | None:
        sealed, name = bytes(row.sealed), row.id.bytes
        try:
            opened = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], name)
        except InvalidTag:
            return None
        servers: list[IceServer] = json.loads(opened)
        return servers


def _of(room: str) -> Select[Any]:
    return select(relay_token).where(relay_token.c.room == room)
