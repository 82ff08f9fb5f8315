"""Practitioners and patients."""

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, String, Table, Uuid, text

from scheduling.tables.columns import Instant, metadata

practitioner = Table(
    "practitioner",
    metadata,
    Column("id", ForeignKey("resource.id"), primary_key=True),
    Column("facility_id", ForeignKey("facility.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("specialty", String, nullable=False),
    Column("languages", JSON, nullable=False),
)

patient = Table(
    "patient",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("identity", String, nullable=False),
    Column("name", String, nullable=False),
    Column("birth_date", Date),
    Column("sex", String),
    Column("identifier_kind", String),
    Column("identifier", String),
    Column("phone", String),
    Column("language", String, nullable=False),
    # In which letters the patient's telephone shows what we write.
    Column("script", String(8), nullable=False, default="native", server_default="native"),
    CheckConstraint("script IN ('native', 'latin')", name="script"),
    CheckConstraint("identity IN ('claimed', 'confirmed')", name="identity"),
    CheckConstraint("(identifier IS NULL) = (identifier_kind IS NULL)", name="identifier"),
    Index("ix_patient_identifier", "identifier_kind", "identifier"),
    Index("ix_patient_phone", "phone"),
    Index(
        "uq_patient_confirmed_identifier",
        "identifier_kind",
        "identifier",
        unique=True,
        sqlite_where=text("identity = 'confirmed'"),
        postgresql_where=text("identity = 'confirmed'"),
    ),
)

# Further ways to reach a patient than the mobile number; consent to each is kept with the records.
contact = Table(
    "contact",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("patient_id", ForeignKey("patient.id"), nullable=False),
    Column("way", String(8), nullable=False),
    Column("address", String(254), nullable=False),
    # Who answers there, when it is somebody else.
    Column("name", String(100)),
    Column("entered_at", Instant, nullable=False),
    Column("replaced_at", Instant),
    CheckConstraint("way IN ('voice', 'email', 'proxy', 'letter')", name="way"),
    Index(
        "contact_one_per_way",
        "patient_id",
        "way",
        unique=True,
        sqlite_where=text("replaced_at IS NULL"),
        postgresql_where=text("replaced_at IS NULL"),
    ),
)
