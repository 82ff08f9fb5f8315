"""Finds a message by its carrier's name for it, where a report brings nothing of ours."""

from uuid import UUID

from sqlalchemy import Connection, select

from telemed.messages.tables import message


def message_named(connection: Connection, carrier: str, sid: str) -> UUID | None:
    """Return the message that a carrier calls so; none if it is not noted, or not yet."""
    wanted = select(message.c.id).where(message.c.provider == carrier, message.c.sid == sid)
    found = connection.execute(wanted).scalar()
    return None if found is None else UUID(str(found))
