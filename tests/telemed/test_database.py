"""Two ways to use a database: what only looks can change nothing, and no broken connection is handed out."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from telemed import database
from tests import servers

LOOK = text("SELECT count(*) FROM resource")
CHANGE = text("DELETE FROM resource")


@pytest.fixture
def reader(engine: Engine) -> Engine:
    return database.connect_reader(engine)


@pytest.mark.both_databases
def test_a_reader_sees_what_was_committed(engine: Engine, reader: Engine) -> None:
    with database.write(engine) as connection:
        connection.execute(text(f"INSERT INTO resource (id, kind) VALUES ('{'0' * 31}1', 'kiosk')"))
    with database.read(reader) as connection:
        assert connection.execute(LOOK).scalar_one() == 1


@pytest.mark.both_databases
def test_a_reader_changes_nothing(engine: Engine, reader: Engine) -> None:
    with database.read(reader) as connection:
        if connection.dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="read-only"):
                connection.execute(CHANGE)
        else:
            connection.execute(CHANGE)  # … which is rolled back.


def test_sqlite_is_read_and_written_through_the_same_engine(engine: Engine) -> None:
    assert database.connect_reader(engine) is engine


@pytest.fixture
def alone(postgres: servers.Postgres, postgres_template: str) -> Iterator[Engine]:
    """An engine on a database of its own, whose connections may be broken."""
    postgres.run(f"CREATE DATABASE alone TEMPLATE {postgres_template}")
    engine = database.connect(postgres.url("alone"))
    yield engine
    engine.dispose()
    postgres.run("DROP DATABASE alone WITH (FORCE)")


def test_a_connection_that_broke_while_it_rested_is_replaced(
    alone: Engine, postgres: servers.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRUSTED_SECONDS", 0)
    reader = database.connect_reader(alone)
    for engine in (alone, reader):
        with database.read(engine) as connection:
            connection.execute(LOOK)
    postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'alone'")
    for engine in (alone, reader):
        with database.read(engine) as connection:
            assert connection.execute(LOOK).scalar_one() == 0


def test_closing_the_engine_closes_its_reader(alone: Engine) -> None:
    reader = database.connect_reader(alone)
    with database.read(reader) as connection:
        connection.execute(LOOK)
    alone.dispose()
    assert reader.pool.checkedin() == 0  # type: ignore[attr-defined]  # a QueuePool has it
