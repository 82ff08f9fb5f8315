"""The kiosk by ear and by keys alone: from the language to the slip every page is said."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from telemed.prompts.aloud import letter
from telemed.prompts.prompt import Prompt
from telemed.prompts.values import say_value
from telemed.texts import Texts, languages
from telemed.web.kiosk_spoken import Said, Spoken, names, plain
from tests.browser.listening import Ear
from tests.browser.people import PRESSES, Patient, rests_as_long_as_for_real
from tests.running import Running

KNOWN: dict[str, Said] = {
    shown: said for chapter in Spoken(Texts(), "bg").chapters().values() for shown, said in chapter.items()
}
TEXTS = """(root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.parentElement.checkVisibility() && !node.parentElement.closest("svg, .unseen, [data-say]"))
      found.push(node.data);
  return found;
}"""
EGN = {"egn": "4403075026"}


@pytest.fixture
def patient(service: Running, browser: Browser) -> Iterator[Patient]:
    person = Patient(browser, service.origin, EGN)
    yield person
    person.page.unroute_all(behavior="ignoreErrors")
    person.close()


def said_of(page: Page, selector: str) -> list[Prompt]:
    """What must be heard of the visible texts of an element."""
    shown = [plain(text) for text in page.locator(selector).first.evaluate(TEXTS)]
    return [prompt for text in shown if text for prompt in KNOWN[text]]


def goes_to(page: Page, selector: str) -> None:
    """Move by the arrow key until something is focused."""
    for _ in range(40):
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no way by keys to {selector}")


def tabs_to(page: Page, selector: str) -> None:
    """Move by the tabulator key until something is focused."""
    for _ in range(40):
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by keys to {selector}")


def test_each_language_says_its_name_in_its_own_voice(patient: Patient) -> None:
    page = patient.page
    ear = Ear(page)
    page.goto(f"{patient.origin}/kiosk")
    offered = page.locator("a.choice").evaluate_all("all => all.map(each => each.lang)")
    assert len(offered) > 1
    for code in offered:
        tabs_to(page, f"a.choice[lang='{code}']")
        ear.hears(*names(Texts())[languages()[code].name])


def test_the_first_questions_by_ear_and_keys(patient: Patient) -> None:
    listens_until(patient, Ear(patient.page), "rest")
    assert patient.complaints.lines == []


@pytest.mark.full
def test_the_whole_way_by_ear_and_keys(patient: Patient) -> None:
    page = patient.page
    ear = Ear(page)
    # Listening outlasts the demo's rest, at whose end the page asks and its answers cannot be reached.
    page.route("**/kiosk/pages/*/*", rests_as_long_as_for_real)
    assert {"danger", "slot"} <= set(listens_until(patient, ear, "review"))
    for code, value in (("systolic", "138"), ("diastolic", "84"), ("oxygen", "97"), ("temperature", "36,6")):
        ear.hears(*(Prompt("bg", piece) for piece in say_value("bg", code, value)))
    ear.forget()
    goes_to(page, "main button.main")
    page.keyboard.press("Enter")
    patient.at("booked")
    code = page.locator("[data-fill=shown]").text_content() or ""
    ear.hears(
        *said_of(page, "main h1"), *(Prompt("bg", letter("bg", each)) for each in code if each.isalnum())
    )
    assert patient.complaints.lines == []


def listens_until(patient: Patient, ear: Ear, last: str) -> list[str]:
    """Go by ear and keys from the language to a step; which steps were on the way."""
    page, steps = patient.page, []
    page.goto(f"{patient.origin}/kiosk")
    tabs_to(page, "a.choice[lang='bg']")
    page.keyboard.press("Enter")
    patient.at("welcome")
    while patient.step != last:
        step = patient.step
        steps.append(step)
        ear.hears(*said_of(page, "main h1"))
        hears_the_answers(page, ear)
        answers_by_keys(patient, ear)
        expect(page.locator(f"main[data-step={step}]")).to_have_count(0, timeout=15_000)
    return steps


def hears_the_answers(page: Page, ear: Ear) -> None:
    """Every answer is said with the page, and said again when it is focused."""
    expect(page.locator("main [data-wait]")).to_have_count(0, timeout=15_000)
    answers = page.locator("main .choices .button:visible, main .actions .button:visible")
    for place in range(answers.count()):
        wanted = said_of(page, f"main :is(.choices, .actions) .button:visible >> nth={place}")
        # A hand on the keys: whoever only listens is asked after a minute whether they are still there.
        page.keyboard.press("Shift")
        ear.hears(*wanted)


def answers_by_keys(patient: Patient, ear: Ear) -> None:
    """Fill in and press by keys; what is focused and typed is said."""
    page, step = patient.page, patient.step
    press = {**PRESSES, "number": "given", "when": "later"}.get(step)
    there = set(page.locator("main form button[name]").evaluate_all("all => all.map(each => each.value)"))
    press = press or next((each for each in ("given", "no", "unknown") if each in there), "given")
    if press == "given":
        asked = page.locator("main input[name]:not([type=hidden])")
        for name in asked.evaluate_all("all => all.map(each => each.name)"):
            if value := patient.says_in(name):
                types(page, ear, name, value)
    wanted = "main button.time" if step == "slot" else f"main button[name='{step}'][value='{press}']"
    ear.forget()
    goes_to(page, wanted)
    if step != "slot":
        ear.hears(*said_of(page, wanted))
    ear.forget()
    page.keyboard.press("Enter")


def types(page: Page, ear: Ear, name: str, value: str) -> None:
    ear.forget()
    goes_to(page, f"main input[name={name}]")
    ear.hears(*said_of(page, f"main label[for={name}]"))
    for sign in value:
        ear.forget()
        page.keyboard.type(sign)
        if sign.isalnum():
            ear.hears(Prompt("bg", letter("bg", sign)))


def test_what_is_wrong_is_said_at_once(patient: Patient) -> None:
    page = patient.page
    ear = Ear(page)
    patient.chooses_language("Български")
    patient.answers_until("number")
    page.locator("[data-do=listen]").click()
    ear.hears(*said_of(page, "#headphones"), *said_of(page, "main h1"))
    goes_to(page, "main input[name=egn]")
    page.keyboard.type("4403075020")
    ear.forget()
    page.keyboard.press("Enter")
    ear.hears(*KNOWN["Една от цифрите е грешна. Сравнете с картата си."])
    assert page.locator("#egn").get_attribute("aria-invalid") == "true"


def test_listening_costs_nothing_on_the_second_visit_and_ends_with_the_patient(patient: Patient) -> None:
    page = patient.page
    ear, scale = Ear(page), SoundScale(page)
    first, second = listens(patient, ear, scale), listens(patient, ear, scale)
    assert first > 0
    assert second == 0
    page.goto(f"{patient.origin}/kiosk")
    ear.forget()
    patient.chooses_language("Български")
    patient.answers("visit")
    expect(page.locator("html[data-script=on]")).to_be_attached()
    assert ear.said == []


def listens(patient: Patient, ear: Ear, scale: "SoundScale") -> int:
    """One visit by ear until every chapter was fetched; what it cost."""
    before = scale.bytes
    patient.page.goto(f"{patient.origin}/kiosk")
    patient.chooses_language("Български")
    expect(patient.page.locator("html[data-script=on]")).to_be_attached()
    ear.forget()
    with patient.page.expect_response("**/kiosk/sounds/bg/*/ways") as last:
        patient.page.locator("[data-do=listen]").click()
    last.value.finished()
    ear.hears(*said_of(patient.page, "main h1"))
    return scale.bytes - before


class SoundScale:
    """Weighs the sounds that come over the wire."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self._sounds: set[str] = set()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", self._sent)
        wire.on("Network.loadingFinished", self._add)

    def _sent(self, event: Any) -> None:
        if "/kiosk/sounds/" in event["request"]["url"]:
            self._sounds.add(event["requestId"])

    def _add(self, event: Any) -> None:
        if event["requestId"] in self._sounds:
            self.bytes += int(event["encodedDataLength"])
