"""One operation under load: rates, percentiles, statements, and whose processor time it took."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.tb1 import client
from bench.tb1.calls import Call
from bench.tb1.service import Web, cpu_seconds

WIDTHS = (1, 8, 32)
WARM_UP = 20
COUNTED = 20
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SET", "SHOW", "DISCARD", "DEALLOCATE")


@dataclass(frozen=True)
class Loaded:
    """What one width gave; processor time is in milliseconds for each request."""

    width: int
    rate: float
    p50: float
    p95: float
    p99: float
    web_ms: float
    database_ms: float
    client_ms: float
    refused: dict[int, int]


@dataclass
class Operation:
    """One operation's measurements."""

    name: str
    loaded: list[Loaded] = field(default_factory=list)
    statements: float | None = None
    statement_ms: float | None = None

    def at(self, width: int) -> Loaded:
        """What this width gave."""
        return next(each for each in self.loaded if each.width == width)


class Measurer:
    """Measures operations of one running service, one after another."""

    def __init__(self, web: Web, database_url: str, seconds: float) -> None:
        self._web = web
        self._url = database_url
        self._seconds = seconds

    def operation(self, name: str, calls: Iterator[Call], widths: Sequence[int] = WIDTHS) -> Operation:
        """Warm up, load with each width, then count statements."""
        made = Operation(name)
        client.drive(self._web.ports, 2, itertools.islice(calls, WARM_UP), 60)
        made.loaded = [self._load(calls, width) for width in widths]
        # Counted last: calendars are in memory by then, as they are in a service that has run for a while.
        if self._url.startswith("postgresql"):
            made.statements, made.statement_ms = self._statements(calls)
        return made

    def _load(self, calls: Iterator[Call], width: int) -> Loaded:
        before = self._cpu()
        run = client.drive(self._web.ports, width, calls, self._seconds)
        of_web, of_database, of_client = (
            (after - was) * 1000 / max(1, len(run.answers))
            for was, after in zip(before, self._cpu(), strict=True)
        )
        refused = {status: count for status, count in run.statuses().items() if not 200 <= status < 300}
        p50, p95, p99 = (run.milliseconds(part) for part in (0.5, 0.95, 0.99))
        return Loaded(width, run.rate, p50, p95, p99, of_web, of_database, of_client, refused)

    def _cpu(self) -> tuple[float, float, float]:
        return self._web.cpu_seconds(), database_cpu_seconds(self._url), time.process_time()

    def _statements(self, calls: Iterator[Call]) -> tuple[float, float]:
        """Statements of one request, and how long the database took over them."""
        ask = plain(self._url)
        with psycopg.connect(ask, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            connection.execute("SELECT pg_stat_statements_reset()")
            client.drive(self._web.ports[:1], 1, itertools.islice(calls, COUNTED), 60)
            rows = connection.execute(
                "SELECT query, calls, total_exec_time FROM pg_stat_statements s JOIN pg_database d"
                " ON d.oid = s.dbid WHERE datname = current_database()"
            ).fetchall()
        told = [row for row in rows if not row[0].upper().startswith(_FRAME) and "pg_stat_" not in row[0]]
        return sum(row[1] for row in told) / COUNTED, sum(row[2] for row in told) / COUNTED


def plain(url: str) -> str:
    """The address as libpq writes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def database_cpu_seconds(url: str) -> float:
    """What the database server's processes have used; SQLite has none of its own."""
    if not url.startswith("postgresql"):
        return 0.0
    with psycopg.connect(plain(url), autocommit=True) as connection:
        row = connection.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'").fetchone()
    assert row is not None
    server = int((Path(row[0]) / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return sum(cpu_seconds(int(pid)) for pid in [str(server), *children])


def some(make: Callable[[int], Call]) -> Iterator[Call]:
    """Calls without end, the first from number 0."""
    return (make(number) for number in itertools.count())
