"""The index of what is taken says also until when a hold stands: free times are told from it alone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BEFORE = ["resource", "starts_at", "ends_at"]
_AFTER = [*_BEFORE, "expires_at"]


def upgrade() -> None:
    _make(_AFTER)


def downgrade() -> None:
    _make(_BEFORE)


def _make(columns: list[str]) -> None:
    op.drop_index("ix_allocation_active", table_name="allocation")
    active = sa.text("active")
    op.create_index(
        "ix_allocation_active", "allocation", columns, sqlite_where=active, postgresql_where=active
    )
