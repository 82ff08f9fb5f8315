"""One PostgreSQL database for all tests of a process: emptied for each, made anew after its tables changed.

Making a database from a template takes up to seconds on a busy machine, emptying one takes hundredths.
"""

import psycopg
from psycopg import Connection

from tests.servers import Postgres

NAME = "of_one_test"

# Notes that something was created, altered or dropped.
_MARKS = """
CREATE SCHEMA bed;
CREATE TABLE bed.changed (what text);
CREATE FUNCTION bed.note() RETURNS event_trigger LANGUAGE plpgsql
  AS 'BEGIN INSERT INTO bed.changed VALUES (tg_tag); END';
CREATE EVENT TRIGGER noted ON ddl_command_end EXECUTE FUNCTION bed.note();
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_NUMBERS = "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences"


class OneDatabase:
    """The database of whichever test runs; `fresh` makes it what the template is."""

    def __init__(self, server: Postgres, template: str) -> None:
        self._server = server
        self._template = template
        self._emptying = ""

    @property
    def url(self) -> str:
        """Its address, always the same."""
        return self._server.url(NAME)

    def fresh(self) -> str:
        """Return the address, with the template's tables and rows behind it and nobody connected."""
        if not (self._emptying and self._emptied()):
            self._make()
        return self.url

    def _make(self) -> None:
        self._server.run(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        self._server.run(f"CREATE DATABASE {NAME} TEMPLATE {self._template}")
        with self._connected() as connection:
            self._emptying = _emptying(connection)
            connection.execute(_MARKS)

    def _emptied(self) -> bool:
        with self._connected() as connection:
            connection.execute(_OTHERS)
            if connection.execute("SELECT 1 FROM bed.changed LIMIT 1").fetchone():
                return False
            # No trigger and no foreign key has a say in this: promises of the tables are kept by the tests.
            connection.execute("SET session_replication_role = replica")
            connection.execute(self._emptying.encode())
        return True

    def _connected(self) -> Connection[tuple[object, ...]]:
        return psycopg.connect(self._server.conninfo(NAME), autocommit=True)


def _emptying(connection: Connection[tuple[object, ...]]) -> str:
    """Delete everything, and write what the migrations wrote once more."""
    tables = [f'"{name}"' for (name,) in connection.execute(_TABLES)]
    filled = [
        each for each in tables if connection.execute(f"SELECT 1 FROM {each} LIMIT 1".encode()).fetchone()
    ]
    connection.execute("CREATE SCHEMA kept")
    for each in filled:
        connection.execute(f"CREATE TABLE kept.{each} AS TABLE {each}".encode())
    deleted = [f"DELETE FROM {each}" for each in tables]
    written = [f"INSERT INTO {each} SELECT * FROM kept.{each}" for each in filled]
    return ";".join([*deleted, *written, _NUMBERS])
