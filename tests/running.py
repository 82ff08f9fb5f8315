"""The whole service, running as an operator runs it: `telemed up` on a free port over a fresh demo world."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import servers

READY_SECONDS = 90
DRAIN_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A running service: its address, its folder and everything it printed."""

    origin: str
    data: Path
    log: Path
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """Run one `telemed` command over the same settings and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "telemed.run.command", *words],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


@dataclass
class Kept:
    """Services that tests share: each starts for the first that asks, all end when nobody needs any."""

    _open: ExitStack = field(default_factory=ExitStack)
    _running: dict[str, Running] = field(default_factory=dict)

    def get(self, name: str, folder: Callable[[], Path], world: Path, **settings: str) -> Running:
        """The service of this name, started now if it is not running, over a copy of the run's one world."""
        if name not in self._running:
            self._running[name] = self._open.enter_context(demo_service(folder(), world, **settings))
        return self._running[name]

    def end(self) -> None:
        """End them all: six processes that tick cost every test after them a part of the processor."""
        self._running.clear()
        self._open.close()


@contextmanager
def demo_service(folder: Path, world: Path | None = None, **settings: str) -> Iterator[Running]:
    """Seed a demo world, or take a copy of one, run every process over it, and end them all."""
    port = servers.free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELEMED_")} | {
        "TELEMED_DEMO": "1",
        "TELEMED_DATA_DIR": str(folder),
        "TELEMED_PORT": str(port),
        "TELEMED_MEDIA_PORT": str(servers.free_port()),
        "TELEMED_PUBLIC_ORIGIN": f"http://127.0.0.1:{port}",
        "TELEMED_TICK_SECONDS": "2",
        **settings,
    }
    running = Running(f"http://127.0.0.1:{port}", folder, folder / "service.log", environment)
    if world is None:
        _seed(running)
    else:
        _seed_once(world, environment)
        shutil.copytree(world, folder, dirs_exist_ok=True)
    with running.log.open("wb") as log:
        up = subprocess.Popen(
            [sys.executable, "-m", "telemed.run.command", "up"], env=environment, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(running, up)
            yield running
        finally:
            up.terminate()
            up.wait(DRAIN_SECONDS)


def _seed(running: Running) -> None:
    running.command("db", "upgrade")
    running.command("demo", "seed")


def _seed_once(world: Path, environment: dict[str, str]) -> None:
    """Whichever process of the run comes first makes the world; the others wait for it."""
    with world.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if world.exists():
            return
        making = world.with_suffix(".making")
        making.mkdir()
        _seed(Running("", making, making / "seed.log", environment | {"TELEMED_DATA_DIR": str(making)}))
        making.rename(world)


def _wait_until_ready(running: Running, up: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert up.poll() is None, running.log.read_text()
        try:
            with urllib.request.urlopen(f"{running.origin}/health/ready", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"not ready: {running.log.read_text()}")
