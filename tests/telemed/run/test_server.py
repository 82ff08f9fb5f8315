"""What the web server itself says, too, names nobody."""

import logging

import pytest
import structlog
from gunicorn.config import Config

from telemed import logs
from telemed.run.server import OurLogs


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
