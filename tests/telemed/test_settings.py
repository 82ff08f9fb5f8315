"""Settings are read once, say where they come from, and refuse what cannot work."""

from pathlib import Path

import pytest

from telemed.settings import Settings, SettingsError, describe, read

SECRET = "s" * 32


def environ(tmp_path: Path, **values: str) -> dict[str, str]:
    return {"TELEMED_DATA_DIR": str(tmp_path), "TELEMED_SECRET_KEY": SECRET, **values}


def test_without_any_daemon_the_database_is_sqlite_and_the_broker_a_folder(tmp_path: Path) -> None:
    settings = read(environ(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path / 'telemed.db'}"
    assert settings.broker_url == "filesystem://"


def test_outside_demo_mode_a_secret_is_demanded(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TELEMED_SECRET_KEY"):
        read({"TELEMED_DATA_DIR": str(tmp_path)})


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="32"):
        read(environ(tmp_path, TELEMED_SECRET_KEY="short"))


def test_a_demo_keeps_its_own_secret_for_the_next_start(tmp_path: Path) -> None:
    demo = {"TELEMED_DATA_DIR": str(tmp_path), "TELEMED_DEMO": "1"}
    first, second = read(demo), read(demo)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "demo-secret").stat().st_mode & 0o077 == 0


def test_a_value_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TELEMED_PORT"):
        read(environ(tmp_path, TELEMED_PORT="eighty"))


def test_each_purpose_has_its_own_key() -> None:
    settings = Settings(secret_key=SECRET)
    assert settings.key("passes") != settings.key("slip-code")
    assert settings.key("passes") == Settings(secret_key=SECRET).key("passes")


def test_the_listing_never_shows_a_secret(tmp_path: Path) -> None:
    variables = environ(tmp_path, TELEMED_DATABASE_URL="postgresql+psycopg://clinic:hunter2@db/telemed")
    listing = "\n".join(" ".join(row) for row in describe(read(variables), variables))
    assert "hunter2" not in listing
    assert SECRET not in listing
    assert "TELEMED_PUBLIC_ORIGIN" in listing
