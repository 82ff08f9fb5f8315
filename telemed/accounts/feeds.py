"""Private calendar feeds: an address nobody can guess, one per practitioner, ended at any time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from scheduling.ids import uuid7
from telemed.accounts.client_tables import feed
from telemed.accounts.sessions import new_token, token_hash


class FeedStore:
    """The only reader and writer of calendar feeds; an address is shown once and kept as a hash."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, practitioner_id: UUID, now: datetime) -> str:
        """Make the feed's token; an older feed of the practitioner ends."""
        self.close(practitioner_id, now)
        token = new_token()
        self._connection.execute(
            insert(feed).values(
                id=uuid7(), practitioner_id=practitioner_id, token_hash=token_hash(token), created_at=now
            )
        )
        return token

    def close(self, practitioner_id: UUID, now: datetime) -> bool:
        """End a practitioner's feed; false when there was none."""
        changed = self._connection.execute(
            update(feed)
            .where(feed.c.practitioner_id == practitioner_id, feed.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return changed.rowcount > 0

    def since(self, practitioner_id: UUID) -> datetime | None:
        """Since when a practitioner has a feed."""
        return self._connection.execute(
            select(feed.c.created_at).where(
                feed.c.practitioner_id == practitioner_id, feed.c.revoked_at.is_(None)
            )
        ).scalar()

    def practitioner(self, token: str) -> UUID | None:
        """Whose feed an address opens."""
        return self._connection.execute(
            select(feed.c.practitioner_id).where(
                feed.c.token_hash == token_hash(token), feed.c.revoked_at.is_(None)
            )
        ).scalar()
