"""Places in the queue that a doctor puts off, and a clerk who is called out of a call."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("queue_entry", sa.Column("put_off_until", Instant))
    op.add_column("queue_entry", sa.Column("put_off_why", sa.String(10), nullable=False, server_default=""))
    op.add_column("queue_entry", sa.Column("put_offs", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "clerk_call",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("encounter.id"), nullable=False),
        sa.Column("kiosk_id", sa.Uuid, sa.ForeignKey("kiosk.id"), nullable=False),
        sa.Column("site_id", sa.Uuid, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("why", sa.String(10), nullable=False),
        sa.Column("called_by", sa.Uuid, sa.ForeignKey("practitioner.id"), nullable=False),
        sa.Column("called_at", Instant, nullable=False),
        sa.Column("seen_by", sa.Uuid, sa.ForeignKey("account.id")),
        sa.Column("seen_at", Instant),
        sa.CheckConstraint("why IN ('collapsed', 'danger', 'abuse')", name="why"),
        sa.CheckConstraint("(seen_by IS NULL) = (seen_at IS NULL)", name="seen_by_name"),
    )
    op.create_index("ix_clerk_call_site", "clerk_call", ["site_id", "called_at"])
    op.create_index("ix_clerk_call_visit", "clerk_call", ["visit_id"])


def downgrade() -> None:
    op.drop_table("clerk_call")
    for name in ("put_offs", "put_off_why", "put_off_until"):
        op.drop_column("queue_entry", name)
