"""One demo world for all tests of this folder; each test that writes gets a copy."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from telemed import database
from telemed.demo import world
from telemed.settings import Settings

TUESDAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)


@pytest.fixture(scope="session")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose database holds the demo world; to be read only."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "telemed.db")
    settings = Settings(
        demo=True, data_dir=folder, database_url=f"sqlite:///{folder / 'telemed.db'}", secret_key="s" * 64
    )
    world.seed(settings, 7, TUESDAY)
    return settings


@pytest.fixture
def demo_settings(seeded: Settings, tmp_path: Path) -> Settings:
    """Settings whose database holds a demo world of its own."""
    copy = tmp_path / "demo.db"
    # The write-ahead log is emptied into the file when the last connection closes, so the file is whole.
    shutil.copyfile(seeded.data_dir / "telemed.db", copy)
    return replace(seeded, data_dir=tmp_path, database_url=f"sqlite:///{copy}")


@pytest.fixture
def demo_engine(seeded: Settings) -> Iterator[Engine]:
    """An engine on the shared demo world, for reading."""
    engine = database.connect(seeded.database_url)
    yield engine
    engine.dispose()
