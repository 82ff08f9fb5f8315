"""The engine, and the two ways to use it: a unit that writes and a view that only reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool


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
    return create_engine(
        url,
        hide_parameters=True,
        connect_args={"options": "-c lock_timeout=10s"},
        **(pool or {"pool_size": 10, "max_overflow": 30, "pool_pre_ping": True}),
    )


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
