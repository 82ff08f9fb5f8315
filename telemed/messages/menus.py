"""Which numbers a message offers to answer with, as its own words say."""

from typing import Any

from sqlalchemy import Connection, Row

from telemed.messages.choices import CHOICES, how_many
from telemed.messages.choosing import NONE_OF_THEM

ASKING = ("three_days", "day_before", "two_hours", "help", "offer", "offer_help")
"""The kinds that ask for 1 or 2: yes or no."""


def menu(connection: Connection, row: Row[Any]) -> tuple[int, ...]:
    """Return the numbers that a message offers; a proxy is asked nothing."""
    if row.whom == "proxy":
        return ()
    if row.kind in CHOICES:
        return (*range(1, how_many(connection, row.id) + 1), NONE_OF_THEM)
    return (1, 2) if row.kind in ASKING else ()
