"""What a person has to do: whom to call or write to, and which numbers are left in peace."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from scheduling.tables import Instant, metadata

OPEN_CALLS = ("open", "unreached")

call_list = Table(
    "call_list",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", ForeignKey("message.id"), nullable=False),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("phone", String(16), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("status", String(12), nullable=False),
    Column("changed_at", Instant, nullable=False),
    # Accounts are a subject beside this one: known by the reader's id only.
    Column("changed_by", String(64)),
    Column("version", Integer, nullable=False),
    # What was written to us, when that is why somebody must call; when the letter was printed instead.
    Column("inbound_message_id", ForeignKey("inbound_message.id")),
    Column("letter_at", Instant),
    UniqueConstraint("message_id", name="call_list_once_per_message"),
    CheckConstraint("status IN ('open', 'called', 'unreached', 'not_needed', 'letter')", name="status"),
    Index("call_list_of_site", "site_id", "status"),
)


stopped_number = Table(
    "stopped_number",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("address", String(254), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("message_id", ForeignKey("message.id")),
    Column("who", String(64)),
    Column("lifted_at", Instant),
    Column("lifted_by", String(64)),
    Column("lifted_why", String(200)),
    CheckConstraint("channel IN ('sms', 'voice', 'email')", name="channel"),
    Index(
        "stopped_number_once",
        "address",
        "channel",
        unique=True,
        sqlite_where=text("lifted_at IS NULL"),
        postgresql_where=text("lifted_at IS NULL"),
    ),
)
