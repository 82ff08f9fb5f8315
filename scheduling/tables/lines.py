"""How good each kiosk's line was, and when."""

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Uuid

from scheduling.tables.columns import Instant, metadata

line_reading = Table(
    "line_reading",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("up_kbps", Integer),
    Column("down_kbps", Integer),
    Column("rtt_ms", Integer),
    Column("loss_percent", Float),
    Column("source", String, nullable=False),
    CheckConstraint("source IN ('probe', 'call')", name="source"),
    Index("ix_line_reading_kiosk_id_at", "kiosk_id", "at"),
)
