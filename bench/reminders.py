"""Reminders: how fast they are claimed and handed over, what an empty look costs, beside ETA tasks."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Lock

import redis
from sqlalchemy import Engine

from bench import naive_reminders
from bench.figure import Figure
from bench.naive_reminders import BROKER, PROVIDER_SECONDS, SENT, app, remind
from bench.reminder_world import NOW, Reminders, add_future, settle
from bench.tb1.service import DATABASES
from scheduling.calendar_cache import CalendarCache
from telemed import database, migrations
from telemed.countries import packs
from telemed.messages.carriers import Carriers, alone
from telemed.messages.claiming import Look
from telemed.messages.port import Accepted, Channel, Found, Lost, Outgoing
from telemed.messages.sending import LEASE, Sender, send_due
from telemed.messages.texts import Words
from telemed.run.worker import WORKER
from telemed.services import Services
from telemed.settings import Settings
from telemed.texts import TEMPLATES, Texts
from telemed.visits.posting import QUIET
from tests import servers

DUE, CLAIMED, FUTURE = 10_000, 5_000, 1_000_000
AT_A_TIME, AT_ONCE = 500, 16
LOOKS = 21
FEW = 400


@dataclass
class Slow:
    """A provider that takes 50 ms for each message and counts it."""

    name: str = "slow"
    channel: Channel = "sms"
    taken: int = 0
    lock: Lock = field(default_factory=Lock)

    def send(self, outgoing: Outgoing) -> Accepted:
        """Take a message."""
        time.sleep(PROVIDER_SECONDS)
        with self.lock:
            self.taken += 1
        return Accepted(f"slow-{outgoing.reference}")

    def find(self, lost: Lost) -> Found | None:
        """Nothing is ever asked for."""
        return None


class Still:
    """A domain clock that stands still: nothing becomes due while we measure."""

    def now(self) -> datetime:
        """Return the moment at which everything is due."""
        return NOW

    def ahead(self) -> timedelta:
        """Return nothing."""
        return timedelta(0)


def figures() -> Iterator[Figure]:
    """Both databases, then the naive design."""
    for name in DATABASES:
        yield from _ours(name)
    yield from _naive()


def _ours(name: str) -> Iterator[Figure]:
    with _loaded(name, CLAIMED) as (engine, world):
        rates, _ = _claim_all(_services(engine))
        yield Figure(f"{name}: claimed with last look, step and log", median(rates), "rows/s", 15_000, True)
        rows = add_future(engine, world, FUTURE // CLAIMED)
        settle(engine)
        looks = [_timed(lambda: _claim(_services(engine))) for _ in range(LOOKS)]
        yield Figure(f"{name}: empty look, {rows:,} messages for later", 1_000 * median(looks), "ms", 10)
    with _loaded(name, DUE) as (engine, _):
        provider = Slow()
        seconds = _timed(lambda: send_due(_sender(_services(engine), alone(provider))))
        assert provider.taken == DUE, provider.taken
        yield Figure(f"{name}: {DUE:,} due, provider 50 ms, {AT_ONCE} at once", seconds, "s", 60)


@contextmanager
def _loaded(name: str, count: int) -> Iterator[tuple[Engine, Reminders]]:
    world = Reminders(count)
    with DATABASES[name]() as url:
        engine = database.connect(url)
        try:
            migrations.upgrade(engine)
            world.load(engine)
            settle(engine)
            yield engine, world
        finally:
            engine.dispose()


def _services(engine: Engine) -> Services:
    settings = Settings(secret_key="of-the-bench-and-of-nothing-else-at-all")
    return Services(settings, engine, Still(), Texts(), packs.country("bg"), CalendarCache())


def _sender(services: Services, carriers: Carriers) -> Sender:
    words = Words(TEMPLATES / "sms", services.texts)
    return Sender(lambda: services.unit(WORKER), carriers, words, services.clock.now, QUIET, AT_ONCE)


def _claim(services: Services) -> int:
    choice = alone(Slow()).look(NOW)
    with services.unit(WORKER) as unit:
        look = Look(NOW, NOW + LEASE, QUIET, choice)
        return len(unit.outbox.claim(unit.book, look, AT_A_TIME))


def _claim_all(services: Services) -> tuple[list[float], int]:
    """The rate of every batch but the first, which compiles the statements."""
    rates: list[float] = []
    claimed = 0
    while True:
        began = time.perf_counter()
        count = _claim(services)
        if count == 0:
            return rates[1:], claimed
        claimed += count
        rates.append(count / (time.perf_counter() - began))


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _naive() -> Iterator[Figure]:
    with servers.redis_server() as url, TemporaryDirectory() as folder:
        client = redis.Redis.from_url(url)
        app.conf.update(broker_url=url)
        before = client.info("memory")["used_memory"]
        seconds = _timed(lambda: _enqueue(DUE, timedelta(hours=1)))
        kept = client.info("memory")["used_memory"] - before
        yield Figure(f"one ETA task each: time to enqueue {DUE:,}", seconds, "s")
        yield Figure("one ETA task each: Redis' memory for them", kept / 1e6, "MB")
        with _worker(url, Path(folder)) as process:
            idle = _memory(process.pid)
            time.sleep(15)
            yield Figure("one ETA task each: worker's memory for them", _memory(process.pid) - idle, "MB")
        client.flushall()
        yield Figure("one ETA task each: sent on time, of 400", _after(client, url, folder, None), "tasks")
        lost = _after(client, url, folder, client.flushall)
        yield Figure("… after FLUSHALL before the moment", lost, "tasks")
        killed = _after(client, url, folder, "kill")
        yield Figure("… after kill -9 of the worker, started again", killed, "tasks")
        client.close()


def _enqueue(count: int, later: timedelta) -> None:
    eta = datetime.now().astimezone() + later
    for number in range(count):
        remind.apply_async((number,), eta=eta)


def _after(client: "redis.Redis", url: str, folder: str, what: Callable[[], object] | str | None) -> int:
    """How many of a few tasks were done half a minute after their moment, when this happened before it."""
    client.flushall()
    with _worker(url, Path(folder)) as process:
        time.sleep(4)
        _enqueue(FEW, timedelta(seconds=6))
        time.sleep(3)
        if what == "kill":
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            with _worker(url, Path(folder)):
                time.sleep(35)
                return len(client.hgetall(SENT))
        if callable(what):
            # Without a worker in between: what it holds in memory only delays the same end.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            what()
            with _worker(url, Path(folder)):
                time.sleep(20)
                return len(client.hgetall(SENT))
        time.sleep(20)
        return len(client.hgetall(SENT))


@contextmanager
def _worker(url: str, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "celery", "-A", naive_reminders.__name__, "worker", "--pool=threads"]
    options = [f"--concurrency={AT_ONCE}", "--without-gossip", "--without-mingle", "--loglevel=ERROR"]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, *options],
            env={**os.environ, BROKER: url},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        time.sleep(3)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _memory(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"the memory of process {pid} is not known")
