"""Everything that a reminder needs to go out, as processes that can be killed with all they have started."""

import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import redis

from telemed.messages.simulated_twilio.behaviour import (
    LONGEST_HIDDEN,
    NEVER,
    REORDERED,
    REPEATED,
    SILENT,
    USUAL,
    Answering,
    Behaviour,
    ending,
)
from telemed.messages.simulated_twilio.webhooks import Agenda, Post
from tests import servers
from tests.chaos.clockwork import SharedClock
from tests.chaos.entry import CLOCK

READY_SECONDS = 60
_STEP = 0.02
_LATEST = timedelta(seconds=2)


@dataclass
class Actor:
    """One process in a session of its own; `ready` tells whether it serves."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    ready: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it."""
        self.process = self.start()

    def kill(self) -> None:
        """Kill it and all that it has started, with the signal that nobody can catch."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wait_until_ready(self) -> None:
        """Wait until it serves."""
        until = time.monotonic() + READY_SECONDS
        while not self.ready():
            if time.monotonic() > until:
                raise RuntimeError(f"{self.name} does not serve")
            time.sleep(0.1)


@dataclass
class House:
    """One installation: its environment, and a folder and a log for each process."""

    folder: Path
    environment: dict[str, str]

    def web(self, number: int) -> Actor:
        """A web process on a port of its own."""
        port = servers.free_port()
        settings = {"TELEMED_PORT": str(port), "TELEMED_WEB_THREADS": "8"}
        return Actor(f"web {number}", lambda: self._run("web", number, settings), lambda: _answers(port))

    def worker(self, number: int) -> Actor:
        """A worker with its beat."""
        actor = Actor(f"worker {number}", lambda: self._run("worker", number, {}), lambda: True)
        actor.ready = lambda: actor.process is not None and actor.process.poll() is None
        return actor

    def ports(self, webs: Sequence[Actor]) -> list[int]:
        """On which ports these listen."""
        return [int(self._started[web.name]["TELEMED_PORT"]) for web in webs]

    def log(self) -> str:
        """What all processes have said, for a test that fails."""
        return "\n".join(path.read_text("utf-8", "replace")[-4000:] for path in self.folder.glob("*.log"))

    _started: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def _run(self, kind: str, number: int, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
        self._started[f"{kind} {number}"] = settings
        own = self.folder / f"{kind}-{number}"
        own.mkdir(exist_ok=True)
        environment = {**self.environment, "TELEMED_DATA_DIR": str(own), **settings}
        command = [sys.executable, "-m", "tests.chaos.entry", kind]
        with (self.folder / f"{kind}-{number}.log").open("ab") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)


def installation(folder: Path, database_url: str, twilio_url: str, clock_file: Path, **more: str) -> House:
    """An installation whose only carrier is the simulated Twilio."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TELEMED_")}
    return House(
        folder,
        ours
        | {
            CLOCK: str(clock_file),
            "TELEMED_SECRET_KEY": "of-the-chaos-test-and-of-nothing-else-at-all",
            "TELEMED_DATABASE_URL": database_url,
            "TELEMED_PUBLIC_ORIGIN": ORIGIN,
            "TELEMED_CARRIERS": "twilio",
            "TELEMED_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TELEMED_TWILIO_AUTH_TOKEN": "token",
            "TELEMED_TWILIO_FROM": "+359880000000",
            "TELEMED_TWILIO_API_URL": twilio_url,
            **more,
        },
    )


ORIGIN = "https://telemed.example"


def redis_actor(port: int, folder: Path) -> Actor:
    """Redis, keeping nothing on disk."""
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    command = ["redis-server", *options, "--dir", str(folder)]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)

    def ready() -> bool:
        with redis.Redis(port=port) as client, suppress(redis.ConnectionError):
            return bool(client.ping())
        return False

    return Actor("redis", start, ready)


class Supervisor(Thread):
    """Starts whoever is dead again, as `telemed up` and systemd do."""

    def __init__(self, actors: Sequence[Actor], over: Event) -> None:
        super().__init__(daemon=True)
        self._actors, self._over = actors, over

    def run(self) -> None:
        """Look after them until it is over."""
        while not self._over.wait(0.2):
            for actor in self._actors:
                if actor.process is None or actor.process.poll() is not None:
                    actor.begin()


class Doorman:
    """Brings a webhook to a web process that lives, as the proxy in front of two of them does."""

    def __init__(self, posts: Sequence[Post], over: Event) -> None:
        self._posts = posts
        self._over = over
        self.waiting_since: float | None = None

    def __call__(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        """Bring it; a server that fails is asked again, as with Twilio's `#rc=5&rp=all`."""
        self.waiting_since = time.monotonic()
        try:
            while True:
                for post in self._posts:
                    status, body = post(url, fields, headers)
                    if 0 < status < 500 or self._over.is_set():
                        return status, body
                self._over.wait(0.05)
        finally:
            self.waiting_since = None


class Conductor(Thread):
    """Lets the domain's time go by, so many times as fast; it stands still while webhooks are late."""

    def __init__(
        self, clock: SharedClock, rate: float, doorman: Doorman, agenda: Agenda, over: Event
    ) -> None:
        super().__init__(daemon=True)
        self._clock, self._rate, self._over = clock, rate, over
        self._doorman, self._agenda = doorman, agenda

    def run(self) -> None:
        """Move the clock until it is over."""
        step = timedelta(seconds=_STEP * self._rate)
        # Each beat is as long as the last: on a machine that is busy with other things all goes slower alike.
        while not self._over.wait(_STEP):
            since, now = self._doorman.waiting_since, self._clock.now()
            on_time = since is None or time.monotonic() - since < 5 * _STEP
            if on_time and self._agenda.late(now) < _LATEST:
                self._clock.move_to(now + step)


@dataclass
class BadDay:
    """A carrier with every fault there is; of what it takes it always tells in the end, in one way or two."""

    dice: random.Random
    hanging: float = 0.05

    def __call__(self) -> Behaviour:
        """Make the next behaviour."""
        if self.dice.random() < 0.4:
            return Behaviour()
        late = self.dice.uniform(0, LONGEST_HIDDEN)
        told = self.dice.choice((USUAL, REORDERED, REPEATED, SILENT, ending("undelivered", 30003)))
        # Only by callback, or only in the list: never in neither.
        hidden = (0.0, self.dice.uniform(0, LONGEST_HIDDEN), NEVER if told else 0.0)
        return Behaviour(
            answering=self._answering(),
            retry_after=self.dice.choice((None, 1, 2)),
            shown_after=self.dice.choice(hidden),
            reports=tuple(replace(report, after=report.after + late) for report in told),
        )

    def _answering(self) -> Answering:
        if self.dice.random() < self.hanging:
            return self.dice.choice((Answering.HANGS_BEFORE, Answering.HANGS_AFTER))
        return self.dice.choice([each for each in Answering if "HANGS" not in each.name])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False
