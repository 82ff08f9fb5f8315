"""On a slow line no tap is lost: what is touched before everything has come is done when it has."""

from collections.abc import Iterator
from threading import Event

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.people import Patient
from tests.running import Running


@pytest.fixture
def patient(service: Running, browser: Browser) -> Iterator[Patient]:
    person = Patient(browser, service.origin)
    yield person
    person.close()


def test_a_tap_before_the_rest_of_the_script_has_come_is_heard(patient: Patient) -> None:
    page, held = patient.page, list[Route]()
    asked = Event()

    def hold(route: Route) -> None:
        held.append(route)
        asked.set()

    patient.chooses_language("Български")
    expect(page.locator("html[data-script=on]")).to_be_attached()
    page.route(f"**{page.evaluate('document.body.dataset.further')}", hold)
    page.get_by_role("button", name="Искам да говоря с лекар").click()
    patient.at("danger")
    page.locator("main form button[value=no]").click()
    page.wait_for_timeout(500)
    assert asked.is_set()
    patient.at("danger")
    for route in held:
        route.continue_()
    expect(page.locator("main[data-step=danger]")).to_have_count(0)
