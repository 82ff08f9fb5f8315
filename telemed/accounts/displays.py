"""Screens that show a queue: an address nobody can guess for each, ended at any time."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from scheduling.ids import uuid7
from scheduling.tables import display
from telemed.accounts.sessions import new_token, token_hash


class Display(NamedTuple):
    """One screen that may show the queue of a site."""

    id: UUID
    site_id: UUID
    created_at: datetime


class DisplayStore:
    """The only reader and writer of screens; an address is shown once and kept as a hash."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, site_id: UUID, now: datetime) -> str:
        """Make the token of another screen at a site."""
        token = new_token()
        self._connection.execute(
            insert(display).values(id=uuid7(), site_id=site_id, token_hash=token_hash(token), created_at=now)
        )
        return token

    def close(self, display_id: UUID, now: datetime) -> UUID | None:
        """End a screen's address; the site it was for, or None when there is no such screen."""
        ended = (
            update(display)
            .where(display.c.id == display_id, display.c.revoked_at.is_(None))
            .values(revoked_at=now)
            .returning(display.c.site_id)
        )
        return self._connection.execute(ended).scalar()

    def of_site(self, site_id: UUID) -> list[Display]:
        """The screens of a site, the oldest first."""
        query = select(display.c.id, display.c.site_id, display.c.created_at).where(
            display.c.site_id == site_id, display.c.revoked_at.is_(None)
        )
        return [Display(*row) for row in self._connection.execute(query.order_by(display.c.id))]

    def site(self, token: str) -> UUID | None:
        """Whose queue an address shows."""
        return self._connection.execute(
            select(display.c.site_id).where(
                display.c.token_hash == token_hash(token), display.c.revoked_at.is_(None)
            )
        ).scalar()
