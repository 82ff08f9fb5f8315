"""What a doctor asks in writing and what is answered at the kiosk; neither ever changes."""

from sqlalchemy import (
    JSON,
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
from telemed.guards import guards

written_question = Table(
    "written_question",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", Uuid, ForeignKey("encounter.id"), nullable=False),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False),
    Column("asked_by", Uuid, ForeignKey("practitioner.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("words", Text, nullable=False),
    # What may be pressed in answer; none: it is typed.
    Column("choices", JSON, nullable=False),
    Index("ix_written_question_visit", "visit_id"),
    Index("ix_written_question_patient", "patient_id"),
)

written_answer = Table(
    "written_answer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("question_id", Uuid, ForeignKey("written_question.id"), nullable=False, unique=True),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("answered_at", Instant, nullable=False),
    Column("choice", Integer),
    Column("words", Text, nullable=False),
    # The clerk who typed what the patient said, by the account's id; known here by id only.
    Column("assisted_by", String(36)),
)

written_step = Table(
    "written_step",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", Uuid, ForeignKey("encounter.id"), nullable=False),
    Column("what", String(12), nullable=False),
    # Of an act its moment; of who was told, since when it had waited.
    Column("since", Instant, nullable=False),
    # Nobody where everybody of the facility is meant.
    Column("who", Uuid, ForeignKey("practitioner.id")),
    Column("at", Instant, nullable=False),
    CheckConstraint(
        "what IN ('promise', 'read', 'taken', 'promised', 'another', 'coordinator')", name="what"
    ),
    UniqueConstraint("visit_id", "what", "since", name="written_step_once"),
)

# Whose it is may be corrected when a claimed identity turns out to be a known patient; nothing else may.
_RULES = (
    (
        "written_question_fixed",
        "UPDATE OF id, visit_id, asked_by, asked_at, words, choices ON written_question",
        "",
    ),
    ("written_question_kept", "DELETE ON written_question", ""),
    ("written_answer_fixed", "UPDATE ON written_answer", ""),
    ("written_answer_kept", "DELETE ON written_answer", ""),
)

GUARDS = guards(_RULES, "refuse_written_change", "what was asked and answered in writing stays")
"""Created after the step that makes the tables, and again after each later one."""

STEP_GUARDS = guards(
    (
        ("written_step_fixed", "UPDATE ON written_step", ""),
        ("written_step_kept", "DELETE ON written_step", ""),
    ),
    "refuse_written_step_change",
    "who was told stays written",
)
"""The same of the ledger, which came later."""
