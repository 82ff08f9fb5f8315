"""Intakes as filed, and bodies that claimed an id already taken; neither ever changes."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Uuid

from scheduling.tables import Instant, metadata

intake = Table(
    "intake",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", Uuid, nullable=False, unique=True),
    Column("patient_id", Uuid, ForeignKey("patient.id"), nullable=False),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_intake_patient", "patient_id"),
)

intake_conflict = Table(
    "intake_conflict",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("intake_id", Uuid, ForeignKey("intake.id"), nullable=False),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_intake_conflict_body", "intake_id", "sha256", unique=True),
)

# An intake's owner may be corrected (a claimed identity turns out to be a known patient); nothing else may.
_FIXED = "id, visit_id, kiosk_id, site_id, filed_at, sha256, body"


def _sqlite() -> tuple[str, ...]:
    rules = {
        "intake_fixed": f"UPDATE OF {_FIXED} ON intake",
        "intake_kept": "DELETE ON intake",
        "intake_conflict_fixed": "UPDATE ON intake_conflict",
        "intake_conflict_kept": "DELETE ON intake_conflict",
    }
    return tuple(
        statement
        for name, event in rules.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, 'an intake never changes'); END",
        )
    )


def _postgresql() -> tuple[str, ...]:
    rules = {
        "intake_fixed": f"UPDATE OF {_FIXED} OR DELETE ON intake",
        "intake_conflict_fixed": "UPDATE OR DELETE ON intake_conflict",
    }
    function = (
        "CREATE OR REPLACE FUNCTION refuse_intake_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'an intake never changes' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = tuple(
        statement
        for name, event in rules.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {name} ON {event.rsplit(' ', 1)[1]}",
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION refuse_intake_change()",
        )
    )
    return (function, *triggers)


TRIGGERS: dict[str, tuple[str, ...]] = {"sqlite": _sqlite(), "postgresql": _postgresql()}
