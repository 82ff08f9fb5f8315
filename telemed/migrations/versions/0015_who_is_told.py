"""Who is told when an answer in writing waits, when no clerk comes, and whose the seat in a call is."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call_seat", sa.Column("session", sa.String(64)))
    op.create_table(
        "written_step",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("encounter.id"), nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("who", sa.Uuid, sa.ForeignKey("practitioner.id")),
        sa.Column("at", Instant, nullable=False),
        sa.CheckConstraint(
            "what IN ('promise', 'read', 'taken', 'promised', 'another', 'coordinator')", name="what"
        ),
        sa.UniqueConstraint("visit_id", "what", "since", name="written_step_once"),
    )


def downgrade() -> None:
    op.drop_table("written_step")
    op.drop_column("call_seat", "session")
