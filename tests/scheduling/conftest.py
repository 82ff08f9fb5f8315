from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine

from scheduling.store import Book
from telemed import database
from tests import build

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


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with database.write(engine) as connection:
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
