"""One whole visit, from "I feel dizzy" to the signed note and the list of who has read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Patient, Person, Staff
from tests.running import Running

DOCTOR = "doctor@telemed.example"
LANGUAGES = {"bg": "Български", "en": "English"}


@dataclass
class Cast:
    """Patient and doctor, each in a browser context of their own, over one running service."""

    service: Running
    patient: Patient
    doctor: Staff
    browser: Browser


@pytest.fixture
def cast(quiet_service: Running, browser: Browser) -> Iterator[Cast]:
    patient, doctor = Patient(browser, quiet_service.origin), Staff(browser, quiet_service.origin)
    yield Cast(quiet_service, patient, doctor, browser)
    complaints = patient.complaints.lines + doctor.complaints.lines
    patient.close()
    doctor.close()
    assert complaints == []


@pytest.mark.parametrize("language", ["bg", pytest.param("en", marks=pytest.mark.full)])
def test_from_dizzy_to_a_signed_note(cast: Cast, language: str) -> None:
    code = _files_an_intake(cast, LANGUAGES[language])
    _is_admitted(cast, language)
    _both_see_and_hear(cast)
    _identity_is_confirmed(cast)
    _note_is_signed(cast)
    _takes_the_summary_and_leaves_nothing(cast)
    _reads_who_has_read(cast, code, language)
    assert [each for each in cast.patient.addresses if code in each] == []


def _files_an_intake(cast: Cast, language: str) -> str:
    patient = cast.patient
    patient.chooses_language(language)
    taken = patient.answers_until("review", when="now")
    assert taken.index("danger") < taken.index("number") < taken.index("notice") < taken.index("complaint")
    code = patient.confirms()
    assert re.fullmatch(r"[0-9A-Z]{8}", code)
    patient.page.locator("[data-do=wait]").click()
    patient.at("waiting")
    # The camera is not opened by a page, only by a tap.
    expect(patient.page.locator("[data-call]")).to_be_hidden()
    patient.says_who_is_there()
    # "Not yet" closes the camera, and whoever is ready then says so again.
    patient.page.locator("[data-call-hang-up]").click()
    expect(patient.page.locator("[data-call]")).to_be_hidden()
    expect(patient.page.locator("[data-company-asked] button").first).to_be_in_viewport()
    patient.says_who_is_there()
    return code


def _is_admitted(cast: Cast, language: str) -> None:
    doctor = cast.doctor
    doctor.signs_in(DOCTOR, "/clinic")
    doctor.page.goto(f"{cast.service.origin}/clinic?lang={language}")
    doctor.page.get_by_role("link", name="Иванка Петрова").last.click()
    doctor.sees("138")
    # Whoever admits before the call's code has come keeps the page all the same.
    doctor.page.wait_for_load_state("load")
    doctor.page.evaluate("window.stays = true")
    doctor.page.locator("form[action$=admit] button").click()
    expect(doctor.page.locator("[data-note-form]")).to_be_visible()
    assert doctor.page.evaluate("window.stays") is True


def _both_see_and_hear(cast: Cast) -> None:
    for person in (cast.patient, cast.doctor):
        expect(person.page.locator("[data-call-state=connected]")).to_be_visible(timeout=30_000)
        person.page.wait_for_function(
            "() => document.querySelector('[data-call-remote]').videoWidth > 0", timeout=15_000
        )


def _identity_is_confirmed(cast: Cast) -> None:
    cast.doctor.page.locator("[data-identity] button").click()
    expect(cast.doctor.page.locator(".badge-good").first).to_be_visible()
    # The page stays, and so does the call.
    expect(cast.doctor.page.locator("[data-call-state=connected]")).to_be_visible(timeout=15_000)


def _note_is_signed(cast: Cast) -> None:
    doctor = cast.doctor.page
    # Hanging up does not end the visit.
    doctor.locator("[data-call-hang-up]").click()
    expect(cast.patient.page.locator("[data-call-status]")).not_to_be_empty()
    doctor.locator("#conclusion").fill("Ниско кръвно при изправяне")
    doctor.locator("#advice").fill("Повече вода. Изправяйте се бавно.")
    doctor.locator("[data-note-form] button[value=sign]").click()
    expect(doctor.locator(".notice-good")).to_be_visible(timeout=15_000)


def _takes_the_summary_and_leaves_nothing(cast: Cast) -> None:
    page = cast.patient.page
    cast.patient.at("summary")
    expect(page.locator("[data-paper]")).not_to_contain_text("Повече вода")
    cast.patient.is_here()
    cast.patient.sees("Повече вода")
    page.locator("[data-do=finish]").click()
    page.wait_for_url(re.compile(r"/kiosk$"))
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("Повече вода")
    page.goto(f"{cast.service.origin}/kiosk")
    assert "Иванка" not in page.content()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def _reads_who_has_read(cast: Cast, code: str, language: str) -> None:
    reader = Person(cast.browser, cast.service.origin)
    page = reader.page
    page.goto(f"{cast.service.origin}/my?lang={language}")
    page.locator("input[name=code]").fill(f"{code[:4]} {code[4:]}".lower())
    for name, value in (("day", "7"), ("month", "3"), ("year", "1944")):
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form button[type=submit]").first.click()
    reader.sees("д-р Ана Русева")
    assert code not in page.url
    reader.close()
