"""The tables of records, and the triggers that keep what must never change."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from scheduling.tables import Instant, metadata

encounter = Table(
    "encounter",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("room", String(43), nullable=False, unique=True),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False, index=True),
    # Intakes are a subject beside this one: known by id only.
    Column("intake_id", Uuid, unique=True),
    Column("appointment_id", Uuid, ForeignKey("appointment.id"), unique=True),
    Column("queue_entry_id", Uuid, ForeignKey("queue_entry.id"), unique=True),
    Column("facility_id", Uuid, ForeignKey("facility.id"), nullable=False),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id")),
    Column("practitioner_id", Uuid, ForeignKey("practitioner.id")),
    Column("status", String(12), nullable=False),
    Column("rung", String(8), nullable=False),
    Column("call", String(5), nullable=False),
    Column("identity_confirmed_by", Uuid, ForeignKey("practitioner.id")),
    Column("identity_confirmed_at", Instant),
    Column("opened_at", Instant),
    Column("started_at", Instant),
    Column("signed_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('waiting', 'in_progress', 'finished', 'cancelled')", name="status"),
    CheckConstraint("rung IN ('video', 'audio', 'stills', 'phone', 'written')", name="rung"),
    CheckConstraint("call IN ('none', 'open', 'left')", name="call"),
    CheckConstraint("(status = 'finished') = (signed_at IS NOT NULL)", name="ends_by_signing"),
    CheckConstraint(
        "status NOT IN ('in_progress', 'finished') OR practitioner_id IS NOT NULL",
        name="has_doctor",
    ),
    Index("encounter_by_facility", "facility_id", "status"),
)

# What the person at the kiosk says of the room, and that they are there; kept apart from the visit, so that
# saying so never gets in the way of what a doctor does with it at the same moment.
visit_presence = Table(
    "visit_presence",
    metadata,
    Column("encounter_id", Uuid, ForeignKey("encounter.id"), primary_key=True),
    Column("company", String(8)),
    Column("here_at", Instant),
    CheckConstraint("company IN ('alone', 'relative', 'clerk')", name="company"),
)

note = Table(
    "note",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("encounter_id", Uuid, ForeignKey("encounter.id"), nullable=False, index=True),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False),
    Column("facility_id", Uuid, ForeignKey("facility.id"), nullable=False),
    Column("author_id", Uuid, ForeignKey("practitioner.id"), nullable=False),
    Column("findings", Text, nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("follow_up", Text, nullable=False),
    Column("status", String(6), nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("signed_at", Instant),
    Column("amends", Uuid, ForeignKey("note.id")),
    CheckConstraint("status IN ('draft', 'signed')", name="status"),
    CheckConstraint("(status = 'signed') = (signed_at IS NOT NULL)", name="signed_has_time"),
    Index(
        "note_one_draft",
        "encounter_id",
        "author_id",
        unique=True,
        sqlite_where=text("status = 'draft'"),
        postgresql_where=text("status = 'draft'"),
    ),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("notice_version", String(40), nullable=False),
    Column("at", Instant, nullable=False),
)

# A claimed patient who turned out to be somebody already known; what was written under the claim stays there.
patient_link = Table(
    "patient_link",
    metadata,
    Column("claimed_id", Uuid, ForeignKey("patient.id"), primary_key=True),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    CheckConstraint("claimed_id <> patient_id", name="two"),
)

slip = Table(
    "slip",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("birth_proof", String(64)),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False),
    Column("encounter_id", Uuid, ForeignKey("encounter.id")),
    Column("appointment_id", Uuid, ForeignKey("appointment.id")),
    # What the slip was given for: asked again, the same slip; an intake is known here by id only.
    Column("given_for", Uuid, nullable=False, unique=True),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

slip_tries = Table(
    "slip_tries",
    metadata,
    Column("scope", String(8), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("window_starts_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    CheckConstraint("scope IN ('place', 'code')", name="scope"),
)

# The log keeps no foreign keys: it outlives whatever it tells about.
access_entry = Table(
    "access_entry",
    metadata,
    Column("owner_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("reader_kind", String(10), nullable=False),
    Column("reader_id", String(80), nullable=False),
    Column("reader_role", String(40), nullable=False),
    Column("reader_name", String(200), nullable=False),
    Column("facility_id", Uuid),
    Column("what", Text, nullable=False),
    Column("purpose", String(80), nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("seq >= 1", name="from_one"),
)

access_head = Table(
    "access_head",
    metadata,
    Column("owner_id", Uuid, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

access_sealed_head = Table(
    "access_sealed_head",
    metadata,
    Column("day", String(10), ForeignKey("access_seal.day"), primary_key=True),
    Column("owner_id", Uuid, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

access_seal = Table(
    "access_seal",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("digest", String(64), nullable=False),
)

_GROW_ONLY = ("access_entry", "access_seal", "access_sealed_head", "consent", "patient_link")


def _sqlite(table: str, act: str, when: str = "") -> tuple[str, str]:
    name = f"{table}_no_{act.lower()}"
    return (
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is kept as it was written'); END",
    )


def _postgresql(table: str, act: str, when: str = "") -> tuple[str, str]:
    name = f"{table}_no_{act.lower()}"
    return (
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when} "
        "EXECUTE FUNCTION telemed_refuse_change()",
    )


_REFUSE = (
    "CREATE OR REPLACE FUNCTION telemed_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is kept as it was written', "
    "ERRCODE = 'integrity_constraint_violation'; END $$",
)
_ACTS = ("UPDATE", "DELETE")
_SIGNED_SQLITE = "WHEN OLD.status = 'signed'"
_SIGNED_POSTGRESQL = "WHEN (OLD.status = 'signed')"

TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        *(line for table in _GROW_ONLY for act in _ACTS for line in _sqlite(table, act)),
        *(line for act in _ACTS for line in _sqlite("note", act, _SIGNED_SQLITE)),
    ),
    "postgresql": (
        *_REFUSE,
        *(line for table in _GROW_ONLY for act in _ACTS for line in _postgresql(table, act)),
        *(line for act in _ACTS for line in _postgresql("note", act, _SIGNED_POSTGRESQL)),
    ),
}
