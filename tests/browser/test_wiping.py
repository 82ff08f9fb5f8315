"""What one patient tells is nowhere once they have gone; what is the kiosk's own has stayed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from tests.browser.people import Patient, clerks_pin, rests_as_long_as_for_real
from tests.running import Running

SAYS = {
    "full_name": "Канарка Жълтоперова",
    "egn": "4403075026",
    "mobile": "0888765432",
    "own_words": "тайната на канарчето",
    "systolic": "131",
    "systolic_repeated": "131",
    "diastolic": "83",
    "diastolic_repeated": "83",
}
CANARIES = ("Канарка", "Жълтоперова", "4403075026", "0888765432", "канарчето", "131")
# Everything a page may keep or show, but for what the kiosk itself needs.
KEPT = """async () => {
  const databases = [];
  for (const { name } of await indexedDB.databases()) {
    const open = indexedDB.open(name);
    const base = await new Promise((go) => (open.onsuccess = () => go(open.result)));
    for (const store of base.objectStoreNames) {
      const all = base.transaction(store).objectStore(store).getAll();
      databases.push(await new Promise((go) => (all.onsuccess = () => go(all.result.map(String).join()))));
    }
    base.close();
  }
  const cached = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) cached.push(key.url, await (await cache.match(key)).text());
  }
  return JSON.stringify({
    local: { ...localStorage }, session: { ...sessionStorage }, databases, cached, title: document.title,
    typed: [...document.querySelectorAll('input')].map((input) => input.value), url: location.href,
    body: document.documentElement.outerHTML, selected: String(getSelection()), name: window.name,
  });
}"""
# Which cameras and microphones the page has opened, and how they were when it went.
SPY = """
window.opened = [];
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await open(wanted);
  window.opened.push(...stream.getTracks());
  return stream;
};
addEventListener('pagehide', () => {
  const ends = window.opened.map((track) => track.readyState);
  if (ends.length) localStorage.setItem('probe', ends.join());
});
"""
KEY = """async () => {
  const open = indexedDB.open('telemed-device');
  const base = await new Promise((go) => (open.onsuccess = () => go(open.result)));
  const asked = base.transaction('keys').objectStore('keys').get('device');
  const key = await new Promise((go) => (asked.onsuccess = () => go(asked.result)));
  base.close();
  return `${key?.constructor.name} ${key?.extractable}`;
}"""


class Kiosk:
    """A kiosk with something of its own in every place where a page can keep something."""

    def __init__(self, patient: Patient) -> None:
        self.patient, self.page = patient, patient.page
        self.clearing: list[str] = []
        patient.context.grant_permissions(["camera", "microphone", "clipboard-read", "clipboard-write"])
        self.page.add_init_script(SPY)
        self.page.on("response", self._look)
        self.page.evaluate("localStorage.setItem('device-volume', '7')")
        self.page.evaluate(
            "async () => (await caches.open('prompts')).put('/kiosk/sounds/a.opus', new Response('a prompt'))"
        )
        self.cookie = self.token()
        self.page.route("**/kiosk/pages/*/*", rests_as_long_as_for_real)
        self.page.clock.install()

    def _look(self, answer: Response) -> None:
        if "clear-site-data" in answer.headers:
            self.clearing.append(answer.url)

    def token(self) -> str:
        """The kiosk's own cookie."""
        kept: list[Any] = self.patient.context.cookies()
        return next(str(each["value"]) for each in kept if each["name"] == "__Host-telemed-kiosk")

    def is_right(self) -> None:
        """The page's clock is put right again, so that the service believes what the kiosk signs."""
        self.page.clock.set_system_time(datetime.now(UTC))

    def found(self, *canaries: str) -> list[str]:
        """Which of these is anywhere: here, in what is kept, in the clipboard, or some steps back."""
        everything = [self.page.evaluate(KEPT), self.page.evaluate("navigator.clipboard.readText()")]
        everything += [str(self.patient.context.cookies())]
        for _ in range(8):
            self.page.go_back()
            self.page.wait_for_load_state()
            everything.append(self.page.evaluate(KEPT))
        # As a word of its own: by chance three digits stand in the middle of any random token.
        return [word for word in canaries if re.search(rf"(?<!\w){word}(?!\w)", "\n".join(everything))]


@pytest.fixture
def kiosk(service: Running, browser: Browser) -> Iterator[Kiosk]:
    # The counter at which the demo's clerk works.
    patient = Patient(browser, service.origin, SAYS, site="Avren")
    yield Kiosk(patient)
    patient.page.unroute_all(behavior="ignoreErrors")
    patient.close()


class Turn:
    """Stands for the doctor who is called when the test says so."""

    comes = False

    def tell(self, route: Route) -> None:
        """Answer the page that asks how far the visit is."""
        if route.request.method == "GET":
            route.fulfill(json={"state": "waiting", "rings": self.comes, "again": None})
        else:
            route.continue_()


def still_there(page: Page) -> bool:
    return page.locator("dialog#still").is_visible()


def test_after_a_rest_and_a_wait_nothing_of_the_patient_is_left_and_all_of_the_kiosk(kiosk: Kiosk) -> None:
    patient, page = kiosk.patient, kiosk.page
    patient.chooses_language("Български")
    patient.answers_until("rest", number="given", words="given")
    expect(page.locator("[data-clock]")).to_be_visible(timeout=15_000)
    # Five minutes with closed eyes: nobody is asked before they are over.
    page.clock.fast_forward("04:00")
    assert not still_there(page)
    page.clock.fast_forward("01:05")
    patient.is_here()
    kiosk.is_right()
    patient.answers_until("review", number="given", words="given", rest="given", when="now")
    assert {"Канарка", "канарчето", "131"} <= set(re.findall(r"\w+", kiosk.page.evaluate(KEPT)))
    code = patient.confirms()
    page.evaluate("(code) => navigator.clipboard.writeText(code)", code)
    turn = Turn()
    page.route("**/api/v1/visits/*", turn.tell)
    page.locator("[data-do=wait]").click()
    patient.at("waiting")
    assert page.evaluate("window.opened.length") == 0
    patient.says_who_is_there("relative")
    expect(page.locator("[data-call]")).to_be_visible()
    page.wait_for_function("() => window.opened.length > 0")
    # Twenty minutes of waiting: nobody is asked. Then the doctor is called; nobody answers.
    page.clock.fast_forward("20:00")
    kiosk.is_right()
    assert not still_there(page)
    turn.comes = True
    page.clock.run_for(4_000)
    expect(page.locator("dialog#still")).to_be_visible(timeout=30_000)
    page.clock.run_for(61_000)
    page.wait_for_url(re.compile(r"/kiosk$"))
    page.unroute("**/api/v1/visits/*")
    assert page.evaluate("localStorage.getItem('probe')").replace("ended", "").strip(",") == ""
    assert kiosk.found(*CANARIES, code, code[:4] + " " + code[4:]) == []
    assert page.evaluate(KEY) == "CryptoKey false"
    assert kiosk.token() == kiosk.cookie
    assert page.evaluate("localStorage.getItem('device-volume')") == "7"
    assert "a prompt" in page.evaluate(KEPT)
    assert kiosk.clearing == []
    _the_slip_brings_the_place_back(kiosk, code)


def _the_slip_brings_the_place_back(kiosk: Kiosk, code: str) -> None:
    """The one who went away comes back within five minutes."""
    patient, page = kiosk.patient, kiosk.page
    kiosk.is_right()
    page.goto(f"{patient.origin}/kiosk")
    patient.chooses_language("Български")
    expect(page.locator("html[data-script=on]")).to_be_attached()
    patient.answers("slip")
    page.locator("#code").fill(code)
    patient.answers("given")
    patient.at("waiting")
    expect(page.locator("[data-turn] .number")).to_be_visible()


def test_a_clerk_sees_no_answers_and_the_patient_goes_on_afterwards(
    kiosk: Kiosk, service: Running, browser: Browser
) -> None:
    pin = clerks_pin(browser, service.origin)
    patient, page = kiosk.patient, kiosk.page
    patient.chooses_language("Български")
    patient.answers_until("complaint", number="given")
    patient.calls_the_clerk(pin)
    shown = page.locator("body").inner_text() + page.title()
    assert [word for word in CANARIES if word in shown] == []
    expect(page.locator("main")).to_be_hidden()
    page.locator("[data-do=clerk-help]").click()
    expect(page.locator("[data-do=clerk-help]")).to_have_count(0)
    kiosk.page.clock.run_for(61_000)
    expect(page.locator("dialog#clerk")).to_be_hidden()
    patient.at("complaint")
    page.go_back()
    expect(page.locator("main")).to_be_visible()
    assert "For the clerk" not in page.content()
