"""Limits as signed, alarms and the values that raised them; what was signed, shown and seen never changes."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    text,
)

from scheduling.tables import Instant, metadata
from telemed.guards import guards


def _one_per(name: str, column: str, when: str) -> Index:
    return Index(name, column, unique=True, sqlite_where=text(when), postgresql_where=text(when))


limit_set = Table(
    "limit_set",
    metadata,
    Column("facility_id", Uuid, ForeignKey("facility.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("signed_by", Uuid, ForeignKey("practitioner.id"), nullable=False),
    Column("signed_at", Instant, nullable=False),
    # Code to both ends, each as the digits that were signed.
    Column("limits", JSON, nullable=False),
    CheckConstraint("version >= 1", name="from_one"),
)

alarm = Table(
    "alarm",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("intake_id", Uuid, ForeignKey("intake.id"), nullable=False),
    Column("visit_id", Uuid, ForeignKey("encounter.id"), nullable=False),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False, index=True),
    Column("facility_id", Uuid, ForeignKey("facility.id"), nullable=False),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("limits_version", Integer, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("reach", String(9), nullable=False),
    Column("asked", Uuid, ForeignKey("practitioner.id")),
    Column("asked_at", Instant, nullable=False),
    Column("escalations", Integer, nullable=False),
    Column("acknowledged_by", Uuid, ForeignKey("practitioner.id")),
    Column("acknowledged_at", Instant),
    Column("version", Integer, nullable=False),
    # Measured when a doctor had asked for it again.
    Column("supplement_id", Uuid, ForeignKey("supplement.id")),
    CheckConstraint("reach IN ('first', 'next', 'everybody')", name="reach"),
    CheckConstraint("(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name="seen_by_name"),
    Index(
        "ix_alarm_open",
        "facility_id",
        sqlite_where=text("acknowledged_at IS NULL"),
        postgresql_where=text("acknowledged_at IS NULL"),
    ),
    _one_per("ix_alarm_of_intake", "intake_id", "supplement_id IS NULL"),
    _one_per("ix_alarm_of_supplement", "supplement_id", "supplement_id IS NOT NULL"),
    _one_per("ix_alarm_of_visit", "visit_id", "acknowledged_at IS NULL"),
)

alarm_value = Table(
    "alarm_value",
    metadata,
    Column("alarm_id", Uuid, ForeignKey("alarm.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("code", String(20), nullable=False),
    Column("value", String(12), nullable=False),
    Column("low", String(12)),
    Column("high", String(12)),
    CheckConstraint("low IS NOT NULL OR high IS NOT NULL", name="has_limit"),
)

_FACTS = "id, intake_id, visit_id, patient_id, facility_id, site_id, kiosk_id, limits_version, raised_at"
_SEEN = "OLD.acknowledged_at IS NOT NULL OR NEW.escalations < OLD.escalations"
# Name of the rule, what it watches, and when it refuses.
_RULES = (
    ("limit_set_fixed", "UPDATE ON limit_set", ""),
    ("limit_set_kept", "DELETE ON limit_set", ""),
    ("alarm_facts", f"UPDATE OF {_FACTS} ON alarm", ""),
    ("alarm_forward", "UPDATE ON alarm", _SEEN),
    ("alarm_kept", "DELETE ON alarm", ""),
    ("alarm_value_fixed", "UPDATE ON alarm_value", ""),
    ("alarm_value_kept", "DELETE ON alarm_value", ""),
)

GUARDS = guards(_RULES, "refuse_alarm_change", "an alarm goes only forward, and what was signed stays")
"""Created after the step that makes the tables, and again after each later one."""
