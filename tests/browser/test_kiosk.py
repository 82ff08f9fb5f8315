"""The kiosk in a real browser: light, accessible, patient with the line and with hands, and forgetful."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from telemed.web.assets import Assets
from tests.browser.accessibility import violations
from tests.browser.kiosk_walk import TALL, faults
from tests.browser.people import BRIEFLY, PRESSES, SCREEN, Patient
from tests.running import Running

LANGUAGES = {"bg": "Български", "en": "English"}
ON_THE_WAY = {"danger": "yes", "when": "later"}
# Two pages, the first script and the rules of every question; bench/kiosk_pages.py weighs each page alone.
FIRST_PAGES, JOURNEY = 25_000, 60_000
# What these pages show is not the same for everybody; all others are looked at in test_kiosk_walk.
OF_THIS_PATIENT = ("type", "slot", "review")


@pytest.fixture
def patient(service: Running, browser: Browser) -> Iterator[Patient]:
    person = Patient(browser, service.origin)
    yield person
    person.close()


class Scale:
    """Weighs what comes over the wire, headers and all."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.clearBrowserCache")
        wire.on("Network.loadingFinished", self._add)

    def _add(self, event: Any) -> None:
        self.bytes += int(event["encodedDataLength"])


def look(page: Page) -> list[object]:
    """What keeps anybody from reading and touching a page."""
    return [*faults(page), *violations(page)]


@pytest.mark.parametrize("language", ["bg", pytest.param("en", marks=pytest.mark.full)])
def test_the_way_to_a_booked_time_is_light(patient: Patient, language: str) -> None:
    page = patient.page
    scale = Scale(page)
    page.goto(f"{patient.origin}/kiosk")
    patient.chooses_language(LANGUAGES[language])
    expect(page.locator("html[data-script=on]")).to_be_attached()
    assert scale.bytes <= FIRST_PAGES
    patient.answers_until("review", when="later")
    assert re.fullmatch(r"[0-9A-Z]{8}", patient.confirms())
    assert scale.bytes <= JOURNEY
    assert patient.complaints.lines == []


@pytest.mark.parametrize("language", ["bg", pytest.param("en", marks=pytest.mark.full)])
@pytest.mark.parametrize(
    "screen", [pytest.param(SCREEN, id="wide"), pytest.param(TALL, id="tall", marks=pytest.mark.full)]
)
def test_what_only_this_patient_sees_can_be_read_and_touched(
    service: Running, browser: Browser, language: str, screen: ViewportSize
) -> None:
    patient = Patient(browser, service.origin, bypass_csp=True)
    page = patient.never_leaves()
    page.set_viewport_size(screen)
    assert look(page) == []
    patient.chooses_language(LANGUAGES[language])
    expect(page.locator("html[data-script=on]")).to_be_attached()
    while patient.step != "review":
        if patient.step in OF_THIS_PATIENT:
            assert look(page) == []
        if patient.step == "slot":
            turns_to_later_days_and_back(page)
        patient.answers(ON_THE_WAY.get(patient.step, PRESSES.get(patient.step, "given")))
    assert look(page) == []
    patient.confirms()
    assert look(page) == []
    for dialog in ("stop", "help"):
        page.locator(f"nav [data-do={dialog}]").click()
        assert look(page) == []
        page.locator(f"dialog#{dialog} [data-do=stay]").first.click()
    page.goto(f"{service.origin}/kiosk")
    patient.chooses_language(LANGUAGES[language])
    patient.answers_until("review", when="now", **BRIEFLY)
    patient.confirms()
    assert look(page) == []
    page.locator("[data-do=wait]").click()
    patient.at("waiting")
    assert look(page) == []
    patient.says_who_is_there()
    expect(page.locator("[data-call]")).to_be_visible()
    assert look(page) == []
    patient.close()


def turns_to_later_days_and_back(page: Page) -> None:
    """The next days take the place of the first ones, and the first ones come back."""
    days = page.locator("[data-slots] h2")
    expect(page.locator("[data-later]")).to_be_visible()
    first = days.all_text_contents()
    page.locator("[data-later]").click()
    expect(days.first).not_to_have_text(first[0])
    expect(days.first).to_be_focused()
    assert look(page) == []
    page.locator("[data-first]").click()
    expect(days).to_have_text(first)


def test_the_keys_on_the_screen_type(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    patient.answers_until("number")
    for digit in "4403075026":
        page.locator(f"[data-key='{digit}']").click()
    expect(page.locator("#egn")).to_have_value("4403075026")
    page.locator("[data-rub]").click()
    page.locator("[data-key='0']").click()
    page.locator("main button.main").click()
    patient.sees("Една от цифрите е грешна")
    expect(page.locator("#egn")).to_be_focused()
    page.locator("[data-rub]").click()
    page.locator("[data-key='6']").click()
    page.locator("main button.main").click()
    patient.at("name")
    for letter in "АНА ПО":
        page.locator(f"[data-key='{letter}']").click()
    expect(page.locator("#full_name")).to_have_value("Ана По")
    expect(page.locator("h1")).to_have_text("Как се казвате?")
    assert page.locator("#full_name").input_value() == "Ана По"


def test_a_broken_line_loses_nothing(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    patient.answers_until("review", when="later", **BRIEFLY)
    page.route("**/api/v1/intakes/*", lambda route: route.abort())
    page.locator("main form button.main").click()
    expect(page.locator("#line")).to_be_visible()
    patient.at("review")
    patient.sees("Иванка Петрова")
    page.unroute("**/api/v1/intakes/*")
    expect(page.locator("main[data-step=booked]")).to_be_visible(timeout=30_000)
    assert len(page.locator("[data-fill=shown]").inner_text().split()) == 2


def test_an_answer_lost_on_the_way_back_files_once(patient: Patient) -> None:
    page, bodies = patient.page, list[tuple[str, str | None]]()

    def lose_the_first(route: Route) -> None:
        bodies.append((route.request.url, route.request.post_data))
        answer = route.fetch()
        if len(bodies) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    patient.chooses_language("Български")
    patient.answers_until("review", when="later", **BRIEFLY)
    page.route("**/api/v1/intakes/*", lose_the_first)
    page.locator("main form button.main").dblclick()
    expect(page.locator("main[data-step=booked]")).to_be_visible(timeout=30_000)
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_a_time_taken_meanwhile_leads_back_to_the_times(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    patient.answers_until("review", when="later", **BRIEFLY)
    refusal = '{"code": "slot_taken", "step": "slot", "status": 409}'
    page.route("**/api/v1/intakes/*", lambda route: route.fulfill(status=409, body=refusal), times=1)
    page.locator("main form button.main").click()
    patient.at("slot")
    patient.sees("Някой току-що зае този час")
    page.locator("button.time").nth(1).click()
    patient.at("review")
    patient.sees("Иванка Петрова")
    assert re.fullmatch(r"[0-9A-Z]{8}", patient.confirms())


def test_back_goes_one_question_back_with_its_answer(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    patient.answers_until("notice")
    page.locator("nav [data-do=back]").click()
    patient.at("born")
    expect(page.locator("#born_year")).to_have_value("1944")
    page.go_back()
    patient.at("name")
    assert page.locator("#full_name").input_value() == "Иванка Петрова"


def test_the_emergency_button_is_on_every_page_and_leads_back(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    patient.answers_until("complaint", number="none")
    page.locator("header .urgent").click()
    patient.at("emergency")
    patient.sees("112")
    page.locator("nav [data-do=back]").click()
    patient.at("complaint")
    page.locator("header .urgent").click()
    page.locator("main button.main").click()
    patient.at("complaint")
    assert page.locator("header .urgent").is_visible()


def test_letters_grow_in_four_steps_and_are_as_usual_for_the_next_patient(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    bigger = page.locator("[data-do=bigger]")
    expect(bigger).to_be_visible()
    sizes = [letters_of(page)]
    for _ in range(4):
        bigger.click()
        sizes.append(letters_of(page))
    assert [round(size / sizes[0], 2) for size in sizes] == [1, 1.25, 1.5, 2, 1]
    bigger.click()
    patient.answers("visit")
    assert letters_of(page) == sizes[1]
    page.locator("nav [data-do=stop]").click()
    page.locator("dialog#stop [data-do=wipe]").click()
    page.wait_for_url(re.compile(r"/kiosk$"))
    patient.chooses_language("Български")
    assert letters_of(page) == sizes[0]


def letters_of(page: Page) -> float:
    """How large the letters of running text are, in pixels."""
    size: float = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    return size


def test_a_patient_answers_with_arrows_digits_and_enter(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    expect(page.locator("[data-do=bigger]")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("button[value=visit]")).to_be_focused()
    assert outlined(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator("button[value=slip]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    patient.at("danger")
    page.keyboard.press("1")
    patient.at("number")
    expect(page.locator("#egn")).to_be_visible()
    page.locator("#egn").focus()
    page.keyboard.type("4403075026")
    assert page.locator("#egn").input_value() == "4403075026"
    assert outlined(page)
    page.keyboard.press("Enter")
    patient.at("name")
    page.locator("nav [data-do=stop]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog#stop")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('dialog')?.id") == "stop"


def outlined(page: Page) -> bool:
    """Whether what has the focus shows it by a thick dark line."""
    style: list[str] = page.evaluate(
        "(({outlineStyle, outlineWidth, outlineColor}) => [outlineStyle, outlineWidth, outlineColor])"
        "(getComputedStyle(document.activeElement))"
    )
    return style == ["solid", "4px", "rgb(22, 51, 58)"]


def test_one_switch_is_enough(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    expect(page.locator("[data-do=bigger]")).to_be_visible()
    page.evaluate("document.body.dataset.switch = '0.5'")
    page.clock.install()
    page.add_script_tag(url=f"{patient.origin}{Assets().url('switch.js')}", type="module")
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))
    slip = page.locator("button[value=slip]")
    for _ in range(20):
        if slip.evaluate("key => key === document.activeElement"):
            break
        page.clock.run_for(500)
    expect(slip).to_be_focused()
    page.keyboard.press("Space")
    page.clock.resume()
    patient.at("arrive")
    # Every key on the screen has its turn before the ways out have theirs.
    for place in ("main", "nav"):
        expect(page.locator(f"{place} :focus")).to_be_attached(timeout=40_000)
