"""What does not come out of the printer is gone before the next patient; a screen that freezes comes back."""

import importlib.util
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest

from tests import servers
from tests.deploy.cups import Cups, cups
from tests.missing import miss

FOLDER = Path("deploy/kiosk")
CANARY = "Иванка Петрова 4403081217"


@pytest.fixture(scope="module")
def watch() -> ModuleType:
    found = importlib.util.spec_from_file_location("kiosk_watch", FOLDER / "watch.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def printer() -> Iterator[Cups]:
    # The path of a socket is short.
    root = Path(tempfile.mkdtemp(prefix="cups"))
    try:
        with cups(root) as there:
            yield there
    except servers.NotInstalled as lack:
        miss(str(lack))
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def stuck(printer: Cups) -> Cups:
    """The printer has no paper, and a slip waits in it."""
    printer.run(["cancel", "-a", "-x"])
    printer.stops()
    printer.prints(CANARY)
    assert len(printer.jobs()) == 1
    assert printer.holds(CANARY)
    return printer


def test_a_slip_that_is_two_minutes_late_is_cancelled_with_its_file(watch: Any, stuck: Cups) -> None:
    spool = watch.Spool(stuck.run)
    assert (spool.tidy(1000), spool.tidy(1119)) == ([], [])
    (job,) = stuck.jobs()
    assert spool.tidy(1120) == [job]
    assert (stuck.jobs(), stuck.holds(CANARY)) == ([], False)


def test_when_its_owner_has_gone_it_is_cancelled_soon_and_the_next_ones_slip_is_not(
    watch: Any, stuck: Cups
) -> None:
    spool = watch.Spool(stuck.run)
    spool.tidy(1000)
    spool.wiped(1010)
    stuck.prints("the next patient's")
    assert spool.tidy(1024) == []
    assert len(spool.tidy(1025)) == 1
    assert len(stuck.jobs()) == 1
    assert (stuck.holds(CANARY), stuck.holds("the next patient's")) == (False, True)


def test_a_printer_that_works_is_left_alone(watch: Any, stuck: Cups) -> None:
    spool = watch.Spool(stuck.run)
    spool.tidy(1000)
    stuck.goes_on()
    last = time.monotonic() + 40
    while stuck.jobs() and time.monotonic() < last:
        time.sleep(0.1)
    assert spool.tidy(1121) == []


def test_without_cups_nothing_breaks(watch: Any) -> None:
    def nothing(command: list[str]) -> str:
        return str(watch.run(["/no/such/program", *command]))

    assert watch.Spool(nothing).tidy(1) == []


@pytest.fixture
def screen(watch: Any, chromium_path: Path, tmp_path: Path) -> Iterator[Callable[[str, str], Any]]:
    """The watched browser, at a page."""
    open_screens = []

    def at(page: str, start: str) -> Any:
        command = [
            str(chromium_path),
            "--headless=new",
            "--no-sandbox",
            f"--user-data-dir={tmp_path}/profile",
            page,
        ]
        open_screens.append(watch.Screen(command, start, 2.0))
        return open_screens[-1]

    yield at
    for each in open_screens:
        each.end()


def until(screen: Any, done: Callable[[], bool], seconds: float = 40) -> list[str]:
    """Listen until something is so; what was heard meanwhile."""
    heard: list[str] = []
    last = time.monotonic() + seconds
    while not done() and time.monotonic() < last:
        heard += screen.hear(0.2)
        screen.is_well(time.monotonic())
    return heard


def test_a_page_that_answers_is_well_and_one_that_hangs_is_not(
    screen: Callable[[str, str], Any], tmp_path: Path
) -> None:
    (tmp_path / "hangs.html").write_text("<script>setTimeout(() => { for (;;); }, 8000)</script>")
    watched = screen(f"file://{tmp_path}/hangs.html", "/kiosk")
    until(watched, lambda: watched.answered > 0)
    assert watched.answered > 0
    wrong: list[bool] = []

    def hangs() -> bool:
        wrong.append(watched.is_well(time.monotonic()))
        return not wrong[-1]

    until(watched, hangs)
    assert wrong[-1] is False


class Pages(BaseHTTPRequestHandler):
    """A step that goes back to the beginning by itself, and the beginning."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        back = b"<script>setTimeout(() => location.replace('/kiosk'), 500)</script>"
        self.wfile.write(back if self.path == "/kiosk/bg/name" else b"Good day")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_coming_back_to_the_beginning_is_heard(screen: Callable[[str, str], Any]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        watched = screen(f"http://127.0.0.1:{server.server_port}/kiosk/bg/name", "/kiosk")
        heard: list[str] = []
        last = time.monotonic() + 40
        while not heard and time.monotonic() < last:
            heard += watched.hear(0.2)
        server.shutdown()
    assert heard == ["wiped"]


def test_the_policy_lets_the_browser_go_nowhere_else() -> None:
    policy = json.loads((FOLDER / "chromium-policy.json").read_text())
    assert {"*", "chrome://*", "file://*", "devtools://*"} <= set(policy["URLBlocklist"])
    ours = policy["URLAllowlist"]
    assert ours == policy["VideoCaptureAllowedUrls"] == policy["AudioCaptureAllowedUrls"]
    assert "WebBluetooth" in (FOLDER / "telemed-kiosk.service").read_text()
