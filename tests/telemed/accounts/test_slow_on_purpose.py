"""Whoever steals the database and guesses passwords or PINs pays for each guess, as RFC 9106 asks."""

from datetime import UTC, datetime

from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import Engine, select

from telemed import database
from telemed.accounts import credentials
from telemed.accounts.clerk_tables import clerk_pin
from telemed.accounts.store import AccountStore

NOW = datetime(2026, 11, 17, 7, 40, tzinfo=UTC)


def test_a_password_costs_what_the_standard_asks() -> None:
    assert extract_parameters(credentials.hash_password("correct horse battery")) == RFC_9106_LOW_MEMORY


def test_a_clerks_pin_costs_the_same(engine: Engine) -> None:
    with database.write(engine) as connection:
        accounts = AccountStore(connection)
        clerk = accounts.add_staff(
            email="clerk@post.example",
            name="Росица Колева",
            roles=frozenset({"clerk"}),
            password_hash="-",
            sealed_totp=None,
            now=NOW,
        )
        accounts.clerks.make_pin(clerk.id, NOW)
        (kept,) = connection.execute(select(clerk_pin.c.pin_hash)).scalars()
    assert extract_parameters(kept) == RFC_9106_LOW_MEMORY
