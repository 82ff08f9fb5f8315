"""Where a request's time goes inside a web process: one in this process, under a profiler, summed by part."""

import cProfile
import io
import pstats
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bench.tb1.calls import Call
from telemed import services, settings
from telemed.run.web import create_app

PARTS = {
    "sqlalchemy": "SQLAlchemy",
    "psycopg": "psycopg",
    "psycopg_binary": "psycopg",
    "sqlite3": "sqlite3",
    "flask": "Flask and Werkzeug",
    "werkzeug": "Flask and Werkzeug",
    "flask_login": "sign-in library",
    "flask_security": "sign-in library",
    "json": "JSON",
    "scheduling": "scheduling",
    "telemed": "telemed",
}
ROUNDS = 100


@dataclass(frozen=True)
class Stages:
    """Shares of the time by part, and how many functions one request calls."""

    shares: dict[str, float]
    calls: float


class Inside:
    """The service's application in this process, over an address of a loaded database."""

    def __init__(self, database_url: str, folder: Path) -> None:
        environment = {
            "TELEMED_SECRET_KEY": "of-the-bench-and-of-nothing-else-at-all",
            "TELEMED_DATA_DIR": str(folder),
            "TELEMED_DATABASE_URL": database_url,
        }
        self._services = services.build(settings.read(environment))
        self._app = create_app(self._services)

    def ask(self, call: Call) -> tuple[str, bytes]:
        """Answer one call as a server would hand it over; the status and the body."""
        said: list[str] = []

        def start(status: str, _headers: object, _info: object = None) -> Callable[[bytes], object]:
            said.append(status)
            return said.append  # type: ignore[return-value]  # nobody writes this way any more

        found = self._app(environ_of(call), start)
        try:
            return said[0], b"".join(found)
        finally:
            getattr(found, "close", lambda: None)()

    def profile(self, calls: Iterator[Call]) -> Stages:
        """The profile of many calls, after as many unprofiled ones."""
        for call in islice(calls, ROUNDS):
            self.ask(call)
        profiler = cProfile.Profile()
        for call in islice(calls, ROUNDS):
            profiler.runcall(self.ask, call)
        return stages_of(pstats.Stats(profiler, stream=io.StringIO()))

    def close(self) -> None:
        """Close the connections."""
        self._services.engine.dispose()


def environ_of(call: Call) -> dict[str, Any]:
    """The call as WSGI has it."""
    path, _, query = call.path.partition("?")
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in call.headers.items()}
    body = call.body.encode()
    return headers | {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": headers.get("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def stages_of(stats: pstats.Stats) -> Stages:
    """The share of each part, largest first, and the calls of one request."""
    spent: defaultdict[str, float] = defaultdict(float)
    calls = 0
    entries: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = vars(stats)["stats"]
    for (path, _line, name), (_, count, own, _, _) in entries.items():
        spent[_part(path, name)] += own
        calls += count
    total = sum(spent.values())
    shares = {part: own / total for part, own in sorted(spent.items(), key=lambda each: -each[1])}
    return Stages(shares, calls / ROUNDS)


def _part(path: str, name: str) -> str:
    if name in ("wait", "_send_query_prepared", "_exec_command") and "psycopg" in path:
        return "waiting for the database"
    for piece in reversed(Path(path).parts):
        if piece in PARTS:
            return PARTS[piece]
    return "Python itself" if path.startswith(("~", "<")) or "python3" in path else "other"
