"""How many bytes the kiosk costs on the wire with nothing cached: its first page, and a whole journey."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.figure import Figure
from tests.browser.people import Patient
from tests.running import demo_service
from tests.servers import chromium_program

FIRST_GOAL_KB, JOURNEY_GOAL_KB = 25.0, 60.0


class Scale:
    """Weighs everything a page loads, heads included, and notes who else was asked."""

    def __init__(self, page: Page, origin: str) -> None:
        self.bytes = 0
        self.elsewhere: set[str] = set()
        self._origin = origin
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.clearBrowserCache")
        wire.on("Network.loadingFinished", self._add)
        wire.on("Network.requestWillBeSent", self._note)

    def figure(self, what: str, goal: float) -> Figure:
        """What has been loaded so far."""
        return Figure(f"kiosk, {what}, cold, over the wire", self.bytes / 1000, "kB", goal)

    def _add(self, event: Any) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _note(self, event: Any) -> None:
        address = event["request"]["url"]
        if not address.startswith((self._origin, "data:", "blob:")):
            self.elsewhere.add(address)


def figures() -> Iterator[Figure]:
    """One patient walks from the choice of language to a booked time."""
    with (
        tempfile.TemporaryDirectory(prefix="telemed-bench-") as folder,
        demo_service(Path(folder)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=["--no-sandbox"])
        patient = Patient(browser, service.origin)
        scale = Scale(patient.page, service.origin)
        patient.page.goto(f"{service.origin}/kiosk", wait_until="networkidle")
        yield scale.figure("first page", FIRST_GOAL_KB)
        patient.chooses_language("Български")
        patient.page.wait_for_load_state("networkidle")
        yield scale.figure("first question", FIRST_GOAL_KB)
        patient.answers_until("review", when="later")
        patient.confirms()
        yield scale.figure("whole journey to “booked”", JOURNEY_GOAL_KB)
        yield Figure("requests to other hosts on that journey", len(scale.elsewhere), "", 0)
        browser.close()
