"""How many bytes the kiosk's first page costs on the wire in a real browser with nothing cached."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.figure import Figure
from bench.start_up import ROOT, demo
from tests.servers import chromium_program

FIRST_PAGE_GOAL_KB = 25.0


class Scale:
    """Weighs everything a page loads, heads included, and notes from where it came."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.hosts: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.requestWillBeSent", self._asked)

    def _finished(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _asked(self, event: dict[str, dict[str, str]]) -> None:
        self.hosts.add(event["request"]["url"].split("/")[2] if "://" in event["request"]["url"] else "")


def figures() -> Iterator[Figure]:
    """The first page anybody sees, and the first with a question, each cold."""
    with (
        tempfile.TemporaryDirectory(prefix="telemed-bench-") as folder,
        demo(ROOT, Path(folder) / "data") as (origin, _),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{origin}/kiosk/enrol")
        page.locator(".demo-box button").click()
        page.wait_for_url(f"{origin}/kiosk")
        for title, address in (("first page", "/kiosk"), ("first question", "/kiosk/bg/welcome")):
            yield weigh(page, title, origin + address)
        browser.close()


def weigh(page: Page, title: str, url: str) -> Figure:
    """Load one page into an empty cache."""
    page.goto("about:blank")
    scale = Scale(page)
    page.goto(url, wait_until="networkidle")
    strangers = {host for host in scale.hosts if host and not host.startswith("127.0.0.1")}
    if strangers:
        sys.exit(f"{url} asked other hosts: {strangers}")
    return Figure(f"kiosk, {title}, cold, over the wire", scale.bytes / 1000, "kB", FIRST_PAGE_GOAL_KB)
