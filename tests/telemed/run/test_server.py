"""What the web server itself says, too, names nobody."""

import logging
import os
import signal
import threading
from types import FrameType

import pytest
import structlog
from flask import Flask
from gunicorn.config import Config

from telemed import logs
from telemed.run.server import OurLogs, drain_before_end, one_processor
from telemed.web.calls import EXTENSION


class Sockets:
    """Stands in for the namespace: notes that it was asked to send everybody away."""

    def __init__(self) -> None:
        self.drained = threading.Event()

    def drain(self) -> None:
        self.drained.set()


class Worker:
    """gunicorn's worker as far as the hook knows it."""

    def __init__(self, sockets: Sockets | None) -> None:
        self.wsgi = Flask("calls")
        self.ended = False
        if sockets is not None:
            self.wsgi.extensions[EXTENSION] = sockets

    def handle_exit(self, _number: int, _frame: FrameType | None) -> None:
        self.ended = True


def test_a_request_the_server_cannot_read_is_logged_without_its_sender_or_words(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = logging.root.handlers[:]
    try:
        logs.configure("INFO", "web")
        OurLogs(Config()).warning("Invalid request from ip=%s: %s", "203.0.113.7", "GET /Иванка")
        said = capfd.readouterr().err
    finally:
        logging.root.handlers[:] = before
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
    assert "gunicorn.error" in said
    assert "203.0.113.7" not in said
    assert "Иванка" not in said


@pytest.mark.parametrize("sockets", [Sockets(), None], ids=["calls", "no calls"])
def test_a_worker_told_to_end_sends_its_call_sockets_away_and_ends(sockets: Sockets | None) -> None:
    worker, before = Worker(sockets), signal.getsignal(signal.SIGTERM)
    try:
        drain_before_end(worker)  # type: ignore[arg-type]  # all the hook needs of a worker
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert worker.ended
    assert sockets is None or sockets.drained.wait(10)


def test_neighbouring_calls_processes_keep_to_different_processors_of_those_they_may_use() -> None:
    assert [one_processor(port, {5, 2, 3}) for port in (9000, 9001, 9002, 9003)] == [2, 3, 5, 2]
    assert one_processor(9001, {4}) == 4
