"""Keys on the kiosk's screen type names as each language writes them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Patient
from tests.running import Running


@pytest.fixture
def patient(service: Running, browser: Browser) -> Iterator[Patient]:
    person = Patient(browser, service.origin)
    yield person
    person.close()


def test_names_are_typed_in_the_letters_of_their_language(patient: Patient) -> None:
    typed = {
        "vi": (["N", "G", "U", "Y", "Ê", "sắc", "ngã", "N"], "Nguyễn"),
        "tr": (["I", "I", "İ"], "Iıi"),
        "uz": (["G", "Oʻ", "⌫", "Oʻ", "R"], "Goʻr"),
    }
    shown = {}
    for language, (keys, _) in typed.items():
        patient.page.goto(f"{patient.origin}/kiosk/{language}/welcome")
        expect(patient.page.locator("html[data-script=on]")).to_be_attached()
        patient.answers_until("name", number="none")
        for key in keys:
            patient.page.locator(".keys").get_by_text(key, exact=True).click()
        shown[language] = patient.page.locator("#full_name").input_value()
    assert shown == {language: name for language, (_, name) in typed.items()}
