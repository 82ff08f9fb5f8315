"""Nothing personal reaches a log line, whoever writes it."""

import json
import logging

import pytest
import structlog

from telemed import logs

CANARY = "CANARY-7506233721"


@pytest.fixture(autouse=True)
def restored_logging() -> object:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_field_that_is_not_on_the_list_is_named_but_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", "web")
    structlog.get_logger().info("visit.filed", visit_id="v1", patient_name=CANARY)
    line = json.loads(capsys.readouterr().err)
    assert CANARY not in json.dumps(line)
    assert "patient_name" in line["reason"]
    assert line["visit_id"] == "v1"


def test_a_librarys_message_and_its_exception_text_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", "web")
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("some.library").exception("failed for %s", CANARY)
    written = capsys.readouterr().err
    assert CANARY not in written
    assert json.loads(written)["error"] == "ValueError"


def test_an_error_is_described_by_class_and_place() -> None:
    def inner() -> None:
        raise KeyError(CANARY)

    try:
        inner()
    except KeyError as error:
        described = logs.describe_error(error)
    assert described["error"] == "KeyError"
    assert described["where"].startswith("test_logs.py:")
    assert CANARY not in str(described)
