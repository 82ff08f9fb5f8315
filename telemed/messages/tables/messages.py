"""Messages, every step they took, and what the database refuses: a step back, a second repetition."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from scheduling.tables import Instant, metadata

STEPS: dict[str, tuple[str, ...]] = {
    "due": ("claimed", "cancelled"),
    # Back to due only when the provider states that it has not processed the request.
    "claimed": ("due", "accepted", "unknown", "delivered", "undelivered", "failed"),
    # Claimed again once, after the provider was asked and has not got it; else a person tells the patient.
    "unknown": ("claimed", "on_call_list", "accepted", "delivered", "undelivered", "failed"),
    # Only the news that it has arrived takes the call off the clerk's hands.
    "on_call_list": ("delivered",),
    "accepted": ("delivered", "undelivered", "failed"),
    "delivered": (),
    "undelivered": (),
    "failed": (),
    "cancelled": (),
}
"""From each state of a message, where it may go."""

SUBJECTS = ("appointment_id", "queue_entry_id", "wish_offer_id", "encounter_id", "read_on")
"""The columns of which exactly one names what a message is about."""

message = Table(
    "message",
    metadata,
    Column("id", Uuid, primary_key=True),
    # What it is about: exactly one of the five; `read_on` is the day on which others read the record.
    Column("appointment_id", ForeignKey("appointment.id")),
    Column("queue_entry_id", ForeignKey("queue_entry.id")),
    Column("wish_offer_id", ForeignKey("wish_offer.id")),
    Column("encounter_id", ForeignKey("encounter.id")),
    Column("read_on", Date),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("patient_id", ForeignKey("patient.id"), nullable=False),
    # Which try of the ladder this is, by which channel, and whom it is for: the patient or the proxy.
    Column("rung", Integer, nullable=False, default=0, server_default="0"),
    Column("channel", String(8), nullable=False, default="sms", server_default="sms"),
    Column("whom", String(8), nullable=False, default="patient", server_default="patient"),
    # The rung below, or the message that this one answers.
    Column("follows_id", ForeignKey("message.id")),
    # A number; for the channel "email" an address. It keeps its name for the code of yesterday.
    Column("phone", String(254), nullable=False),
    Column("language", String(8), nullable=False),
    Column("script", String(8), nullable=False, default="native", server_default="native"),
    Column("site_id", ForeignKey("site.id")),
    Column("place", Text, nullable=False),
    Column("body", Text),
    Column("time_zone", String(40), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("provider", String(20)),
    Column("sid", String(64)),
    Column("reason", String(40)),
    Column("answered_at", Instant),
    # When it was first handed over, when a second time ("possible duplicate"), when to ask the provider next.
    Column("tried_at", Instant),
    Column("repeated_at", Instant),
    Column("look_at", Instant),
    # From when on no news means that it has not arrived, and when the ladder had dealt with how it ended.
    Column("silent_at", Instant),
    Column("climbed_at", Instant),
    # Carriers, with commas between, that said no to it in a way that another carrier may say yes.
    Column("refused_by", String(80)),
    # Millionths of one unit of the currency, for all segments together.
    Column("segments", Integer),
    Column("cost_micros", Integer),
    Column("currency", String(3)),
    UniqueConstraint("appointment_id", "version", "kind", "rung", name="message_once_per_rung"),
    UniqueConstraint("queue_entry_id", "version", "kind", "rung", name="message_once_per_queue_rung"),
    UniqueConstraint("wish_offer_id", "version", "kind", "rung", name="message_once_per_offer_rung"),
    UniqueConstraint("encounter_id", "version", "kind", "rung", name="message_once_per_encounter_rung"),
    UniqueConstraint("patient_id", "read_on", "rung", name="message_once_per_day_of_reading"),
    UniqueConstraint("provider", "sid", name="message_sid_once"),
    CheckConstraint(
        " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in SUBJECTS) + " = 1",
        name="one_subject",
    ),
    Index("message_due", "state", "due_at"),
    Index("message_phone", "phone", "changed_at"),
    # What the ladder has not dealt with: ended ones by the first two, silent ones by all three.
    Index("message_to_climb", "state", "climbed_at", "silent_at"),
    Index("message_of_site", "site_id", "changed_at"),
    CheckConstraint("channel IN ('sms', 'voice', 'email')", name="channel"),
    CheckConstraint("whom IN ('patient', 'proxy')", name="whom"),
    CheckConstraint("script IN ('native', 'latin')", name="script"),
)

message_step = Table(
    "message_step",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", ForeignKey("message.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("provider", String(20)),
    Column("reason", String(40)),
    # Whoever took the step by hand; known by the reader's id only.
    Column("who", String(64)),
)

_FORBIDDEN = " OR ".join(
    f"(OLD.state = '{before}'" + "".join(f" AND NEW.state <> '{after}'" for after in steps) + ")"
    for before, steps in STEPS.items()
)
_MOVED_BACK = f"OLD.state <> NEW.state AND ({_FORBIDDEN})"
_REPEATED_TWICE = (
    "OLD.state = 'unknown' AND NEW.state = 'claimed'"
    " AND (OLD.repeated_at IS NOT NULL OR NEW.repeated_at IS NULL)"
)

TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS message_moves_forward",
        "CREATE TRIGGER message_moves_forward BEFORE UPDATE OF state ON message "
        f"WHEN {_MOVED_BACK} BEGIN SELECT RAISE(ABORT, 'a message never moves backwards'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION message_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a message never moves backwards' USING ERRCODE = 'check_violation'; END $$",
        "DROP TRIGGER IF EXISTS message_moves_forward ON message",
        "CREATE TRIGGER message_moves_forward BEFORE UPDATE OF state ON message FOR EACH ROW "
        f"WHEN ({_MOVED_BACK}) EXECUTE FUNCTION message_moves_forward()",
    ),
}
"""Idempotent statements for each database, run at the end of every migration."""

# Kept apart: a database that is brought up step by step has not the column yet.
REPEATS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS message_repeated_once",
        "CREATE TRIGGER message_repeated_once BEFORE UPDATE OF state ON message "
        f"WHEN {_REPEATED_TWICE} BEGIN SELECT RAISE(ABORT, 'a message is repeated once at most'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION message_repeated_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a message is repeated once at most' USING ERRCODE = 'check_violation'; END $$",
        "DROP TRIGGER IF EXISTS message_repeated_once ON message",
        "CREATE TRIGGER message_repeated_once BEFORE UPDATE OF state ON message FOR EACH ROW "
        f"WHEN ({_REPEATED_TWICE}) EXECUTE FUNCTION message_repeated_once()",
    ),
}
"""The same for the rule that needs ``message.repeated_at``."""


def _kept(dialect: str, act: str) -> tuple[str, str]:
    name = f"message_step_no_{act.lower()}"
    words = "the timeline of a message is kept as it was written"
    if dialect == "sqlite":
        return (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {act} ON message_step BEGIN SELECT RAISE(ABORT, '{words}'); END",
        )
    return (
        f"DROP TRIGGER IF EXISTS {name} ON message_step",
        f"CREATE TRIGGER {name} BEFORE {act} ON message_step FOR EACH ROW "
        "EXECUTE FUNCTION message_step_is_kept()",
    )


TIMELINE: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(line for act in ("UPDATE", "DELETE") for line in _kept("sqlite", act)),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION message_step_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the timeline of a message is kept as it was written' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        *(line for act in ("UPDATE", "DELETE") for line in _kept("postgresql", act)),
    ),
}
"""The same for the timeline, which only grows; a database of yesterday has none."""
