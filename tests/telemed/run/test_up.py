"""The supervisor keeps its processes alive and leaves none behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

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
    with pytest.raises(click.ClickException, match=setting[0]):
        refuse_unknown(read({**environ, setting[0]: setting[1]}))
