"""The test bed itself: databases are real and fresh, and no test reaches another machine."""

import socket

import pytest
import redis
from sqlalchemy import Engine, delete, select, text

from scheduling.places import Settlement
from scheduling.store import Book
from scheduling.tables.places import settlement
from scheduling.tables.rosters import visit_type


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
