"""Tables of clerks' PINs at the kiosk, and of the minutes in which a clerk had a kiosk open."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, String, Table, Uuid

from scheduling.tables import Instant, metadata

clerk_pin = Table(
    "clerk_pin",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True),
    Column("pin_hash", String(255), nullable=False),
    Column("set_at", Instant, nullable=False),
)

clerk_mode = Table(
    "clerk_mode",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # From when on this clerk types for the patient who sits there, and for which intake that was.
    Column("helps_from", Instant),
    Column("intake_id", Uuid),
    CheckConstraint("expires_at > opened_at", name="lasts"),
    CheckConstraint("intake_id IS NULL OR helps_from IS NOT NULL", name="helped"),
)
Index("ix_clerk_mode_kiosk_id", clerk_mode.c.kiosk_id, clerk_mode.c.opened_at)
