"""The engine, and the two ways to use it: a unit that writes and a view that only reads."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

TRUSTED_SECONDS = 2.0
"""A connection used so short a time ago is there; one that rested longer is asked first."""


def connect(url: str, *, pooled: bool = True) -> Engine:
    """Return an engine for PostgreSQL or SQLite, set up so that our transactions mean what they say.

    Parameters may be personal data, so no error text carries them. Without a pool each use opens a
    connection of its own and waits for nobody.
    """
    pool: dict[str, Any] = {} if pooled else {"poolclass": NullPool}
    if url.startswith("sqlite"):
        engine = create_engine(
            url, hide_parameters=True, connect_args={"timeout": 15, "check_same_thread": False}, **pool
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # A short statement time-out would break migrations; a lock must not hold a door for longer than this.
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"options": "-c lock_timeout=10s -c timezone=UTC"},
        **(pool or {"pool_size": 10, "max_overflow": 30}),
    )
    return engine if pool else _asking_rested(engine)


def connect_reader(engine: Engine) -> Engine:
    """Return an engine for views of the same database.

    On PostgreSQL its connections can write nothing and need no transaction around each look: what several
    statements see is as consistent as under READ COMMITTED, and two round trips fewer. SQLite's is the same.
    """
    if engine.dialect.name != "postgresql":
        return engine
    reader = create_engine(
        engine.url,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        connect_args={"options": "-c default_transaction_read_only=on -c timezone=UTC"},
        pool_size=10,
        max_overflow=30,
    )
    # Whoever closes the one closes the other.
    event.listen(engine, "engine_disposed", lambda _engine: reader.dispose())
    return _asking_rested(reader)


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may write; commit at the end, roll back on any error."""
    with engine.connect().execution_options(telemed_writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads and is always rolled back."""
    with engine.connect() as connection:
        yield connection


def _asking_rested(engine: Engine) -> Engine:
    """Ask a connection that has rested whether it is still there; asking always is a round trip always."""

    def remember(_dbapi: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["used"] = time.monotonic()

    def ask(dbapi: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if time.monotonic() - entry.info.get("used", float("inf")) < TRUSTED_SECONDS:
            return
        try:
            alive = "used" not in entry.info or engine.dialect.do_ping(dbapi)
        except (DBAPIError, engine.dialect.loaded_dbapi.Error):
            alive = False
        if not alive:
            raise DisconnectionError("the connection broke while it rested")

    event.listen(engine, "checkin", remember)
    event.listen(engine, "checkout", ask)
    return engine


def _prepare_sqlite(dbapi: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: ours decide between IMMEDIATE and DEFERRED.
    raw: Any = dbapi
    raw.isolation_level = None
    cursor = dbapi.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer that starts DEFERRED can fail at its first write after reading; IMMEDIATE waits its turn.
    writes = connection.get_execution_options().get("telemed_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
