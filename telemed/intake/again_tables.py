"""Readings that a doctor asked for again, and the supplements that answered; neither ever changes."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, Uuid

from scheduling.tables import Instant, metadata
from telemed.guards import guards

asked_again = Table(
    "asked_again",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", Uuid, ForeignKey("encounter.id"), nullable=False),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("asked_by", Uuid, ForeignKey("practitioner.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Index("ix_asked_again_visit", "visit_id"),
    Index("ix_asked_again_patient", "patient_id"),
)

supplement = Table(
    "supplement",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("asked_id", Uuid, ForeignKey("asked_again.id"), nullable=False, unique=True),
    Column("filed_at", Instant, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# Whose it is may be corrected when a claimed identity turns out to be a known patient; nothing else may.
_RULES = (
    ("asked_again_fixed", "UPDATE OF id, visit_id, kiosk_id, kind, asked_by, asked_at ON asked_again", ""),
    ("asked_again_kept", "DELETE ON asked_again", ""),
    ("supplement_fixed", "UPDATE ON supplement", ""),
    ("supplement_kept", "DELETE ON supplement", ""),
    ("alarm_of_supplement_fixed", "UPDATE OF supplement_id ON alarm", ""),
)

GUARDS = guards(_RULES, "refuse_supplement_change", "what was asked for and measured stays")
"""Created after the step that makes the tables, and again after each later one."""
