"""The supervisor keeps its processes alive and leaves none behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from telemed.run.command import COMMANDS, main
from telemed.run.refusal import EX_CONFIG, WrongSettings
from telemed.run.up import refuse_unknown
from telemed.settings import read

PARENT = """
import sys
from telemed.run.up import Child, Supervisor
code = "import os, sys, time; open(sys.argv[1], 'a').write(str(os.getpid()) + chr(10)); time.sleep(600)"
Supervisor([Child("web", [sys.executable, "-c", code, sys.argv[1]])]).run()
"""


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def test_a_killed_process_is_started_again_and_all_end_with_the_supervisor(tmp_path: Path) -> None:
    births = tmp_path / "births"
    supervisor = subprocess.Popen([sys.executable, "-c", PARENT, str(births)])
    wait_for(lambda: len(pids(births)) == 1)
    os.kill(pids(births)[0], signal.SIGKILL)
    wait_for(lambda: len(pids(births)) == 2)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(20) == 0
    assert not any(alive(pid) for pid in pids(births))


def test_a_supervisor_killed_outright_takes_its_processes_along(tmp_path: Path) -> None:
    births = tmp_path / "births"
    supervisor = subprocess.Popen([sys.executable, "-c", PARENT, str(births)])
    wait_for(lambda: len(pids(births)) == 1)
    supervisor.kill()
    supervisor.wait()
    wait_for(lambda: not alive(pids(births)[0]))
    assert pids(births)


@pytest.mark.parametrize(
    "setting", [("TELEMED_COUNTRY", "xx"), ("TELEMED_TIME_ZONE", "Mars/X"), ("TELEMED_TIME_ZONE", "../etc")]
)
def test_what_no_process_could_start_with_is_said_at_once(tmp_path: Path, setting: tuple[str, str]) -> None:
    environ = {"TELEMED_DATA_DIR": str(tmp_path), "TELEMED_SECRET_KEY": "k" * 32}
    refuse_unknown(read(environ))
    with pytest.raises(WrongSettings, match=setting[0]):
        refuse_unknown(read({**environ, setting[0]: setting[1]}))


def test_a_process_that_cannot_run_with_its_settings_is_not_started_again(tmp_path: Path) -> None:
    parent = PARENT.replace("time.sleep(600)", f"sys.exit({EX_CONFIG})")
    births = tmp_path / "births"
    ended = subprocess.run([sys.executable, "-c", parent, str(births)], capture_output=True, text=True)
    assert "WrongSettings: web cannot run with these settings" in ended.stderr
    assert len(pids(births)) == 1


@pytest.mark.parametrize("command", ["up", "worker"])
@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("TELEMED_TWILIO_AUTH_TOKEN", {"TELEMED_TWILIO_ACCOUNT_SID": "AC" + "0" * 32}),
        ("TELEMED_CARRIERS", {"TELEMED_CARRIERS": "pigeon"}),
    ],
)
def test_wrong_sms_settings_are_one_line_and_an_exit_code(
    command: str, said: str, wrong: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    environ = {
        "TELEMED_DATA_DIR": str(tmp_path),
        "TELEMED_DATABASE_URL": database_url,
        "TELEMED_SECRET_KEY": "k" * 32,
        "TELEMED_CARRIERS": "twilio",
    }
    refused = CliRunner().invoke(main, [command], env=environ | wrong)
    assert refused.exit_code == EX_CONFIG
    [line] = refused.output.splitlines()
    assert said in line


@pytest.mark.parametrize("command", COMMANDS)
def test_help_needs_no_settings(command: str) -> None:
    asked = CliRunner().invoke(main, [command, "--help"], env={"TELEMED_SECRET_KEY": ""})
    assert (asked.exit_code, "Usage:" in asked.output) == (0, True), asked.output
