"""An installation's first account is made from the command line, and only a sound one."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduling.ids import uuid7
from telemed.run.command import main

PASSWORD = "correct horse battery"


@pytest.fixture
def variables(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "TELEMED_DATABASE_URL": database_url,
        "TELEMED_DATA_DIR": str(tmp_path),
        "TELEMED_SECRET_KEY": "s" * 32,
    }


def add(variables: dict[str, str], *more: str, password: str = PASSWORD) -> Result:
    words = ["staff", "add", "ana@clinic.example", "--name", "Ана", "--password", password, *more]
    return CliRunner().invoke(main, words, env=variables)


def test_a_coordinator_can_be_added(variables: dict[str, str]) -> None:
    result = add(variables, "--role", "coordinator")
    assert result.exit_code == 0, result.output
    assert "/staff/sign-in" in result.output


def test_the_same_address_twice_is_refused(variables: dict[str, str]) -> None:
    add(variables, "--role", "coordinator")
    result = add(variables, "--role", "coordinator")
    assert result.exit_code == 1
    assert "already" in result.output


def test_a_doctor_without_a_practitioner_is_refused(variables: dict[str, str]) -> None:
    assert "--practitioner" in add(variables, "--role", "doctor").output


def test_a_clerk_belongs_to_a_counter_that_is_there(variables: dict[str, str]) -> None:
    add(variables, "--role", "coordinator")
    assert "--site" in add(variables, "--role", "clerk").output
    assert "no such site" in add(variables, "--role", "clerk", "--site", str(uuid7())).output


def test_a_short_password_is_refused(variables: dict[str, str]) -> None:
    assert "12" in add(variables, "--role", "clerk", password="short").output
