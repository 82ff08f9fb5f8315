"""The tables of messages, and the rules in the database: never backwards, never repeated a second time."""

from sqlalchemy import (
    CheckConstraint,
    Column,
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

message = Table(
    "message",
    metadata,
    Column("id", Uuid, primary_key=True),
    # What it is about: exactly one of the three.
    Column("appointment_id", ForeignKey("appointment.id")),
    Column("queue_entry_id", ForeignKey("queue_entry.id")),
    Column("wish_offer_id", ForeignKey("wish_offer.id")),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("patient_id", ForeignKey("patient.id"), nullable=False),
    Column("phone", String(16), nullable=False),
    Column("language", String(8), nullable=False),
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
    UniqueConstraint("appointment_id", "version", "kind", name="message_once_per_version_and_kind"),
    UniqueConstraint("queue_entry_id", "version", "kind", name="message_once_per_queue_version_and_kind"),
    UniqueConstraint("wish_offer_id", "version", "kind", name="message_once_per_offer_version_and_kind"),
    UniqueConstraint("provider", "sid", name="message_sid_once"),
    CheckConstraint(
        "(appointment_id IS NOT NULL AND queue_entry_id IS NULL AND wish_offer_id IS NULL)"
        " OR (appointment_id IS NULL AND queue_entry_id IS NOT NULL AND wish_offer_id IS NULL)"
        " OR (appointment_id IS NULL AND queue_entry_id IS NULL AND wish_offer_id IS NOT NULL)",
        name="one_subject",
    ),
    Index("message_due", "state", "due_at"),
    Index("message_phone", "phone", "changed_at"),
)

OPEN_CALLS = ("open", "unreached")

call_list = Table(
    "call_list",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", ForeignKey("message.id"), nullable=False),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("phone", String(16), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("status", String(12), nullable=False),
    Column("changed_at", Instant, nullable=False),
    # Accounts are a subject beside this one: known by the reader's id only.
    Column("changed_by", String(64)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("message_id", name="call_list_once_per_message"),
    CheckConstraint("status IN ('open', 'called', 'unreached', 'not_needed')", name="status"),
    Index("call_list_of_site", "site_id", "status"),
)

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

# The simulated handset is a stranger to the rest, as a real telephone would be: it points to nothing.
handset_message = Table(
    "handset_message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Uuid, unique=True),
    Column("phone", String(16), nullable=False),
    Column("direction", String(3), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("handset_message_phone", "phone", "at"),
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
