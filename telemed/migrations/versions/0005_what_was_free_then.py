"""What was free when a wish was left, so that only news is offered to whoever hopes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wish", sa.Column("free_then", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("wish", "free_then")
