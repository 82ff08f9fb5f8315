"""Alert limits as a facility's clinicians sign them, and alarms that a named person must have seen."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "limit_set",
        sa.Column("facility_id", sa.Uuid, sa.ForeignKey("facility.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("signed_by", sa.Uuid, sa.ForeignKey("practitioner.id"), nullable=False),
        sa.Column("signed_at", Instant, nullable=False),
        sa.Column("limits", sa.JSON, nullable=False),
        sa.CheckConstraint("version >= 1", name="from_one"),
    )
    _alarm()
    op.create_table(
        "alarm_value",
        sa.Column("alarm_id", sa.Uuid, sa.ForeignKey("alarm.id"), primary_key=True),
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("value", sa.String(12), nullable=False),
        sa.Column("low", sa.String(12)),
        sa.Column("high", sa.String(12)),
        sa.CheckConstraint("low IS NOT NULL OR high IS NOT NULL", name="has_limit"),
    )


def downgrade() -> None:
    for name in ("alarm_value", "alarm", "limit_set"):
        op.drop_table(name)


def _alarm() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("intake_id", sa.Uuid, sa.ForeignKey("intake.id"), nullable=False, unique=True),
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("encounter.id"), nullable=False, unique=True),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patient.id"), nullable=False),
        sa.Column("facility_id", sa.Uuid, sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("site_id", sa.Uuid, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("kiosk_id", sa.Uuid, sa.ForeignKey("kiosk.id"), nullable=False),
        sa.Column("limits_version", sa.Integer, nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("reach", sa.String(9), nullable=False),
        sa.Column("asked", sa.Uuid, sa.ForeignKey("practitioner.id")),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("escalations", sa.Integer, nullable=False),
        sa.Column("acknowledged_by", sa.Uuid, sa.ForeignKey("practitioner.id")),
        sa.Column("acknowledged_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("reach IN ('first', 'next', 'everybody')", name="reach"),
        sa.CheckConstraint("(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name="seen_by_name"),
    )
    op.create_index("ix_alarm_patient_id", "alarm", ["patient_id"])
    still_open = sa.text("acknowledged_at IS NULL")
    op.create_index(
        "ix_alarm_open", "alarm", ["facility_id"], sqlite_where=still_open, postgresql_where=still_open
    )
