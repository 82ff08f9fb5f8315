"""Calls for help from kiosks; who called from where, and who has seen it, never changes afterwards."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Uuid, text

from scheduling.tables import Instant, metadata
from telemed.guards import guards

emergency_call = Table(
    "emergency_call",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("facility_id", Uuid, ForeignKey("facility.id")),
    Column("why", String(7), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("reach", String(9), nullable=False),
    Column("asked", Uuid, ForeignKey("practitioner.id")),
    Column("asked_at", Instant, nullable=False),
    Column("escalations", Integer, nullable=False),
    Column("acknowledged_by", Uuid, ForeignKey("practitioner.id")),
    Column("acknowledged_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("why IN ('pressed', 'danger')", name="why"),
    CheckConstraint("reach IN ('first', 'next', 'everybody')", name="reach"),
    CheckConstraint("(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name="seen_by_name"),
    Index("ix_emergency_call_site", "site_id", "raised_at"),
    Index(
        "ix_emergency_call_open",
        "facility_id",
        sqlite_where=text("acknowledged_at IS NULL"),
        postgresql_where=text("acknowledged_at IS NULL"),
    ),
)

_FACTS = "id, kiosk_id, site_id, facility_id, why, raised_at"
# Name of the rule, what it watches, and when it refuses.
_RULES = (
    ("emergency_call_facts", f"UPDATE OF {_FACTS} ON emergency_call", ""),
    (
        "emergency_call_forward",
        "UPDATE ON emergency_call",
        "OLD.acknowledged_at IS NOT NULL OR NEW.escalations < OLD.escalations",
    ),
    ("emergency_call_kept", "DELETE ON emergency_call", ""),
)

GUARDS = guards(_RULES, "refuse_emergency_change", "a call for help goes only forward")
"""Created after the step that makes the table, and again after each later one."""
