"""dev.py: what can't go on ends in one line with its remedy, and nothing that is not ours is touched."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests.whole import tree


def test_it_needs_nothing_but_python() -> None:
    # -I and -S: no environment, no site-packages.
    command = [sys.executable, "-I", "-S", str(tree.ROOT / "dev.py"), "--help"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert (answer.returncode, "usage: dev.py" in answer.stdout) == (0, True), answer.stderr


def test_a_busy_port_is_one_line_with_another_port() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(dev.Stuck) as stuck:
            dev.refuse_busy(port)
    assert str(stuck.value) == f"Port {port} is busy. Choose another: python3 dev.py demo --port {port + 100}"


def test_a_folder_that_is_no_demo_is_never_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(dev.Stuck, match="does not look like a demo"):
        dev.clear(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_demo_is_thrown_away_when_asked(tmp_path: Path) -> None:
    (tmp_path / "demo-secret").write_text("x")
    dev.clear(tmp_path)
    assert not tmp_path.exists()


def test_a_failing_step_shows_what_it_said(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(dev.Stuck, match="failed with code 3"):
        dev.step("a step", [sys.executable, "-c", "import sys; print('the reason'); sys.exit(3)"])
    assert "the reason" in capfd.readouterr().err


def test_a_step_beside_others_writes_its_line_whole_and_at_its_end(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(dev.Stuck):
        dev.step("a step", [sys.executable, "-c", "raise SystemExit(1)"], beside=True)
    assert re.fullmatch(r"  a step +\d+\.\d s\n", capfd.readouterr().out)


def test_a_process_that_ignores_its_signal_is_ended_anyway() -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", stubborn], stdout=subprocess.PIPE, start_new_session=True
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        dev.end(process, signal.SIGTERM, 0.2)
    assert process.returncode == -signal.SIGKILL


def test_what_follows_two_dashes_is_for_the_tool_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["dev.py", "test", "--full", "--", "tests/whole", "-k", "dev"])
    options, rest = dev.arguments()
    assert (options.full, options.long, rest) == (True, False, ["tests/whole", "-k", "dev"])
