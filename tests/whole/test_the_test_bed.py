"""The test bed itself: databases are real and fresh, and no test reaches another machine."""

import ast
import socket
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine, delete, select, text

from scheduling.places import Settlement
from scheduling.store import Book
from scheduling.tables.places import settlement
from scheduling.tables.rosters import visit_type
from tests.spread import SERVICES, home

ROOT = Path(__file__).parents[2]


@pytest.mark.both_databases
@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_gets_a_fresh_database(engine: Engine, turn: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_over (turn TEXT)"))
        connection.execute(text("INSERT INTO left_over VALUES (:turn)"), {"turn": turn})
        assert connection.execute(text("SELECT turn FROM left_over")).scalars().all() == [turn]


@pytest.mark.both_databases
@pytest.mark.parametrize("turn", ["first", "second"])
def test_rows_of_one_test_meet_no_other(engine: Engine, turn: str) -> None:
    with engine.begin() as connection:
        assert connection.execute(select(settlement.c.name)).scalars().all() == []
        assert connection.execute(select(visit_type.c.id)).scalars().all() != []
        connection.execute(delete(visit_type))
        Book(connection, lambda *_: None).add_settlement(Settlement("1", turn, turn, "", "", 42.0, 24.0))
        assert connection.execute(select(settlement.c.name)).scalars().all() == [turn]


def test_redis_answers(redis_server: str) -> None:
    client = redis.Redis.from_url(redis_server)
    assert client.ping()
    client.close()


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_connecting_to_another_machine_is_refused(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(family, kind) as outward, pytest.raises(RuntimeError, match=address):
            outward.connect((address, 9))


def test_looking_up_another_machine_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"example\.org"):
        socket.create_connection(("example.org", 443), timeout=1)


def test_this_machine_may_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as here,
        socket.create_connection(here.getsockname(), timeout=1) as reached,
    ):
        assert reached.getpeername() == here.getsockname()


def test_all_that_share_a_service_go_to_one_worker_and_nothing_else_does() -> None:
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*.py"))
    homes = {file: home(file, ROOT) for file in files}
    for file in files:
        asks = {each for each in SERVICES if asked_for(each, ROOT / file)}
        assert {homes[file]} == (asks or {file}), file
    assert set(SERVICES) <= set(homes.values())


def asked_for(name: str, path: Path) -> bool:
    """Whether a test or a fixture in the file has this service among its arguments, as Python reads it."""
    functions = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    )
    return any(name == argument.arg for each in functions for argument in each.args.args)
