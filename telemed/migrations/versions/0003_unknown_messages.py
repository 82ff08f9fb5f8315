"""Messages of unknown outcome: when they were tried and repeated, and the clerk's call list."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW = ("tried_at", "repeated_at", "look_at")


def upgrade() -> None:
    for name in _NEW:
        op.add_column("message", sa.Column(name, Instant(), nullable=True))
    op.create_table(
        "call_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'called', 'unreached', 'not_needed')", name=op.f("ck_call_list_status")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_call_list_message_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_call_list_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_call_list_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_list")),
        sa.UniqueConstraint("message_id", name="call_list_once_per_message"),
    )
    op.create_index("ix_call_list_patient_id", "call_list", ["patient_id"])
    op.create_index("call_list_of_site", "call_list", ["site_id", "status"])


def downgrade() -> None:
    op.drop_index("call_list_of_site", table_name="call_list")
    op.drop_index("ix_call_list_patient_id", table_name="call_list")
    op.drop_table("call_list")
    # SQLite drops no column that a trigger names; the upgrade before this one restores them.
    with op.batch_alter_table("message") as message:
        for name in _NEW:
            message.drop_column(name)
