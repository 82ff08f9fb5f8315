"""Devices at the table, and by a keyed hash which of their readings have been used and filed."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    text,
)

from scheduling.tables import Instant, metadata

device = Table(
    "device",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("name", String(60), nullable=False),
    Column("serial", String(40), nullable=False),
    Column("driver", String(40), nullable=False),
    Column("calibrated_on", Date),
    Column("calibrate_by", Date),
    # What is used up in measuring: strips of a glucose meter.
    Column("lot", String(40), nullable=False),
    Column("lot_expires", Date),
    Column("remaining", Integer),
    # How the kiosk's browser knows it, once a clerk has paired it.
    Column("paired_name", String(120), nullable=False),
    Column("paired_key", String(120), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("retired_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("remaining IS NULL OR remaining >= 0", name="not_below_none"),
    Index(
        "ix_device_in_use",
        "name",
        "serial",
        unique=True,
        sqlite_where=text("retired_at IS NULL"),
        postgresql_where=text("retired_at IS NULL"),
    ),
)

device_reading = Table(
    "device_reading",
    metadata,
    Column("device_id", Uuid, ForeignKey("device.id"), primary_key=True),
    # A keyed hash: whether the same bytes came before can be told, what they say cannot.
    Column("digest", String(32), primary_key=True),
    # Random, new for every patient at the screen; it leads to nobody.
    Column("session", Uuid, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)

filed_reading = Table(
    "filed_reading",
    metadata,
    # An intake's or a supplement's, and the place of the reading in it.
    Column("filing_id", Uuid, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("device_id", Uuid, ForeignKey("device.id"), nullable=False),
    Column("digest", String(32), nullable=False),
    # What the server found to doubt when it was filed; it belongs to no body that is compared.
    Column("flags", JSON, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Index("ix_filed_reading_digest", "device_id", "digest"),
)
