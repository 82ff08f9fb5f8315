"""Real servers for tests: PostgreSQL, Redis and Chromium of this machine, on loopback and free ports only."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis


class NotInstalled(Exception):
    """This machine lacks a program that a test needs; the message names the remedy."""


def free_port() -> int:
    """A loopback TCP port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Wait for a server to answer; a server that ended instead is an error at once."""
    until = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode} before it answered")
        if time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} did not answer within {seconds} s")
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes], first: signal.Signals) -> None:
    """End one process that we started: ask, wait, then insist."""
    process.send_signal(first)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Postgres:
    """A running server of our own; any loopback client is let in as its owner."""

    port: int

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://telemed@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        """Run one statement on the maintenance database, outside any transaction."""
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def answers(self) -> bool:
        """Whether it accepts connections yet."""
        with suppress(psycopg.OperationalError):
            self.run("SELECT 1")
            return True
        return False

    def conninfo(self, name: str = "postgres") -> str:
        """How libpq is told to come to one of its databases."""
        return f"host=127.0.0.1 port={self.port} user=telemed dbname={name} connect_timeout=5"


FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
"""How PostgreSQL runs for tests: nothing survives the machine, and everything is quicker."""


@contextmanager
def postgres(settings: Sequence[str] = FORGETFUL) -> Iterator[Postgres]:
    """Run PostgreSQL in a folder of its own until the block ends."""
    with postgres_at_hand(settings) as (server, start):
        process = start()
        try:
            wait_until(server.answers, process)
            yield server
        finally:
            stop(process, signal.SIGINT)


@contextmanager
def postgres_at_hand(
    settings: Sequence[str] = FORGETFUL,
) -> Iterator[tuple[Postgres, Callable[[], subprocess.Popen[bytes]]]]:
    """Prepare PostgreSQL in a folder of its own; the caller starts it and ends it."""
    programs = postgres_programs()
    owner = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="telemed-pg-"))
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, server = folder / "data", Postgres(free_port())
    initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "telemed", "-A", "trust"]
    options = [option for setting in (*_EVERYWHERE, *settings) for option in ("-c", setting)]
    place: list[str | Path] = ["-D", data, "-k", folder, "-p", str(server.port)]

    def run(command: Sequence[str | Path], log: Path) -> subprocess.Popen[bytes]:
        user, group = (owner.pw_uid, owner.pw_gid) if owner else (None, None)
        with log.open("ab") as out:
            # A session of its own, so that it can be killed with all its children.
            return subprocess.Popen(
                command,
                cwd=folder,
                user=user,
                group=group,
                extra_groups=_groups(owner),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    try:
        if run([*initdb, "-E", "UTF8", "--locale=C", "-N"], folder / "initdb.log").wait():
            raise RuntimeError((folder / "initdb.log").read_text())
        yield server, lambda: run([programs / "postgres", *place, *options], folder / "log")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_EVERYWHERE = ("listen_addresses=127.0.0.1", "max_connections=120")


def postgres_programs() -> Path:
    """The folder with the newest PostgreSQL server on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise NotInstalled("PostgreSQL: apt-get install postgresql")
    return (found[-1] if found else Path(str(on_path))).parent


def _unprivileged() -> pwd.struct_passwd | None:
    # PostgreSQL refuses to run as root, so root lends it the account that Debian made for it.
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NotInstalled("PostgreSQL refuses root and there is no user postgres: apt-get install postgresql")


def _groups(owner: pwd.struct_passwd | None) -> list[int] | None:
    return [] if owner else None


@contextmanager
def redis_server() -> Iterator[str]:
    """Run Redis, keeping nothing on disk, until the block ends; gives its address."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotInstalled("Redis: apt-get install redis-server")
    port = free_port()
    client = redis.Redis(port=port)
    with tempfile.TemporaryDirectory(prefix="telemed-redis-") as folder:
        options = [
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            wait_until(lambda: _pings(client), process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            client.close()
            stop(process, signal.SIGTERM)


def _pings(client: "redis.Redis") -> bool:
    with suppress(redis.ConnectionError):
        return bool(client.ping())
    return False


def chromium_program() -> Path:
    """The browser to drive: one named by the operator, Debian's, Chrome, or Playwright's own."""
    named = os.environ.get("TELEMED_CHROMIUM")
    if named:
        return Path(named)
    for name in ("chromium", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        # A snap may not read our folders nor be given its own profile.
        if found and not found.startswith("/snap/"):
            return Path(found)
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    own = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    if not own:
        raise NotInstalled("Chromium: apt-get install chromium, or .venv/bin/playwright install chromium")
    return own[-1]
