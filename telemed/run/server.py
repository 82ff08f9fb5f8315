"""gunicorn for the web and calls processes, started from code so that one command is enough."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Collection
from types import FrameType
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from telemed import services
from telemed.run.calls import create_calls
from telemed.run.web import create_app
from telemed.settings import Settings
from telemed.web.calls import drain


class OurLogs(Logger):
    """gunicorn's messages, which quote addresses and requests, go where all logs go: nothing is quoted."""

    def setup(self, cfg: Config) -> None:
        """Hand messages on instead of writing them."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def drain_before_end(worker: Worker) -> None:
    """Before the worker ends at SIGTERM, its call sockets are told when to come back; media flows on."""
    end: Callable[[int, FrameType | None], None] = worker.handle_exit

    def handle(number: int, frame: FrameType | None) -> None:
        # Beside the signal's own thread, which may hold any lock at this moment.
        threading.Thread(target=drain, args=(worker.wsgi,), name="drain").start()
        end(number, frame)

    signal.signal(signal.SIGTERM, handle)
    # As gunicorn sets it: a signal must not break off what is being read or written.
    signal.siginterrupt(signal.SIGTERM, False)


class Server(BaseApplication):
    """One gthread worker; more sockets than one process holds are more such processes."""

    def __init__(self, settings: Settings, port: int, load: Callable[[], Flask]) -> None:
        self._options = {
            "bind": f"{settings.host}:{port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": settings.web_threads,
            # Above the default of 1,000 further sockets would hang (facts: runtime §1.7).
            "worker_connections": max(5000, settings.web_threads * 2),
            "graceful_timeout": 3,
            "timeout": 60,
            "keepalive": 30,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "logger_class": OurLogs,
            "control_socket_disable": True,
            "post_worker_init": drain_before_end,
        }
        self._load = load
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn the options it knows."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application inside the worker process."""
        return self._load()


@click.command(help="Serve pages, API and call signaling.")
@click.pass_obj
def web(settings: Settings) -> None:
    """Serve the whole application in one process."""
    Server(settings, settings.port, lambda: _ready(settings)).run()


def _ready(settings: Settings) -> Flask:
    house = services.build(settings)
    house.remember_calendars()
    return create_app(house)


@click.command(help="Serve call signaling only, for installations with many calls.")
@click.option("--port", type=int, required=True)
@click.pass_obj
def calls(settings: Settings, port: int) -> None:
    """Serve the Socket.IO namespace and health checks only."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {one_processor(port, os.sched_getaffinity(0))})
    Server(settings, port, lambda: create_calls(services.build(settings))).run()


def one_processor(port: int, allowed: Collection[int]) -> int:
    """Return the processor that a calls process keeps to; neighbouring ports get different ones.

    Of Python's threads one runs at a time. Where they wander between processors for it, a call's set-up
    costs 1.6 times as much (docs/calls.md).
    """
    return sorted(allowed)[port % len(allowed)]
