"""A demo database is marked for good, never mistaken for a real one, and carries its own clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from telemed import clock, database, deployment, services
from telemed.deployment import DemoClock, DeploymentError
from telemed.settings import Settings

TUESDAY = datetime(2026, 12, 1, 7, 40, tzinfo=UTC)


def mark(engine: Engine, real_now: datetime | None = None) -> None:
    with database.write(engine) as connection:
        deployment.mark_demo(connection, 7, TUESDAY, real_now or clock.real_now())


def test_a_demo_database_is_refused_outside_demo_mode(engine: Engine) -> None:
    mark(engine)
    with pytest.raises(DeploymentError, match="TELEMED_DEMO=1"):
        deployment.guard(engine, demo_mode=False)


def test_a_real_database_is_refused_in_demo_mode(engine: Engine) -> None:
    with pytest.raises(DeploymentError, match="demo seed"):
        deployment.guard(engine, demo_mode=True)


def test_the_service_itself_does_not_start_on_the_wrong_kind(database_url: str, tmp_path: Path) -> None:
    engine = database.connect(database_url)
    mark(engine)
    engine.dispose()
    settings = Settings(database_url=database_url, data_dir=tmp_path, secret_key="s" * 32)
    with pytest.raises(DeploymentError):
        services.build(settings)


def test_the_mark_cannot_be_taken_off(engine: Engine) -> None:
    mark(engine)
    with pytest.raises(IntegrityError), database.write(engine) as connection:
        connection.execute(text("UPDATE deployment SET demo = false"))


def test_the_domain_clock_starts_where_it_was_set_and_ticks(engine: Engine) -> None:
    mark(engine, clock.real_now() - timedelta(hours=1))
    shown = DemoClock(engine).now()
    assert timedelta(hours=1) <= shown - TUESDAY < timedelta(hours=1, minutes=1)


def test_the_domain_clock_moves_forward_for_every_process_and_never_back(engine: Engine) -> None:
    mark(engine)
    tomorrow = TUESDAY + timedelta(days=1)
    DemoClock(engine).forward_to(tomorrow)
    assert DemoClock(engine).now() >= tomorrow
    DemoClock(engine).forward_to(TUESDAY)
    assert DemoClock(engine).now() >= tomorrow


def test_what_a_browser_calls_now_is_now_in_the_demo_too(engine: Engine) -> None:
    mark(engine)
    browser = clock.real_now()
    assert abs(browser + DemoClock(engine).ahead() - DemoClock(engine).now()) < timedelta(minutes=1)
