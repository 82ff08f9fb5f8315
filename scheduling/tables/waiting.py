"""The queue of those who are there, and the waiting list of those who wish for a time."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    false,
    text,
)

from scheduling.tables.columns import Instant, metadata

_STILL_THERE = text("status IN ('waiting', 'admitted')")

queue_entry = Table(
    "queue_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("appointment_id", ForeignKey("appointment.id")),
    Column("entered_at", Instant, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("status", String, nullable=False),
    Column("practitioner_id", ForeignKey("practitioner.id")),
    Column("version", Integer, nullable=False),
    Column("visit_type_id", ForeignKey("visit_type.id"), nullable=False, server_default="consultation"),
    # What is called out instead of a name.
    Column("token", String(8), nullable=False, server_default=""),
    Column("priority", Integer),
    Column("priority_by", ForeignKey("practitioner.id")),
    Column("at_home", Boolean, nullable=False, server_default=false()),
    Column("called_at", Instant),
    # Until when the place of somebody is kept who has left the screen.
    Column("away_until", Instant),
    Column("rings_for", ForeignKey("practitioner.id")),
    Column("rung_at", Instant),
    Column("escalations", Integer, nullable=False, server_default="0"),
    # Until when a doctor has put this place off, why, and how often so far.
    Column("put_off_until", Instant),
    Column("put_off_why", String(10), nullable=False, server_default=""),
    Column("put_offs", Integer, nullable=False, server_default="0"),
    # The appointment's time, or the arrival if that was later; null: the arrival.
    Column("counts_from", Instant),
    # What the estimate said on arrival, in minutes: later days learn from how far off it was.
    Column("forecast_low", Float),
    Column("forecast_high", Float),
    CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
    CheckConstraint("status IN ('waiting', 'admitted', 'left', 'done')", name="status"),
    Index("ix_queue_entry_facility_id_entered_at", "facility_id", "entered_at"),
    Index(
        "ix_queue_entry_open",
        "facility_id",
        sqlite_where=_STILL_THERE,
        postgresql_where=_STILL_THERE,
    ),
    Index(
        "uq_queue_entry_open_appointment",
        "appointment_id",
        unique=True,
        sqlite_where=_STILL_THERE,
        postgresql_where=_STILL_THERE,
    ),
)

wish = Table(
    "wish",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("visit_type_id", ForeignKey("visit_type.id"), nullable=False),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("practitioner_id", ForeignKey("practitioner.id")),
    Column("earliest", Date, nullable=False),
    Column("latest", Date, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("status", String, nullable=False),
    Column("version", Integer, nullable=False),
    # The starts, in seconds since 1970, of what was free when the wish was left; null: nobody looked.
    Column("free_then", JSON(none_as_null=True)),
    CheckConstraint("earliest <= latest", name="order"),
    CheckConstraint("status IN ('waiting', 'offered', 'booked', 'left')", name="status"),
    Index("ix_wish_site_id_status", "site_id", "status"),
)

wish_offer = Table(
    "wish_offer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("wish_id", ForeignKey("wish.id"), nullable=False),
    Column("hold_id", ForeignKey("hold.id"), nullable=False),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False),
    Column("kiosk_id", ForeignKey("kiosk.id")),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("offered_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    CheckConstraint("state IN ('open', 'taken', 'declined', 'lapsed')", name="state"),
    Index(
        "uq_wish_offer_open",
        "wish_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

# A time that somebody gave back and that the waiting list has not looked at yet.
freed_slot = Table(
    "freed_slot",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_type_id", ForeignKey("visit_type.id"), nullable=False),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False),
    Column("kiosk_id", ForeignKey("kiosk.id")),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("freed_at", Instant, nullable=False),
)

# A screen that shows the queue without names; whoever has its address may look at it.
display = Table(
    "display",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
