"""Structured logs: JSON lines that carry only fields from a list, so that nothing personal slips in."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "method", "endpoint", "status", "ms", "error", "where",
        "process", "pid", "code", "count", "kind", "message_id", "visit_id", "kiosk_id", "site_id", "task",
        "port", "attempt", "reason", "request_id", "line", "piece",
    }
)  # fmt: skip


def _only_allowed(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every field that is not on the list; a dropped field is named, never shown."""
    dropped = sorted(key for key in fields if key not in ALLOWED)
    kept = {key: value for key, value in fields.items() if key in ALLOWED}
    if dropped:
        kept["reason"] = f"fields not logged: {', '.join(dropped)}"
    return kept


class _NoPersonalData(logging.Formatter):
    """Format a library's record as its logger, level and exception class: never its arguments."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one JSON line; an exception becomes its class and place."""
        fields: dict[str, Any] = {
            "event": "library",
            "logger": record.name,
            "level": record.levelname.lower(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            fields |= describe_error(record.exc_info[1])
        else:
            fields["where"] = f"{record.filename}:{record.lineno}"
        return str(structlog.processors.JSONRenderer()(None, "", fields))


def describe_error(error: BaseException | None) -> dict[str, str]:
    """Name an exception by class and innermost place; its text may hold personal data and is left out."""
    if error is None:
        return {}
    frame, place = error.__traceback__, ""
    while frame is not None:
        place = f"{frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}"
        frame = frame.tb_next
    return {"error": type(error).__name__, "where": place}


def configure(level: str, process: str) -> None:
    """Send this process's logs, ours and the libraries', to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_NoPersonalData())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # Twilio's client logs whole URLs with numbers at INFO (facts/ecosystem §4).
    for noisy in ("twilio.http_client", "engineio.server", "socketio.server", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(process=process)
