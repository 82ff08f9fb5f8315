"""Which seat of a call is the newest, so that a replaced one is refused after a restart too."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_seat",
        sa.Column("room", sa.String(128), primary_key=True),
        sa.Column("role", sa.String(12), primary_key=True),
        sa.Column("given", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False, server_default="0"),
        sa.Column("at", Instant, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("call_seat")
