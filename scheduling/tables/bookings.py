"""Appointments, holds, what they take, and the events of every change."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Uuid, text

from scheduling.tables.columns import Instant, metadata

_OPEN = text("status IN ('booked', 'arrived')")

# A clinician lets one patient have more than one open appointment of a type.
allowance = Table(
    "allowance",
    metadata,
    Column("patient_id", ForeignKey("patient.id"), primary_key=True),
    Column("visit_type_id", ForeignKey("visit_type.id"), primary_key=True),
    Column("more", Integer, nullable=False),
    Column("granted_by", ForeignKey("practitioner.id"), nullable=False),
    Column("granted_at", Instant, nullable=False),
    CheckConstraint("more BETWEEN 0 AND 20", name="more"),
)

hold = Table(
    "hold",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False),
    Column("kiosk_id", ForeignKey("kiosk.id")),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("visit_type_id", ForeignKey("visit_type.id"), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("who_kind", String, nullable=False),
    Column("who_id", Uuid),
    CheckConstraint("starts_at < ends_at", name="order"),
)

appointment = Table(
    "appointment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    # A visit by telephone at home takes no kiosk.
    Column("kiosk_id", ForeignKey("kiosk.id")),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("channel", String, nullable=False),
    Column("status", String, nullable=False),
    Column("confirmed_at", Instant),
    Column("booking_key", Uuid, nullable=False, unique=True),
    # What was asked for under that key: the same key for another wish is refused.
    Column("request_hash", String(64)),
    Column("visit_type_id", ForeignKey("visit_type.id"), nullable=False, server_default="consultation"),
    # Which of the patient's open appointments of this type it is: 0, and more where a clinician allowed it.
    Column("nth", Integer),
    CheckConstraint("starts_at < ends_at", name="order"),
    CheckConstraint("status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'noshow')", name="status"),
    Index("ix_appointment_practitioner_id_starts_at", "practitioner_id", "starts_at"),
    Index("ix_appointment_facility_id_starts_at", "facility_id", "starts_at"),
    Index("ix_appointment_site_id_starts_at", "site_id", "starts_at"),
    Index(
        "uq_appointment_open_type",
        "patient_id",
        "visit_type_id",
        "nth",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)

ACTIVE = text("allocation.active")
"""Stands in queries where they mean the index: SQLite takes a partial one for these words only."""

allocation = Table(
    "allocation",
    metadata,
    # A hold, or the appointment that it became: both have the same id.
    Column("booking", Uuid, primary_key=True),
    Column("resource", ForeignKey("resource.id"), primary_key=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("active", Boolean, nullable=False),
    # Only a hold has an end; an appointment stays until somebody ends it.
    Column("expires_at", Instant),
    CheckConstraint("starts_at < ends_at", name="order"),
    Index(
        # All that a search for free times asks: it reads the index and no row.
        "ix_allocation_active",
        "resource",
        "starts_at",
        "ends_at",
        "expires_at",
        sqlite_where=text("active"),
        postgresql_where=text("active"),
    ),
)

# Somebody has decided that an appointment outside hours and rosters stands all the same, as it was then.
kept_appointment = Table(
    "kept_appointment",
    metadata,
    Column("appointment_id", ForeignKey("appointment.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("who_kind", String, nullable=False),
    Column("who_id", Uuid),
    Column("kept_at", Instant, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("who_kind", String, nullable=False),
    Column("who_id", Uuid),
    Column("why", String, nullable=False),
    Index("uq_event_subject_id_version", "subject_id", "version", unique=True),
)
