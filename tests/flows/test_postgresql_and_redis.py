"""The same service on PostgreSQL and Redis: booked at the kiosk, reminded by the worker, answered by "2"."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import servers
from tests.browser.people import Patient, Person
from tests.running import Running, demo_service


@pytest.fixture
def large_service(tmp_path: Path, postgres: servers.Postgres, redis_server: str) -> Iterator[Running]:
    postgres.run("CREATE DATABASE large")
    with demo_service(
        tmp_path, TELEMED_DATABASE_URL=postgres.url("large"), TELEMED_BROKER_URL=redis_server
    ) as running:
        yield running
    postgres.run("DROP DATABASE large WITH (FORCE)")


@pytest.mark.full
def test_a_booking_is_confirmed_by_sms_and_cancelled_by_its_answer(
    large_service: Running, browser: Browser
) -> None:
    assert not (large_service.data / "telemed.db").exists()
    patient = Patient(browser, large_service.origin)
    patient.chooses_language("Български")
    patient.answers_until("review", when="later")
    patient.confirms()
    owner = Person(browser, large_service.origin)
    owner.page.goto(f"{large_service.origin}/demo/handset")
    expect(owner.page.locator("main")).to_contain_text("888123456", timeout=30_000)
    owner.page.get_by_role("button", name="2").first.click()
    expect(owner.page.locator("main")).to_contain_text("отменен", timeout=30_000)
    patient.close()
    owner.close()


@pytest.mark.full
def test_the_large_installation_keeps_its_promises(large_service: Running) -> None:
    assert "keeps its promises" in large_service.command("db", "check")
    assert "whole" in large_service.command("audit", "verify")


def test_a_database_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    away = f"postgresql+psycopg://nobody@127.0.0.1:{servers.free_port()}/none"
    with (
        pytest.raises(subprocess.CalledProcessError) as failed,
        demo_service(tmp_path, TELEMED_DATABASE_URL=away),
    ):
        pass
    assert "Traceback" not in failed.value.stderr
