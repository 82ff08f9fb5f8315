"""Whoever leaves the kiosk leaves nothing behind: finished, gone away, reloaded, or without a script."""

import re
from collections.abc import Iterable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import BRIEFLY, SCREEN, Patient
from tests.running import Running

FORBIDDEN = ("Иванка", "0888123456", "1944", "138")


def found(words: Iterable[str], shown: str) -> list[str]:
    """Which words stand in a page; three digits within an address of ours are not a pressure."""
    return [word for word in words if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", shown)]


@pytest.fixture
def patient(service: Running, browser: Browser) -> Iterator[Patient]:
    person = Patient(browser, service.origin)
    yield person
    person.close()


def test_nobody_finds_anything_after_a_patient_has_finished(patient: Patient) -> None:
    page = patient.page
    patient.chooses_language("Български")
    patient.answers_until("review", when="later")
    code = patient.confirms()
    page.locator("main [data-do=finish]:visible").click()
    page.wait_for_url(re.compile(r"/kiosk$"))
    for _ in range(12):
        page.go_back()
        page.wait_for_load_state()
        shown = page.content() + str(
            page.evaluate("[...document.querySelectorAll('input')].map((i) => i.value)")
        )
        assert found((*FORBIDDEN, code), shown) == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("caches.keys()") == []
    assert all(word not in address for word in (*FORBIDDEN, code) for address in patient.addresses)


def test_an_abandoned_kiosk_asks_and_then_wipes(patient: Patient) -> None:
    page = patient.page
    page.clock.install()
    patient.chooses_language("Български")
    patient.answers_until("born", number="none")
    page.clock.run_for(61_000)
    expect(page.locator("dialog#still")).to_be_visible()
    page.locator("dialog#still [data-do=stay]").click()
    expect(page.locator("dialog#still")).to_be_hidden()
    patient.at("born")
    page.clock.run_for(61_000)
    expect(page.locator("dialog#still")).to_be_visible()
    page.clock.run_for(25_000)
    page.wait_for_url(re.compile(r"/kiosk$"))
    assert "Иванка" not in page.content()


def test_who_is_being_read_to_is_not_asked_meanwhile_and_not_forgotten_either(patient: Patient) -> None:
    page = patient.page
    page.clock.install()
    patient.chooses_language("Български")
    expect(page.locator("html[data-script=on]")).to_be_attached()
    # A line so slow that the page is still being read.
    page.route("**/kiosk/sounds/**", lambda _: None)
    with page.expect_request("**/kiosk/sounds/**"):
        page.locator("[data-do=listen]").click()
    page.clock.fast_forward(61_000)
    expect(page.locator("dialog#still")).to_be_hidden()
    page.clock.fast_forward(10 * 60_000)
    expect(page.locator("dialog#still")).to_be_visible()


def test_a_reload_forgets(patient: Patient) -> None:
    patient.chooses_language("Български")
    patient.answers_until("complaint", number="none")
    patient.page.reload()
    patient.at("welcome")
    assert found(FORBIDDEN, patient.page.content()) == []


@pytest.mark.parametrize(
    "presses", [pytest.param(BRIEFLY, id="briefly"), pytest.param({}, id="measured", marks=pytest.mark.full)]
)
def test_the_kiosk_works_without_script_until_the_call(
    service: Running, browser: Browser, presses: Mapping[str, str]
) -> None:
    patient = Patient(browser, service.origin)
    cookies = patient.context.cookies()
    patient.close()
    patient.context = browser.new_context(viewport=SCREEN, java_script_enabled=False)
    patient.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they came
    patient.page = patient.context.new_page()
    patient.page.goto(f"{service.origin}/kiosk")
    patient.chooses_language("Български")
    patient.answers_until("review", when="later", **presses)
    assert re.fullmatch(r"[0-9A-Z]{8}", patient.confirms())
    patient.page.locator("main [data-do=finish]:visible").click()
    patient.page.wait_for_url(re.compile(r"/kiosk$"))
    patient.page.goto(f"{service.origin}/kiosk/bg/booked")
    patient.at("welcome")
    patient.close()
