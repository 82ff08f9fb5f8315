"""Tables of staff accounts, web sessions, enrolled kiosk devices, and the rules the database itself keeps."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from scheduling.tables import Instant, metadata

# Names and columns Flask-Security expects; the classes over them are in telemed.accounts.models.
account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password", String(255), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("fs_uniquifier", String(64), nullable=False, unique=True),
    Column("tf_primary_method", String(20)),
    Column("tf_totp_secret", Text),
    Column("tf_last_counter", BigInteger, nullable=False, default=0),
    Column("practitioner_id", Uuid, ForeignKey("practitioner.id")),
    Column("facility_id", Uuid, ForeignKey("facility.id")),
    # The counter a clerk works at.
    Column("site_id", Uuid, ForeignKey("site.id")),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("email = lower(email)", name="account_email_is_lower_case"),
)

role = Table(
    "role",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
)

account_role = Table(
    "account_role",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id"), primary_key=True),
)

web_session = Table(
    "web_session",
    metadata,
    # The id is the opaque reference that passes and notices carry; the cookie's token is kept only as a hash.
    Column("id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("audience", String(10), nullable=False),
    Column("subject", String(64)),
    Column("data", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_why", String(20)),
    CheckConstraint("audience IN ('staff', 'kiosk', 'my')", name="web_session_audience"),
    CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="web_session_end_has_reason"),
    CheckConstraint("ended_at IS NULL OR data = ''", name="web_session_ended_is_empty"),
)
Index("web_session_by_subject", web_session.c.subject)

kiosk_device = Table(
    "kiosk_device",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    # The public half of the key the kiosk keeps unreadable; without script there is none.
    Column("public_key", Text),
    Column("enrolled_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
Index(
    "kiosk_device_one_active",
    kiosk_device.c.kiosk_id,
    unique=True,
    sqlite_where=text("revoked_at IS NULL"),
    postgresql_where=text("revoked_at IS NULL"),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

attempt_failure = Table(
    "attempt_failure",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # Keyed hash of what was tried (an account name, a kiosk code): enough to count, nothing to read.
    Column("key_hash", LargeBinary(32), nullable=False),
    Column("at", Instant, nullable=False),
)
Index("attempt_failure_by_key", attempt_failure.c.key_hash, attempt_failure.c.at)

# What has ended stays ended: table, column that may be set once.
_SET_ONCE = (("web_session", "ended_at"), ("kiosk_device", "revoked_at"), ("enrolment_code", "used_at"))


def _sqlite(table: str, column: str) -> tuple[str, str]:
    name = f"{table}_{column}_set_once"
    return (
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} "
        f"WHEN OLD.{column} IS NOT NULL AND NEW.{column} IS NOT OLD.{column} "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END",
    )


def _postgresql(table: str, column: str) -> tuple[str, str, str]:
    name = f"{table}_{column}_set_once"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN (OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}) "
        f"EXECUTE FUNCTION {name}()",
    )


TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(line for pair in _SET_ONCE for line in _sqlite(*pair)),
    "postgresql": tuple(line for pair in _SET_ONCE for line in _postgresql(*pair)),
}
