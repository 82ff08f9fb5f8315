"""Practitioners and patients."""

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, String, Table, Uuid, text

from scheduling.tables.columns import metadata

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
