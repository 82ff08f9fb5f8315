"""Staff accounts: who they are, codes that work once, and counting failures without keeping names."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from telemed import database
from telemed.accounts import credentials
from telemed.accounts.store import WINDOW, AccountStore, Staff
from telemed.accounts.tables import attempt_failure

NOW = datetime(2025, 12, 2, 9, 40, tzinfo=UTC)
KEY = bytes(range(32))


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with database.write(engine) as connection:
        yield connection


@pytest.fixture
def store(connection: Connection) -> AccountStore:
    return AccountStore(connection)


def added(store: AccountStore, *roles: str, email: str = "Ana@Example.org", totp: str | None = None) -> Staff:
    return store.add_staff(
        email=email, name="Ана", roles=frozenset(roles), password_hash="-", sealed_totp=totp, now=NOW
    )


def test_staff_are_found_by_what_their_session_is_filed_under(store: AccountStore) -> None:
    staff = added(store, "doctor", "coordinator")
    assert store.staff(staff.uniquifier) == staff
    assert (staff.email, staff.roles) == ("ana@example.org", frozenset({"doctor", "coordinator"}))
    assert store.staff("somebody else") is None
    assert store.all_staff() == [staff]


def test_there_are_no_other_roles_than_the_named_ones(store: AccountStore) -> None:
    with pytest.raises(ValueError, match="there is no role 'root'"):
        added(store, "root")


def test_a_counter_is_spent_once_and_so_are_all_before_it(store: AccountStore) -> None:
    staff = added(store, "doctor", totp="sealed")
    assert store.use_counter(staff.uniquifier, 100)
    assert not store.use_counter(staff.uniquifier, 100)
    assert not store.use_counter(staff.uniquifier, 99)
    assert store.use_counter(staff.uniquifier, 101)
    assert store.sealed_totp(staff.uniquifier) == ("sealed", 101)


def test_failures_count_for_a_quarter_of_an_hour(store: AccountStore) -> None:
    for seconds in range(3):
        store.note_failure(KEY, "ana@example.org", NOW + timedelta(seconds=seconds))
    assert store.failures(KEY, " ANA@example.org", NOW + timedelta(seconds=3)) == 3
    assert store.failures(KEY, "boris@example.org", NOW) == 0
    assert store.failures(KEY, "ana@example.org", NOW + WINDOW + timedelta(seconds=1)) == 1


def test_old_failures_are_forgotten_and_no_name_is_kept(store: AccountStore, connection: Connection) -> None:
    store.note_failure(KEY, "ana@example.org", NOW)
    store.note_failure(KEY, "boris@example.org", NOW + WINDOW)
    rows = connection.execute(select(attempt_failure)).all()
    assert len(rows) == 1
    assert "boris" not in str(rows)


def test_a_sealed_secret_is_not_readable_without_the_key() -> None:
    sealed = credentials.seal_totp(KEY, b"12345678901234567890")
    assert "12345678901234567890" not in sealed
    assert "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" not in sealed
    assert credentials.code_now(bytes(32), sealed, 0, NOW) != credentials.code_now(KEY, sealed, 0, NOW)


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B: at 59 s the eight digits are 94287082.
    sealed = credentials.seal_totp(KEY, b"12345678901234567890")
    assert credentials.code_now(KEY, sealed, 0, datetime.fromtimestamp(59, UTC)) == "287082"


def test_after_a_code_was_used_the_next_one_is_offered() -> None:
    sealed = credentials.seal_totp(KEY, b"12345678901234567890")
    moment = datetime.fromtimestamp(59, UTC)
    following = credentials.code_now(KEY, sealed, 0, moment + timedelta(seconds=30))
    assert credentials.code_now(KEY, sealed, 1, moment) == following


def test_a_short_password_is_refused() -> None:
    with pytest.raises(credentials.WeakPassword):
        credentials.hash_password("elevenchars")


def test_a_demo_account_has_the_same_secret_on_every_start() -> None:
    assert credentials.demo_totp_secret(KEY, "A@x.example") == credentials.demo_totp_secret(
        KEY, "a@x.example"
    )
    assert credentials.demo_totp_secret(KEY, "a@x.example") != credentials.demo_totp_secret(
        KEY, "b@x.example"
    )


@pytest.mark.both_databases
def test_a_try_that_was_right_is_taken_back_and_no_other(store: AccountStore) -> None:
    for tried in ("ana@example.org", "ana@example.org", "boris@example.org"):
        store.note_failure(KEY, tried, NOW)
    store.take_back_failure(KEY, "ANA@example.org")
    assert [store.failures(KEY, tried, NOW) for tried in ("ana@example.org", "boris@example.org")] == [1, 1]
