"""The one MetaData, the column type for instants, and scheduling's tables with their guards."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Time,
    Uuid,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A moment in time: refuses a naive value, stores UTC, gives back an aware UTC datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: SQLite keeps no zone, PostgreSQL answers in the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _weekly_hours(starts: str, ends: str) -> tuple[Column[object] | CheckConstraint, ...]:
    return (
        Column("weekday", Integer, nullable=False),
        Column(starts, Time, nullable=False),
        Column(ends, Time, nullable=False),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(f"{starts} < {ends}", name="order"),
    )


settlement = Table(
    "settlement",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_latin", String, nullable=False),
    Column("district", String, nullable=False),
    Column("municipality", String, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
)

facility = Table(
    "facility",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("time_zone", String, nullable=False),
)

site = Table(
    "site",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String, nullable=False),
    Column("settlement_code", ForeignKey("settlement.code"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("time_zone", String, nullable=False),
    CheckConstraint("kind IN ('post_office', 'route_stop', 'clinic')", name="kind"),
)

opening = Table(
    "opening",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    *_weekly_hours("opens", "closes"),
)

resource = Table(
    "resource",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String, nullable=False),
    CheckConstraint("kind IN ('practitioner', 'kiosk')", name="kind"),
)

kiosk = Table(
    "kiosk",
    metadata,
    Column("id", ForeignKey("resource.id"), primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    Column("label", String, nullable=False),
)

practitioner = Table(
    "practitioner",
    metadata,
    Column("id", ForeignKey("resource.id"), primary_key=True),
    Column("facility_id", ForeignKey("facility.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("specialty", String, nullable=False),
    Column("languages", JSON, nullable=False),
)

shift = Table(
    "shift",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False, index=True),
    Column("facility_id", ForeignKey("facility.id"), nullable=False, index=True),
    *_weekly_hours("starts", "ends"),
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

appointment = Table(
    "appointment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("channel", String, nullable=False),
    Column("status", String, nullable=False),
    Column("confirmed_at", Instant),
    Column("booking_key", Uuid, nullable=False, unique=True),
    CheckConstraint("starts_at < ends_at", name="order"),
    CheckConstraint("status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'noshow')", name="status"),
    Index("ix_appointment_practitioner_id_starts_at", "practitioner_id", "starts_at"),
    Index("ix_appointment_facility_id_starts_at", "facility_id", "starts_at"),
    Index("ix_appointment_site_id_starts_at", "site_id", "starts_at"),
)

allocation = Table(
    "allocation",
    metadata,
    Column("booking", ForeignKey("appointment.id"), primary_key=True),
    Column("resource", ForeignKey("resource.id"), primary_key=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("active", Boolean, nullable=False),
    CheckConstraint("starts_at < ends_at", name="order"),
    Index(
        "ix_allocation_active",
        "resource",
        "starts_at",
        "ends_at",
        sqlite_where=text("active"),
        postgresql_where=text("active"),
    ),
)

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
    CheckConstraint("status IN ('waiting', 'admitted', 'left', 'done')", name="status"),
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

_SQLITE_GUARD = """CREATE TRIGGER allocation_{verb}_no_overlap BEFORE {verb} ON allocation
WHEN NEW.active IS NOT 0
BEGIN
    SELECT RAISE(ABORT, 'allocation: an instant must be written by the Instant type')
    WHERE NEW.starts_at NOT LIKE '____-__-__ __:__:__.______'
    OR NEW.ends_at NOT LIKE '____-__-__ __:__:__.______';
    SELECT RAISE(ABORT, 'allocation_no_overlap')
    WHERE EXISTS (
        SELECT 1 FROM allocation AS other
        WHERE other.resource = NEW.resource AND other.active {other_row}
        AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
    );
END"""


def _sqlite_guard(verb: str, other_row: str) -> tuple[str, str]:
    return (
        f"DROP TRIGGER IF EXISTS allocation_{verb}_no_overlap",
        _SQLITE_GUARD.replace("{verb}", verb).replace("{other_row}", other_row),
    )


TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (*_sqlite_guard("insert", ""), *_sqlite_guard("update", "AND other.rowid <> OLD.rowid")),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        """DO $$ BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM pg_constraint
                WHERE conrelid = 'allocation'::regclass AND conname = 'allocation_no_overlap'
            ) THEN
                ALTER TABLE allocation ADD CONSTRAINT allocation_no_overlap EXCLUDE USING gist
                (resource WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (active);
            END IF;
        END $$""",
    ),
}
"""For each dialect, the statements that put the guards in place; each may run again at any time."""


def install_guards(connection: Connection) -> None:
    """Put the database's own refusal of overlapping allocations in place, or back after a table rebuild."""
    for statement in TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
