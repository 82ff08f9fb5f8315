"""How the carriers are doing, and the simulated handset."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, Uuid

from scheduling.tables import Instant, metadata

carrier_state = Table(
    "carrier_state",
    metadata,
    Column("name", String(20), primary_key=True),
    # Nothing is handed to it before this moment; null: it is trusted.
    Column("open_until", Instant),
    Column("reason", String(40)),
    Column("failures", Integer, nullable=False),
    Column("window_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

# The simulated handset is a stranger to the rest, as a real telephone would be: it points to nothing.
handset_message = Table(
    "handset_message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Uuid, unique=True),
    Column("phone", String(16), nullable=False),
    Column("direction", String(3), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("handset_message_phone", "phone", "at"),
)
