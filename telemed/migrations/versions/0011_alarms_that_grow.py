"""An open alarm grows by each further value, of a kind that it holds already, too."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _counted_by("number")


def downgrade() -> None:
    op.execute(
        "DELETE FROM alarm_value WHERE EXISTS (SELECT 1 FROM alarm_value AS other WHERE"
        " other.alarm_id = alarm_value.alarm_id AND other.code = alarm_value.code"
        " AND other.number > alarm_value.number)"
    )
    _counted_by("code")


def _counted_by(column: str) -> None:
    with op.batch_alter_table("alarm_value", schema=None) as batch_op:
        batch_op.drop_constraint("pk_alarm_value", type_="primary")
        batch_op.create_primary_key("pk_alarm_value", ["alarm_id", column])
