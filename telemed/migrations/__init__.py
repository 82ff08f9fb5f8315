"""The one Alembic tree: brings a database to the tables that the code declares, and checks its promises."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from telemed.migrations.promises import check
from telemed.migrations.schema import TRIGGERS, restore_triggers

__all__ = ["TRIGGERS", "check", "current", "head", "restore_triggers", "upgrade"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a revision, the newest if none is named."""
    config = _config()
    config.attributes["engine"] = engine
    command.upgrade(config, revision)


def head() -> str | None:
    """Return the newest revision the code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(connection: Connection) -> str | None:
    """Return the revision a database stands at."""
    return MigrationContext.configure(connection).get_current_revision()
