"""Tokens for a provider's relays, fetched ahead and sealed; a call has one at most."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relay_token",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("room", sa.String(128), unique=True),
        sa.Column("given_at", Instant),
        sa.CheckConstraint("(room IS NULL) = (given_at IS NULL)", name="given_with_its_time"),
    )
    op.create_index("ix_relay_token_expires_at", "relay_token", ["expires_at"])


def downgrade() -> None:
    op.drop_table("relay_token")
