"""The service as an operator runs it: web processes in production settings over a real database."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests import servers

# What an installation without tuning has, but with the statistics that the bench reads.
AS_INSTALLED = ("shared_preload_libraries=pg_stat_statements",)
READY_SECONDS = 60
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Web:
    """Web processes of one installation, each on a port of its own as behind a proxy."""

    environment: dict[str, str]
    ports: Sequence[int]
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, number: int) -> None:
        """Start one process, in the place of one that was there before."""
        environment = {**self.environment, "TELEMED_PORT": str(self.ports[number])}
        command = [sys.executable, "-m", "telemed.run.command", "web"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        if number < len(self.processes):
            self.processes[number] = process
        else:
            self.processes.append(process)

    def wait_until_ready(self) -> None:
        """Wait until every process answers."""
        for process, port in zip(self.processes, self.ports, strict=True):
            self._wait(process, port)

    def workers(self) -> list[int]:
        """The processes that serve: gunicorn's worker under each of ours."""
        return [pid for process in self.processes for pid in _children(process.pid)]

    def kill(self, number: int, *, only_worker: bool) -> None:
        """Kill a process at once: its worker, which its master replaces, or both, which we replace."""
        process = self.processes[number]
        workers = _children(process.pid)
        if not only_worker:
            process.kill()
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not only_worker:
            process.wait()
            self.start(number)

    def cpu_seconds(self) -> float:
        """What the workers have used of the processors until now."""
        return sum(cpu_seconds(pid) for pid in self.workers())

    def memory(self) -> list[tuple[float, float]]:
        """Proportional and resident set of each worker, in MB."""
        return [(_memory(pid, "Pss"), _memory(pid, "Rss")) for pid in self.workers()]

    def stop(self) -> None:
        """Ask all to end, and insist."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _wait(self, process: subprocess.Popen[bytes], port: int) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"the service did not answer:\n{self.log.read_text()[-3000:]}")


@contextmanager
def web(database_url: str, processes: int = 2, **settings: str) -> Iterator[Web]:
    """Run so many web processes over a migrated database until the block ends."""
    with tempfile.TemporaryDirectory(prefix="telemed-bench-") as folder:
        ports = [servers.free_port() for _ in range(processes)]
        ours = {name: value for name, value in os.environ.items() if not name.startswith("TELEMED_")}
        environment = ours | {
            "TELEMED_SECRET_KEY": "of-the-bench-and-of-nothing-else-at-all",
            "TELEMED_DATA_DIR": folder,
            "TELEMED_DATABASE_URL": database_url,
            "TELEMED_MEDIA_PORT": str(servers.free_port()),
            "TELEMED_PUBLIC_ORIGIN": f"http://127.0.0.1:{ports[0]}",
            **settings,
        }
        running = Web(environment, ports, Path(folder) / "web.log")
        try:
            for number in range(processes):
                running.start(number)
            running.wait_until_ready()
            yield running
        finally:
            running.stop()


@contextmanager
def postgresql() -> Iterator[str]:
    """An empty database of a real server, as installed; gives its address."""
    with servers.postgres(AS_INSTALLED) as server:
        server.run("CREATE DATABASE bench")
        yield server.url("bench")


@contextmanager
def sqlite() -> Iterator[str]:
    """A place for an embedded database; gives its address."""
    with tempfile.TemporaryDirectory(prefix="telemed-bench-") as folder:
        yield f"sqlite:///{folder}/telemed.db"


DATABASES = {"postgresql": postgresql, "sqlite": sqlite}


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processors; nothing when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(pid: int, what: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"{what} of process {pid} is not known")
