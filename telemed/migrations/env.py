"""Alembic's entry: run one upgrade in one transaction and end it by restoring the triggers."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, Engine

from telemed import database
from telemed.migrations.schema import metadata, restore_triggers


class BrokenReferences(Exception):
    """A migration left rows that point to nothing; it was rolled back."""


def run(engine: Engine) -> None:
    """Run the migrations; SQLite rebuilds tables, which drops their triggers."""
    with _rebuilding(engine) as connection:
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        context.run_migrations()
        restore_triggers(connection)


@contextmanager
def _rebuilding(engine: Engine) -> Iterator[Connection]:
    """Let SQLite drop a table that others point to, to rebuild it, and look at all pointers afterwards."""
    if engine.dialect.name != "sqlite":
        with database.write(engine) as connection:
            yield connection
        return
    with engine.connect().execution_options(telemed_writes=True) as connection:
        driver = connection.connection.cursor()
        # SQLite hears this only outside a transaction.
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise BrokenReferences
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
            driver.close()


run(context.config.attributes["engine"])
