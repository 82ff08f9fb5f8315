"""How long one command takes from a fresh clone in an empty home to a page, and the second time."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
FIRST_GOAL, SECOND_GOAL = 90.0, 5.0
PATIENCE = 600.0


def figures() -> Iterator[Figure]:
    """A first and a second start of the same clone."""
    with tempfile.TemporaryDirectory(prefix="telemed-bench-") as folder:
        clone, home = Path(folder) / "clone", Path(folder) / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
        with demo(clone, clone / "var" / "bench", home) as (_, seconds):
            yield Figure("fresh clone to a page that answers", seconds, "s", FIRST_GOAL)
        with demo(clone, clone / "var" / "bench", home) as (_, seconds):
            yield Figure("second start to a page that answers", seconds, "s", SECOND_GOAL)


@contextmanager
def demo(clone: Path, data: Path, home: Path | None = None) -> Iterator[tuple[str, float]]:
    """Run the demo of a checkout until the block ends; gives its address and how long it took to answer."""
    port = free_port()
    environment = {**os.environ, **({"HOME": str(home)} if home else {})}
    started = time.perf_counter()
    process = subprocess.Popen(
        [base_python(), "dev.py", "demo", "--port", str(port), "--data", str(data)],
        cwd=clone,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        origin = f"http://127.0.0.1:{port}"
        wait_for(f"{origin}/kiosk/pages/bg/welcome", process)
        yield origin, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Ask for a page until it answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.05)
    raise RuntimeError("the demo did not answer; run it by hand to see why")


def base_python() -> str:
    """The Python that a person would type, not the one of our environment."""
    return str(getattr(sys, "_base_executable", sys.executable))


def free_port() -> int:
    """A port such that it and the next one are free."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            with suppress(OSError):
                other.bind(("127.0.0.1", port + 1))
                return port
