import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event

from scheduling.calendar_cache import CalendarCache
from scheduling.store import Book
from telemed import database
from tests import build, servers

Unit = Callable[[], AbstractContextManager[Book]]


class Witness:
    """Remembers what a store said it handed out."""

    def __init__(self) -> None:
        self.saw: list[tuple[UUID, str]] = []

    def __call__(self, owner: UUID, what: str) -> None:
        self.saw.append((owner, what))


def nobody(owner: UUID, what: str) -> None:
    """A witness who does not care."""


@pytest.fixture
def witness() -> Witness:
    return Witness()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kept_engine" in metafunc.fixturenames:
        both = metafunc.config.getoption("full") or metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize("kept_engine", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def kept_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("kept") / "telemed.db"
    shutil.copyfile(sqlite_template, path)
    yield from _closing(database.connect(f"sqlite:///{path}"))


@pytest.fixture(scope="session")
def kept_postgresql(postgres: servers.Postgres, postgres_template: str) -> Iterator[Engine]:
    postgres.run(f"CREATE DATABASE kept_for_scheduling TEMPLATE {postgres_template}")
    yield from _closing(database.connect(postgres.url("kept_for_scheduling")))


def _closing(engine: Engine) -> Iterator[Engine]:
    yield engine
    engine.dispose()


@pytest.fixture
def kept_engine(request: pytest.FixtureRequest) -> Engine:
    """An engine on an empty database that is kept, so whoever uses it must take back what they wrote."""
    engine: Engine = request.getfixturevalue(f"kept_{request.param}")
    return engine


@pytest.fixture
def connection(kept_engine: Engine) -> Iterator[Connection]:
    """A transaction that is rolled back when the test ends."""
    with database.read(kept_engine.execution_options(telemed_writes=True)) as connection:
        yield connection


@pytest.fixture
def book(connection: Connection, witness: Witness) -> Book:
    """A book inside one transaction that lasts as long as the test."""
    return Book(connection, witness)


@pytest.fixture
def world(book: Book, witness: Witness) -> build.World:
    """One of everything, in the test's own transaction."""
    return build.world(book)


@pytest.fixture
def unit(engine: Engine) -> Unit:
    """Opens books in transactions of their own, for tests with several of them."""

    @contextmanager
    def opened() -> Iterator[Book]:
        with database.write(engine) as connection:
            yield Book(connection, nobody)

    return opened


@pytest.fixture
def shared_world(unit: Unit) -> build.World:
    """One of everything, committed."""
    with unit() as book:
        return build.world(book)


@pytest.fixture
def statements(connection: Connection) -> list[str]:
    """What this transaction asks the database from now on."""
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    return asked


@pytest.fixture
def warm(connection: Connection, book: Book, world: build.World) -> Book:
    """A book whose calendars are in memory already."""
    kept = CalendarCache()
    book = Book(connection, nobody, kept)
    book.free_slots(world.site.id, None, "consultation", build.TUESDAY, 1, build.NOW)
    return Book(connection, nobody, kept)
