"""The tokens that lie ready: a call has one, whoever asks for it; old ones are given to nobody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from signaling.ice import IceServer
from telemed import database
from telemed.relays import stock
from telemed.relays.source import Fetched
from telemed.relays.tokens import RelayTokens, relay_token
from tests.build import NOW

KEY = b"k" * 32
HOUR = timedelta(hours=1)


def servers(number: int) -> list[IceServer]:
    relay: IceServer = {
        "urls": ["turn:relay.example"],
        "username": f"n{number}",
        "credential": f"secret-{number}",
    }
    return [{"urls": ["stun:relay.example"]}, relay]


@pytest.fixture
def tokens(engine: Engine) -> RelayTokens:
    return RelayTokens(engine, KEY)


@pytest.fixture
def others(database_url: str, engine: Engine) -> Iterator[RelayTokens]:
    """Another process' tokens: connections of its own to the same database."""
    beside = database.connect(engine.url.render_as_string(hide_password=False))
    yield RelayTokens(beside, KEY)
    beside.dispose()


def lay_ready(tokens: RelayTokens, many: int, at: datetime = NOW, life: timedelta = stock.LIFE) -> None:
    for number in range(many):
        tokens.add(Fetched(at + life + timedelta(seconds=number), servers(number)), at)


def left(engine: Engine) -> int:
    with database.read(engine) as connection:
        free = select(func.count()).where(relay_token.c.room.is_(None))
        return int(connection.execute(free).scalar_one())


def test_both_sides_and_each_renewal_of_a_call_have_the_same(tokens: RelayTokens, engine: Engine) -> None:
    lay_ready(tokens, 2)
    given = [tokens.of_room("room-a", NOW + after) for after in (0 * HOUR, HOUR, 6 * HOUR)]
    assert given == [servers(0)] * 3
    assert tokens.of_room("room-b", NOW) == servers(1)
    assert left(engine) == 0


def test_with_none_ready_there_is_none(tokens: RelayTokens) -> None:
    assert tokens.of_room("room-a", NOW) is None
    lay_ready(tokens, 1)
    assert tokens.of_room("room-a", NOW) is not None
    assert tokens.of_room("room-b", NOW) is None


@pytest.mark.both_databases
def test_a_call_never_has_two_when_processes_ask_at_once(
    tokens: RelayTokens, others: RelayTokens, engine: Engine
) -> None:
    lay_ready(tokens, 8)
    with ThreadPoolExecutor(8) as pool:
        given = list(
            pool.map(lambda turn: (tokens, others)[turn % 2].of_room(f"room-{turn // 8}", NOW), range(24))
        )
    of_rooms = [given[first : first + 8] for first in (0, 8, 16)]
    assert all(each == [each[0]] * 8 and each[0] is not None for each in of_rooms)
    assert len({str(each[0]) for each in of_rooms}) == 3
    assert left(engine) == 5


@pytest.mark.both_databases
def test_one_is_never_given_to_two_calls(tokens: RelayTokens, others: RelayTokens, engine: Engine) -> None:
    lay_ready(tokens, 6)
    with ThreadPoolExecutor(8) as pool:
        given = list(
            pool.map(lambda turn: (tokens, others)[turn % 2].of_room(f"room-{turn}", NOW), range(12))
        )
    had = [str(each) for each in given if each is not None]
    assert len(had) == len(set(had)) == 6
    assert left(engine) == 0


def test_an_old_one_is_not_given_and_is_forgotten(tokens: RelayTokens, engine: Engine) -> None:
    lay_ready(tokens, 1)
    later = NOW + stock.LIFE - stock.CALL_WINDOW + timedelta(seconds=1)
    assert tokens.of_room("room-a", later) is None
    assert (tokens.forget_old(later), left(engine), tokens.forget_old(later)) == (1, 0, 0)


def test_one_made_before_the_clock_was_set_back_is_forgotten_for_nobody_knows_when_it_ends(
    tokens: RelayTokens, engine: Engine
) -> None:
    lay_ready(tokens, 1, at=NOW + HOUR)
    lay_ready(tokens, 1)
    assert (tokens.forget_old(NOW), left(engine)) == (1, 1)


def test_one_that_no_call_could_have_is_not_even_kept(tokens: RelayTokens, engine: Engine) -> None:
    lay_ready(tokens, 1, life=stock.CALL_WINDOW - timedelta(seconds=1))
    assert left(engine) == 0


def test_a_long_call_gets_another_before_its_own_runs_out(tokens: RelayTokens, engine: Engine) -> None:
    lay_ready(tokens, 1)
    assert tokens.of_room("room-a", NOW) == servers(0)
    later = NOW + stock.LIFE - stock.SHARED_LEFT + timedelta(seconds=1)
    tokens.add(Fetched(later + stock.LIFE, servers(7)), later)
    assert tokens.of_room("room-a", later) == servers(7)
    assert tokens.count(later).ready == 0
    tokens.forget_old(NOW + stock.LIFE + HOUR)
    with database.read(engine) as connection:
        assert connection.execute(select(relay_token.c.room)).scalars().all() == ["room-a"]


def test_what_is_ready_and_what_was_taken_lately_is_counted(tokens: RelayTokens) -> None:
    lay_ready(tokens, 5)
    for room in ("room-a", "room-b"):
        tokens.of_room(room, NOW)
    assert tokens.count(NOW) == (3, 2)
    assert tokens.count(NOW + HOUR) == (3, 0)
    # Half an hour before nobody could be given them they count no more, so that others are fetched.
    assert tokens.count(NOW + stock.LIFE - stock.CALL_WINDOW - timedelta(minutes=29)) == (0, 0)


def test_what_is_stored_is_sealed_and_another_key_opens_nothing(tokens: RelayTokens, engine: Engine) -> None:
    lay_ready(tokens, 2)
    with database.read(engine) as connection:
        stored = connection.execute(select(relay_token.c.sealed)).scalars().all()
    assert all(b"secret" not in bytes(each) and b"turn" not in bytes(each) for each in stored)
    assert RelayTokens(engine, b"x" * 32).of_room("room-a", NOW) is None
    assert left(engine) == 0
