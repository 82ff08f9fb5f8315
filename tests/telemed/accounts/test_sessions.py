"""Sessions as rows: two limits, one end, and a token that the database itself cannot give away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import IntegrityError

from telemed import database
from telemed.accounts.sessions import ANONYMOUS_IDLE, LIMITS, Session, SessionStore, is_live, new_token
from telemed.accounts.tables import web_session

NOW = datetime(2025, 12, 2, 9, 40, tzinfo=UTC)
STAFF = LIMITS["staff"]


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with database.write(engine) as connection:
        yield connection


@pytest.fixture
def store(connection: Connection) -> SessionStore:
    return SessionStore(connection)


def opened(store: SessionStore, token: str = "t" * 43, subject: str | None = "ana") -> Session:
    return store.open(token, "staff", subject, '{"step":1}', NOW)


def test_a_session_is_found_by_its_token_and_audience_only(store: SessionStore) -> None:
    session = opened(store)
    assert store.by_token("t" * 43, "staff") == session
    assert store.by_token("t" * 43, "my") is None
    assert store.by_token("u" * 43, "staff") is None


def test_the_token_itself_is_nowhere_in_the_row(store: SessionStore, connection: Connection) -> None:
    token = new_token()
    opened(store, token)
    assert token not in str(connection.execute(select(web_session)).one())


def test_tokens_have_256_bits_and_never_repeat() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}


def test_a_session_nobody_uses_goes_stale(store: SessionStore) -> None:
    session = opened(store)
    assert is_live(session, NOW + STAFF.idle - timedelta(seconds=1))
    assert not is_live(session, NOW + STAFF.idle)


def test_use_keeps_it_alive_but_not_beyond_the_absolute_limit(store: SessionStore) -> None:
    opened(store)
    moment = NOW
    while moment < NOW + STAFF.absolute:
        session = store.by_token("t" * 43, "staff")
        assert session is not None
        assert is_live(session, moment)
        store.touch(session.id, moment)
        moment += STAFF.idle - timedelta(seconds=1)
    last = store.by_token("t" * 43, "staff")
    assert last is not None
    assert not is_live(last, NOW + STAFF.absolute)


def test_before_signing_in_the_limit_is_shorter(store: SessionStore) -> None:
    assert not is_live(opened(store, subject=None), NOW + ANONYMOUS_IDLE)


def test_ending_forgets_what_the_session_held(store: SessionStore) -> None:
    session = opened(store)
    assert store.end(session.id, "signed out", NOW)
    ended = store.by_token("t" * 43, "staff")
    assert ended is not None
    assert ended.data == ""
    assert not is_live(ended, NOW)


def test_an_ended_session_can_be_neither_filled_nor_ended_again(store: SessionStore) -> None:
    session = opened(store)
    store.end(session.id, "ended by staff", NOW)
    store.save(session.id, "late", NOW)
    assert not store.end(session.id, "signed out", NOW)
    ended = store.by_token("t" * 43, "staff")
    assert ended is not None
    assert ended.data == ""


def test_the_database_refuses_to_bring_a_session_back(store: SessionStore, connection: Connection) -> None:
    session = opened(store)
    store.end(session.id, "signed out", NOW)
    with pytest.raises(IntegrityError, match="set_once"), connection.begin_nested():
        connection.execute(
            update(web_session).where(web_session.c.id == session.id).values(ended_at=None, ended_why=None)
        )


def test_the_list_shows_signed_in_and_live_sessions_only(store: SessionStore) -> None:
    opened(store, "a" * 43, subject=None)
    live = opened(store, "b" * 43)
    assert store.live("staff", NOW) == [live]
    assert store.live("staff", NOW + STAFF.idle) == []


def test_stale_sessions_are_ended_once_and_forgotten_later(store: SessionStore) -> None:
    session = opened(store)
    later = NOW + STAFF.idle
    assert store.expire(later) == [session.id]
    assert store.expire(later) == []
    store.expire(later + timedelta(days=91))
    assert store.by_token("t" * 43, "staff") is None
