"""What people write back, and the choices we gave them."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint, Uuid

from scheduling.tables import Instant, metadata

inbound_message = Table(
    "inbound_message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("provider", String(20), nullable=False),
    Column("provider_id", String(64), nullable=False),
    Column("phone", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("meaning", String(10), nullable=False),
    Column("message_id", ForeignKey("message.id")),
    Column("at", Instant, nullable=False),
    UniqueConstraint("provider", "provider_id", name="inbound_message_once"),
)


choice = Table(
    "choice",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True),
    # The digit to answer with.
    Column("nth", Integer, primary_key=True),
    # Which of several visits is meant, and what was wanted of it …
    Column("appointment_id", ForeignKey("appointment.id"), nullable=False),
    Column("meaning", String(10), nullable=False),
    # … or to which slot it should move.
    Column("practitioner_id", ForeignKey("practitioner.id")),
    Column("kiosk_id", ForeignKey("kiosk.id")),
    Column("site_id", ForeignKey("site.id")),
    Column("starts_at", Instant),
    Column("ends_at", Instant),
)
