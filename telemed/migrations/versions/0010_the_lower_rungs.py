"""How calls went, questions in writing, telephones that are joined, and pages to doctors."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _call_quality()
    _written()
    _telephones()
    _bridges()
    _pages()


def downgrade() -> None:
    for name in (
        "doctor_page",
        "phone_leg",
        "phone_bridge",
        "site_phone",
        "staff_phone",
        "written_answer",
        "written_question",
        "call_quality",
    ):
        op.drop_table(name)


def _call_quality() -> None:
    """How each call went, five seconds a row."""
    op.create_table(
        "call_quality",
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("encounter.id"), primary_key=True),
        sa.Column("side", sa.String(12), primary_key=True),
        sa.Column("page", sa.String(32), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("site_id", sa.Uuid, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("kiosk_id", sa.Uuid, sa.ForeignKey("kiosk.id")),
        sa.Column("at", Instant, nullable=False),
        sa.Column("rung", sa.String(8), nullable=False),
        sa.Column("rtt_ms", sa.Integer),
        sa.Column("loss_percent", sa.Float),
        sa.Column("concealed_percent", sa.Float),
        sa.Column("fps", sa.Float),
        sa.Column("buffer_ms", sa.Integer),
        sa.Column("sent_bytes", sa.Integer, nullable=False),
        sa.Column("received_bytes", sa.Integer, nullable=False),
        sa.Column("up_kbps", sa.Integer),
        sa.CheckConstraint("side IN ('patient', 'practitioner')", name="side"),
        sa.CheckConstraint("rung IN ('video', 'audio', 'stills', 'phone', 'written')", name="rung"),
    )
    op.create_index("ix_call_quality_site", "call_quality", ["site_id", "at"])
    op.create_index("ix_call_quality_at", "call_quality", ["at"])


def _written() -> None:
    """What a doctor asks in writing, and what is answered at the kiosk."""
    op.create_table(
        "written_question",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("encounter.id"), nullable=False),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patient.id"), nullable=False),
        sa.Column("asked_by", sa.Uuid, sa.ForeignKey("practitioner.id"), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
    )
    op.create_index("ix_written_question_visit", "written_question", ["visit_id"])
    op.create_index("ix_written_question_patient", "written_question", ["patient_id"])
    op.create_table(
        "written_answer",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("question_id", sa.Uuid, sa.ForeignKey("written_question.id"), nullable=False, unique=True),
        sa.Column("kiosk_id", sa.Uuid, sa.ForeignKey("kiosk.id"), nullable=False),
        sa.Column("answered_at", Instant, nullable=False),
        sa.Column("choice", sa.Integer),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("assisted_by", sa.String(36)),
    )


def _telephones() -> None:
    """Whom the service may ring: a doctor who agreed to it, and the handset at a site."""
    op.create_table(
        "staff_phone",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("calls", sa.Boolean, nullable=False),
        sa.Column("pages", sa.Boolean, nullable=False),
        sa.Column("agreed_at", Instant, nullable=False),
    )
    op.create_table(
        "site_phone",
        sa.Column("site_id", sa.Uuid, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("set_by", sa.Uuid, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("set_at", Instant, nullable=False),
    )


def _bridges() -> None:
    """The two telephones of a visit that are joined, each rung once."""
    op.create_table(
        "phone_bridge",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("encounter.id"), nullable=False),
        sa.Column("practitioner_id", sa.Uuid, sa.ForeignKey("practitioner.id"), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(20)),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint("state IN ('ringing', 'talking', 'over', 'failed')", name="state"),
    )
    still_open = sa.text("state IN ('ringing', 'talking')")
    op.create_index(
        "phone_bridge_one_open",
        "phone_bridge",
        ["visit_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_phone_bridge_visit", "phone_bridge", ["visit_id", "asked_at"])
    op.create_table(
        "phone_leg",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("bridge_id", sa.Uuid, sa.ForeignKey("phone_bridge.id"), nullable=False),
        sa.Column("who", sa.String(6), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("sid", sa.String(64), unique=True),
        sa.Column("changed_at", Instant, nullable=False),
        sa.UniqueConstraint("bridge_id", "who", name="phone_leg_once"),
        sa.CheckConstraint("who IN ('kiosk', 'doctor')", name="who"),
    )
    op.create_index("ix_phone_leg_state", "phone_leg", ["state", "changed_at"])


def _pages() -> None:
    """What calls a doctor to the screen by SMS."""
    op.create_table(
        "doctor_page",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("about_id", sa.Uuid, nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("time_zone", sa.String(40), nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("sid", sa.String(64)),
        sa.Column("changed_at", Instant, nullable=False),
        sa.UniqueConstraint("about_id", "account_id", name="doctor_page_once"),
    )
    op.create_index("ix_doctor_page_state", "doctor_page", ["state", "changed_at"])
