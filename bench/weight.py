"""How many bytes pages cost on the wire with nothing cached: the kiosk's whole journey, and a call."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.figure import Figure
from tests.browser.people import Patient, Staff
from tests.running import demo_service
from tests.servers import chromium_program

FIRST_GOAL_KB, JOURNEY_GOAL_KB, CALL_GOAL_KB = 25.0, 60.0, 60.0
FLAGS = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
CONNECTED = "[data-call-state=connected]"


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
        return Figure(f"{what}, cold, over the wire", self.bytes / 1000, "kB", goal)

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
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
        patient = Patient(browser, service.origin)
        scale = Scale(patient.page, service.origin)
        patient.page.goto(f"{service.origin}/kiosk", wait_until="networkidle")
        yield scale.figure("kiosk, first page", FIRST_GOAL_KB)
        patient.chooses_language("Български")
        patient.page.wait_for_load_state("networkidle")
        yield scale.figure("kiosk, first question", FIRST_GOAL_KB)
        patient.answers_until("review", when="later")
        patient.confirms()
        yield scale.figure("kiosk, whole journey to “booked”", JOURNEY_GOAL_KB)
        yield Figure("requests to other hosts on that journey", len(scale.elsewhere), "", 0)
        yield from _of_a_call(browser, service.origin)
        browser.close()


def _of_a_call(browser: Browser, origin: str) -> Iterator[Figure]:
    """What the waiting room adds at the kiosk, and the doctor's whole page, until both see each other."""
    patient, doctor = Patient(browser, origin), Staff(browser, origin)
    patient.chooses_language("Български")
    patient.answers_until("review", when="now")
    patient.confirms()
    kiosk = Scale(patient.page, origin)
    patient.page.locator("[data-do=wait]").click()
    patient.at("waiting")
    patient.says_who_is_there()
    doctor.signs_in("doctor@telemed.example", "/clinic")
    doctor.page.goto(f"{origin}/clinic")
    clinic = Scale(doctor.page, origin)
    doctor.page.get_by_role("link", name="Иванка Петрова").last.click()
    doctor.page.locator("form[action$=admit] button").click()
    for person in (patient, doctor):
        person.page.wait_for_selector(CONNECTED, timeout=30_000)
    # The doctor's page is whole when the note has come.
    doctor.page.wait_for_selector("[data-note-form]")
    yield kiosk.figure("kiosk, waiting room and call on top of that journey", CALL_GOAL_KB)
    yield clinic.figure("doctor, case and call", CALL_GOAL_KB)
