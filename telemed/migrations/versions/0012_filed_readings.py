"""Which readings of devices were filed, and what the server doubted of each."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "filed_reading",
        sa.Column("filing_id", sa.Uuid, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("device_id", sa.Uuid, sa.ForeignKey("device.id"), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("flags", sa.JSON, nullable=False),
        sa.Column("filed_at", Instant, nullable=False),
    )
    op.create_index("ix_filed_reading_digest", "filed_reading", ["device_id", "digest"])


def downgrade() -> None:
    op.drop_table("filed_reading")
