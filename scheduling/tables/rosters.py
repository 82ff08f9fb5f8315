"""Visit types, who offers them, and when practitioners work."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
)

from scheduling.tables.columns import hours_of_a_day, metadata, weekly_hours

visit_type = Table(
    "visit_type",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("names", JSON, nullable=False),
    Column("service", String(40), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("buffer_minutes", Integer, nullable=False),
    Column("channels", JSON, nullable=False),
    Column("needs_kiosk", Boolean, nullable=False),
    Column("needs_clerk", Boolean, nullable=False),
    Column("lead_minutes", Integer, nullable=False),
    Column("cancel_minutes", Integer, nullable=False),
    # Which reminders go out; null: those of every visit.
    Column("reminders", JSON(none_as_null=True)),
    CheckConstraint("minutes BETWEEN 5 AND 240", name="minutes"),
    CheckConstraint("buffer_minutes BETWEEN 0 AND 120", name="buffer"),
    CheckConstraint("lead_minutes >= 0 AND cancel_minutes >= 0", name="notice"),
)

offer = Table(
    "offer",
    metadata,
    Column("practitioner_id", ForeignKey("practitioner.id"), primary_key=True),
    Column("visit_type_id", ForeignKey("visit_type.id"), primary_key=True, index=True),
)

shift = Table(
    "shift",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False, index=True),
    Column("facility_id", ForeignKey("facility.id"), nullable=False, index=True),
    *weekly_hours("starts", "ends"),
    Column("valid_from", Date),
    Column("valid_until", Date),
    CheckConstraint("valid_from <= valid_until", name="validity"),
)

# What a practitioner works for a facility on one date instead of the weekly roster; without times: nothing.
duty_day = Table(
    "duty_day",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False),
    Column("facility_id", ForeignKey("facility.id"), nullable=False, index=True),
    *hours_of_a_day("starts", "ends"),
    Index("ix_duty_day_practitioner_id_day", "practitioner_id", "day"),
)

leave = Table(
    "leave",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("reason", String, nullable=False, server_default=""),
    CheckConstraint("first_day <= last_day", name="order"),
    Index("ix_leave_practitioner_id_last_day", "practitioner_id", "last_day"),
)
