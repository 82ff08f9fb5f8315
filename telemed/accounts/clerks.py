"""Clerks at the kiosk: a PIN for each, and the few minutes in which one of them has a kiosk open."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, Select, delete, insert, or_, select, update

from scheduling.ids import uuid7
from telemed.accounts.clerk_tables import clerk_mode, clerk_pin
from telemed.accounts.sessions import new_token, token_hash
from telemed.accounts.tables import account, account_role, role

DIGITS = 6
LASTS = timedelta(minutes=5)
HELPED_FOR = timedelta(hours=2)
TRIES = 5


@dataclass(frozen=True)
class Clerk:
    """Whose PIN it was."""

    id: UUID
    name: str
    site_id: UUID


@dataclass(frozen=True)
class Mode:
    """A kiosk that a clerk has opened, until when, and whether the clerk types for the patient."""

    id: UUID
    clerk: Clerk
    kiosk_id: UUID
    expires_at: datetime
    helps: bool


class ClerkStore:
    """The only reader and writer of clerks' PINs and of what they opened with them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make_pin(self, account_id: UUID, now: datetime) -> str:
        """Make a new PIN in place of the one before, which ends what that has opened; only its hash is kept.

        No colleague has the same.
        """
        site_id = self._connection.scalar(select(account.c.site_id).where(account.c.id == account_id))
        self.drop_pin(account_id)
        still = (clerk_mode.c.account_id == account_id) & clerk_mode.c.ended_at.is_(None)
        self._connection.execute(update(clerk_mode).where(still).values(ended_at=now))
        pin = _random_pin()
        while site_id is not None and self.whose(pin, site_id) is not None:
            pin = _random_pin()
        self._connection.execute(
            insert(clerk_pin).values(account_id=account_id, pin_hash=PasswordHasher().hash(pin), set_at=now)
        )
        return pin

    def drop_pin(self, account_id: UUID) -> None:
        """Take a clerk's PIN away."""
        self._connection.execute(delete(clerk_pin).where(clerk_pin.c.account_id == account_id))

    def pin_since(self, account_id: UUID) -> datetime | None:
        """Since when this clerk has a PIN."""
        found: datetime | None = self._connection.scalar(
            select(clerk_pin.c.set_at).where(clerk_pin.c.account_id == account_id)
        )
        return found

    def whose(self, pin: str, site_id: UUID) -> Clerk | None:
        """The clerk of this site with this PIN; an account that was ended has none."""
        query = (
            select(account.c.id, account.c.name, clerk_pin.c.pin_hash)
            .join(clerk_pin, clerk_pin.c.account_id == account.c.id)
            .where(account.c.site_id == site_id, account.c.active, account.c.id.in_(_CLERKS))
        )
        for row in self._connection.execute(query):
            if _fits(row.pin_hash, pin):
                return Clerk(row.id, row.name, site_id)
        return None

    def open(self, clerk: Clerk, kiosk_id: UUID, now: datetime) -> tuple[Mode, str]:
        """Open a kiosk for five minutes; returns the token that the kiosk's page sends along."""
        token, opened = new_token(), Mode(uuid7(), clerk, kiosk_id, now + LASTS, helps=False)
        self._connection.execute(
            insert(clerk_mode).values(
                id=opened.id,
                account_id=clerk.id,
                kiosk_id=kiosk_id,
                token_hash=token_hash(token),
                opened_at=now,
                expires_at=opened.expires_at,
            )
        )
        return opened, token

    def by_token(self, token: str, kiosk_id: UUID, now: datetime) -> Mode | None:
        """What this token has opened at this kiosk, while it lasts and the account and its PIN are there."""
        mine = clerk_mode.c.token_hash == token_hash(token)
        row = self._connection.execute(_open_at(kiosk_id, now).where(mine)).one_or_none()
        if row is None:
            return None
        clerk = Clerk(row.account_id, row.name, row.site_id)
        return Mode(row.id, clerk, kiosk_id, row.expires_at, row.helps_from is not None)

    def is_open(self, kiosk_id: UUID, site_id: UUID, now: datetime) -> bool:
        """Whether a clerk of this site has the kiosk open now."""
        here = _open_at(kiosk_id, now).where(account.c.site_id == site_id).limit(1)
        return self._connection.execute(here).first() is not None

    def end(self, mode_id: UUID, now: datetime) -> None:
        """The clerk has gone back to the counter."""
        columns = clerk_mode.c
        self._connection.execute(
            update(clerk_mode).where(columns.id == mode_id, columns.ended_at.is_(None)).values(ended_at=now)
        )

    def help(self, mode_id: UUID, now: datetime) -> None:
        """From now on the clerk types for the patient who sits there."""
        columns = clerk_mode.c
        self._connection.execute(
            update(clerk_mode)
            .where(columns.id == mode_id, columns.helps_from.is_(None))
            .values(helps_from=now)
        )

    def has_helped(self, account_id: UUID, kiosk_id: UUID, intake_id: UUID, now: datetime) -> bool:
        """Whether this clerk had said to help at this kiosk; once said, it holds for one intake only."""
        columns = clerk_mode.c
        fresh = columns.intake_id.is_(None) & (columns.helps_from > now - HELPED_FOR)
        latest = (
            select(columns.id)
            .where(
                columns.account_id == account_id,
                columns.kiosk_id == kiosk_id,
                or_(columns.intake_id == intake_id, fresh),
            )
            # An intake that is sent again does not use up what was said for the next one.
            .order_by(columns.intake_id.is_(None), columns.helps_from.desc())
            .limit(1)
        )
        found: UUID | None = self._connection.scalar(latest)
        if found is None:
            return False
        self._connection.execute(update(clerk_mode).where(columns.id == found).values(intake_id=intake_id))
        return True


_CLERKS = (
    select(account_role.c.account_id)
    .join(role, role.c.id == account_role.c.role_id)
    .where(role.c.name == "clerk")
)


def _open_at(kiosk_id: UUID, now: datetime) -> Select[Any]:
    """What has a kiosk open, with the clerk's name and site."""
    columns = clerk_mode.c
    return (
        select(clerk_mode, account.c.name, account.c.site_id)
        .join(account, account.c.id == columns.account_id)
        .join(clerk_pin, clerk_pin.c.account_id == account.c.id)
        .where(
            columns.kiosk_id == kiosk_id,
            columns.ended_at.is_(None),
            columns.expires_at > now,
            account.c.active,
            account.c.site_id.is_not(None),
            account.c.id.in_(_CLERKS),
        )
    )


def _random_pin() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _fits(pin_hash: str, pin: str) -> bool:
    try:
        return PasswordHasher().verify(pin_hash, pin)
    except VerifyMismatchError:
        return False
