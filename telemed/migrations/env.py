"""Alembic's entry: run one upgrade in one transaction and end it by restoring the triggers."""

from alembic import context
from sqlalchemy import Engine

from telemed import database
from telemed.migrations.schema import metadata, restore_triggers


def run(engine: Engine) -> None:
    """Run the migrations; SQLite rebuilds tables, which drops their triggers."""
    with database.write(engine) as connection:
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        context.run_migrations()
        restore_triggers(connection)


run(context.config.attributes["engine"])
