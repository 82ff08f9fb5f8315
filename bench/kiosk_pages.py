"""What each page of the kiosk weighs on the wire, and how soon the first question stands on a thin line."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.figure import Figure
from telemed.intake.steps.journey import STEPS
from telemed.web.kiosk import OTHERS
from tests.browser.people import PRESSES, Patient
from tests.running import demo_service
from tests.servers import chromium_program

COLD_GOAL_KB, WARM_GOAL_KB, JOURNEY_GOAL_KB, READY_GOAL_S = 25.0, 6.0, 60.0, 3.0
RUNS = 5
SETTLED_MS = 400
# 64 kbit/s either way, 600 ms there and back.
LINE = {"offline": False, "latency": 600, "downloadThroughput": 8000, "uploadThroughput": 8000}
FETCH = "address => fetch(address, {cache: 'no-store', credentials: 'omit'}).then(answer => answer.text())"
# Said by the browser itself: when the page could be read and pressed, in ms after it was asked for.
READY = """async () => {
  const painted = () => performance.getEntriesByName('first-contentful-paint').length > 0;
  while (!painted()) await new Promise((go) => setTimeout(go, 50));
  const [page] = performance.getEntriesByType('navigation');
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return Math.max(page.domInteractive, paint ? paint.startTime : 0);
}"""


class Scale:
    """Weighs what comes over the wire, heads included."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.wire: CDPSession = page.context.new_cdp_session(page)
        self.wire.send("Network.enable")
        self.wire.on("Network.loadingFinished", self._add)

    def weighed(self) -> float:
        """What came since the last time, in kB."""
        kilobytes, self.bytes = self.bytes / 1000, 0
        return kilobytes

    def empty_cache(self) -> None:
        """Forget everything that was loaded before."""
        self.wire.send("Network.clearBrowserCache")

    def _add(self, event: Any) -> None:
        self.bytes += int(event["encodedDataLength"])


def figures() -> Iterator[Figure]:
    """Weigh every page as the script fetches it and opened by itself; then time the first question."""
    with (
        tempfile.TemporaryDirectory(prefix="telemed-bench-") as folder,
        demo_service(Path(folder)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=["--no-sandbox"])
        patient = Patient(browser, service.origin)
        yield from _weights(patient)
        yield from _walk(patient, "later", "a booked time")
        yield from _walk(patient, "now", "the waiting page")
        patient.close()
        yield from _first_question(browser, service.origin)
        browser.close()


def _weights(patient: Patient) -> Iterator[Figure]:
    page, start = patient.page, f"{patient.origin}/kiosk"
    scale = Scale(page)
    scale.empty_cache()
    page.goto(f"{start}/bg/welcome", wait_until="networkidle")
    first = scale.weighed()
    yield Figure("kiosk, first question with script and rules, cold", first, "kB", COLD_GOAL_KB)
    page.goto(f"{start}/bg/welcome", wait_until="networkidle")
    yield Figure("kiosk, first question, warm", scale.weighed(), "kB", WARM_GOAL_KB)
    page.evaluate(FETCH, f"{start}/pages/bg/welcome")
    shell = first - scale.weighed()
    pages = {}
    for key in (*STEPS, *OTHERS):
        page.evaluate(FETCH, f"{start}/pages/bg/{key}")
        page.wait_for_timeout(30)
        pages[key] = scale.weighed()
    for key in sorted(pages, key=lambda key: -pages[key])[:5]:
        yield Figure(f"  warm, with what it brings along: {key}", pages[key], "kB", WARM_GOAL_KB)
    heaviest = max(pages.values())
    yield Figure(f"heaviest of {len(pages)} pages, warm", heaviest, "kB", WARM_GOAL_KB)
    yield Figure("median page, warm", statistics.median(pages.values()), "kB", WARM_GOAL_KB)
    yield Figure("heaviest page with everything around it, cold", shell + heaviest, "kB", COLD_GOAL_KB)


def _walk(patient: Patient, when: str, end: str) -> Iterator[Figure]:
    """What each step really brings to a browser that has nothing: pages, scripts, sheets, answers."""
    page, scale = patient.page, Scale(patient.page)
    scale.empty_cache()
    page.goto(f"{patient.origin}/kiosk", wait_until="networkidle")
    patient.chooses_language("Български")
    page.locator("html[data-script=on]").wait_for(state="attached")
    page.wait_for_timeout(SETTLED_MS)
    first = scale.weighed()
    brought: dict[str, float] = {}
    while patient.step != "review":
        patient.answers({**PRESSES, "when": when}.get(patient.step) or patient.usual())
        page.wait_for_timeout(SETTLED_MS)
        brought[patient.step] = scale.weighed()
    patient.confirms()
    page.wait_for_timeout(SETTLED_MS)
    brought["booked"] = scale.weighed()
    if when == "now":
        page.locator("[data-do=wait]").click()
        patient.at("waiting")
        page.wait_for_timeout(SETTLED_MS)
        brought["waiting"] = scale.weighed()
    heaviest = max(brought, key=lambda step: brought[step])
    yield Figure(f"walked to {end}: the languages and the first question", first, "kB", COLD_GOAL_KB)
    yield Figure(f"  heaviest step after it: {heaviest}", brought[heaviest], "kB", WARM_GOAL_KB)
    goal = JOURNEY_GOAL_KB if when == "later" else None
    yield Figure(f"  all of it, {len(brought) + 2} pages", first + sum(brought.values()), "kB", goal)


def _first_question(browser: Browser, origin: str) -> Iterator[Figure]:
    ready, taken, after = [], [], []
    for _ in range(RUNS):
        patient = Patient(browser, origin)
        page, scale = patient.page, Scale(patient.page)
        page.goto("about:blank")
        scale.empty_cache()
        scale.wire.send("Network.emulateNetworkConditions", LINE)
        begun = time.monotonic()
        page.goto(f"{origin}/kiosk/bg/welcome", wait_until="commit")
        page.locator("main button").first.wait_for()
        ready.append(page.evaluate(READY) / 1000)
        page.locator("html[data-script=on]").wait_for(state="attached")
        taken.append(time.monotonic() - begun)
        # As at a counter: the patient has read the page of languages for some seconds.
        page.goto("about:blank")
        scale.empty_cache()
        page.goto(f"{origin}/kiosk", wait_until="networkidle")
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.locator("main [lang=bg]").last.click()
        after.append(page.evaluate(READY) / 1000)
        patient.close()
    line = "64 kbit/s, 600 ms"
    yield Figure(f"first question can be answered, nothing cached, {line}", _median(ready), "s", READY_GOAL_S)
    yield Figure("  the same after the page of languages", _median(after), "s", READY_GOAL_S)
    yield Figure("  until the script has taken over, nothing cached", _median(taken), "s")


def _median(times: list[float]) -> float:
    return statistics.median(times)
