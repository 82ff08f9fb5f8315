"""One command that runs everything: starts the processes, restarts a dead one, passes signals, drains."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from zoneinfo import ZoneInfo

import click
import structlog

from telemed import database, deployment, offering
from telemed.countries import packs
from telemed.messages import carrier
from telemed.run.refusal import EX_CONFIG, WrongSettings
from telemed.settings import Settings

DRAIN_SECONDS = 15.0
QUICK_DEATH_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 30.0
PR_SET_PDEATHSIG = 1

log = structlog.get_logger()


@dataclass
class Child:
    """One supervised process and when it may be started again."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    pause: float = 0.5

    def start(self, now: float) -> None:
        """Start the process in a session of its own, tied to this one's life."""
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent)
        self.started = now
        log.info("process.started", kind=self.name, pid=self.process.pid)

    def watch(self, now: float) -> None:
        """Start the process if it is not there, waiting longer each time it dies young."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            log.warning("process.died", kind=self.name, code=self.process.returncode)
            if self.process.returncode == EX_CONFIG:
                raise WrongSettings(f"{self.name} cannot run with these settings: see the line above.")
            young = now - self.started < QUICK_DEATH_SECONDS
            self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS) if young else 0.5
            self.not_before, self.process = now + self.pause, None
        if now >= self.not_before:
            self.start(now)


class Supervisor:
    """Keeps its children running until it is told to stop, then drains them."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stopping = False

    def run(self) -> None:
        """Supervise until SIGINT or SIGTERM; on SIGHUP the web children load the code again."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._pass_on)
        try:
            while not self.stopping:
                for child in self.children:
                    child.watch(time.monotonic())
                time.sleep(0.2)
        finally:
            self.drain()

    def drain(self) -> None:
        """Ask every child to finish, wait a bounded time, then kill what is left."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + DRAIN_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        for child in self.children:
            if child.process and child.process.poll() is None and child.name == "web":
                child.process.send_signal(number)


def _die_with_parent() -> None:
    # A supervisor killed outright must not leave processes that hold its port and its tasks.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def children(names: Sequence[str]) -> list[Child]:
    """Return one child for each of our own commands."""
    return [Child(name, [sys.executable, "-m", "telemed.run.command", name]) for name in names]


def refuse_unknown(settings: Settings) -> None:
    """Say in one line what no process could start with, instead of letting each die again and again."""
    if settings.country not in packs.PACKS:
        known = ", ".join(packs.PACKS)
        raise WrongSettings(f"TELEMED_COUNTRY={settings.country!r}: known are {known}.")
    try:
        ZoneInfo(settings.time_zone)
    except (LookupError, ValueError, OSError) as error:
        raise WrongSettings(
            f"TELEMED_TIME_ZONE={settings.time_zone!r} is no zone; one is Europe/Sofia."
        ) from error
    carrier.refuse_unfit(settings, settings.demo)


@click.command(help="Run web, worker and media; restart what dies; stop all on Ctrl-C.")
@click.pass_obj
def command(settings: Settings) -> None:
    """Supervise every process of a small installation."""
    refuse_unknown(settings)
    if not settings.demo and carrier.order(settings) == (carrier.HANDSET,):
        log.warning("sms.only_simulated", setting="TELEMED_CARRIERS")
    if not offering.spoken(settings):
        log.warning("kiosks.not_ready", why=offering.NOT_READY, see="telemed texts status")
    engine = database.connect(settings.database_url)
    deployment.guard(engine, settings.demo)
    if settings.demo:
        deployment.wake(engine, ZoneInfo(settings.time_zone))
    engine.dispose()
    exchange = ("exchange",) if settings.demo and settings.exchange_port else ()
    Supervisor(children(("web", "worker", "media", *exchange))).run()
