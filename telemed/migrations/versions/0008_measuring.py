"""Devices at the table, clerks' PINs at the kiosk, calls for help, readings a doctor asks for again."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _devices()
    _clerk_pins()
    _kept_places()
    _emergency_calls()
    _asked_again()


def downgrade() -> None:
    _drop_asked_again()
    op.drop_table("emergency_call")
    _drop_kept_places()
    for name in ("clerk_mode", "clerk_pin", "device_reading", "device"):
        op.drop_table(name)


def _drop_kept_places() -> None:
    op.drop_table("visit_presence")
    op.drop_column("queue_entry", "away_until")


def _devices() -> None:
    """What is measured with."""
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kiosk_id", sa.Uuid, sa.ForeignKey("kiosk.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("serial", sa.String(40), nullable=False),
        sa.Column("driver", sa.String(40), nullable=False),
        sa.Column("calibrated_on", sa.Date),
        sa.Column("calibrate_by", sa.Date),
        sa.Column("lot", sa.String(40), nullable=False),
        sa.Column("lot_expires", sa.Date),
        sa.Column("remaining", sa.Integer),
        sa.Column("paired_name", sa.String(120), nullable=False),
        sa.Column("paired_key", sa.String(120), nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("retired_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("remaining IS NULL OR remaining >= 0", name="not_below_none"),
    )
    op.create_index("ix_device_kiosk_id", "device", ["kiosk_id"])
    in_use = sa.text("retired_at IS NULL")
    op.create_index(
        "ix_device_in_use",
        "device",
        ["name", "serial"],
        unique=True,
        sqlite_where=in_use,
        postgresql_where=in_use,
    )
    op.create_table(
        "device_reading",
        sa.Column("device_id", sa.Uuid, sa.ForeignKey("device.id"), primary_key=True),
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("session", sa.Uuid, primary_key=True),
        sa.Column("seen_at", Instant, nullable=False),
    )


def _clerk_pins() -> None:
    """With which a clerk opens the technical side of a kiosk."""
    op.create_table(
        "clerk_pin",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("pin_hash", sa.String(255), nullable=False),
        sa.Column("set_at", Instant, nullable=False),
    )
    op.create_table(
        "clerk_mode",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kiosk_id", sa.Uuid, sa.ForeignKey("kiosk.id"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("helps_from", Instant),
        sa.Column("intake_id", sa.Uuid),
        sa.CheckConstraint("expires_at > opened_at", name="lasts"),
        sa.CheckConstraint("intake_id IS NULL OR helps_from IS NOT NULL", name="helped"),
    )
    op.create_index("ix_clerk_mode_kiosk_id", "clerk_mode", ["kiosk_id", "opened_at"])


def _kept_places() -> None:
    """Who has left the screen for a while, who else is in the room, and who has said to be there."""
    op.add_column("queue_entry", sa.Column("away_until", Instant))
    op.create_table(
        "visit_presence",
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounter.id"), primary_key=True),
        sa.Column("company", sa.String(8)),
        sa.Column("here_at", Instant),
        sa.CheckConstraint("company IN ('alone', 'relative', 'clerk')", name="company"),
    )


def _emergency_calls() -> None:
    """Who pressed the Emergency button where, and who has seen it."""
    op.create_table(
        "emergency_call",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kiosk_id", sa.Uuid, sa.ForeignKey("kiosk.id"), nullable=False),
        sa.Column("site_id", sa.Uuid, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("facility_id", sa.Uuid, sa.ForeignKey("facility.id")),
        sa.Column("why", sa.String(7), nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("reach", sa.String(9), nullable=False),
        sa.Column("asked", sa.Uuid, sa.ForeignKey("practitioner.id")),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("escalations", sa.Integer, nullable=False),
        sa.Column("acknowledged_by", sa.Uuid, sa.ForeignKey("practitioner.id")),
        sa.Column("acknowledged_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("why IN ('pressed', 'danger')", name="why"),
        sa.CheckConstraint("reach IN ('first', 'next', 'everybody')", name="reach"),
        sa.CheckConstraint("(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name="seen_by_name"),
    )
    op.create_index("ix_emergency_call_site", "emergency_call", ["site_id", "raised_at"])
    still_open = sa.text("acknowledged_at IS NULL")
    op.create_index(
        "ix_emergency_call_open",
        "emergency_call",
        ["facility_id"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _asked_again() -> None:
    """What a doctor wants measured once more, and what came of it; a visit may have an alarm of it, too."""
    op.create_table(
        "asked_again",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("encounter.id"), nullable=False),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patient.id"), nullable=False),
        sa.Column("kiosk_id", sa.Uuid, sa.ForeignKey("kiosk.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("asked_by", sa.Uuid, sa.ForeignKey("practitioner.id"), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
    )
    op.create_index("ix_asked_again_visit", "asked_again", ["visit_id"])
    op.create_index("ix_asked_again_patient", "asked_again", ["patient_id"])
    op.create_table(
        "supplement",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("asked_id", sa.Uuid, sa.ForeignKey("asked_again.id"), nullable=False, unique=True),
        sa.Column("filed_at", Instant, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_constraint("uq_alarm_intake_id", type_="unique")
        batch_op.drop_constraint("uq_alarm_visit_id", type_="unique")
        batch_op.add_column(sa.Column("supplement_id", sa.Uuid))
        batch_op.create_foreign_key("fk_alarm_supplement_id", "supplement", ["supplement_id"], ["id"])
    of_intake, still_open = sa.text("supplement_id IS NULL"), sa.text("acknowledged_at IS NULL")
    _one_per("ix_alarm_of_intake", "intake_id", of_intake)
    _one_per("ix_alarm_of_supplement", "supplement_id", sa.text("supplement_id IS NOT NULL"))
    _one_per("ix_alarm_of_visit", "visit_id", still_open)


def _one_per(name: str, column: str, where: sa.TextClause) -> None:
    op.create_index(name, "alarm", [column], unique=True, sqlite_where=where, postgresql_where=where)


def _drop_asked_again() -> None:
    for name in ("ix_alarm_of_visit", "ix_alarm_of_supplement", "ix_alarm_of_intake"):
        op.drop_index(name, "alarm")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_constraint("fk_alarm_supplement_id", type_="foreignkey")
        batch_op.drop_column("supplement_id")
        batch_op.create_unique_constraint("uq_alarm_intake_id", ["intake_id"])
        batch_op.create_unique_constraint("uq_alarm_visit_id", ["visit_id"])
    for name in ("supplement", "asked_again"):
        op.drop_table(name)
