"""A value beyond a limit, from the kiosk of a patient who books for later to the doctor who has seen it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import cut_off, violations
from tests.browser.people import Patient, Staff
from tests.running import Running

DOCTOR = "doctor@telemed.example"
WAIT = "Please wait here. The doctor is being called."


@dataclass
class Cast:
    """Patient and doctor, each in a browser context of their own."""

    service: Running
    patient: Patient
    doctor: Staff


@pytest.fixture
def cast(quiet_service: Running, browser: Browser) -> Iterator[Cast]:
    patient = Patient(browser, quiet_service.origin, says={"full_name": "Станка Вълчева", "oxygen": "88"})
    doctor = Staff(browser, quiet_service.origin)
    yield Cast(quiet_service, patient, doctor)
    complaints = patient.complaints.lines + doctor.complaints.lines
    patient.close()
    doctor.close()
    assert complaints == []


def test_who_books_for_later_waits_here_and_a_doctor_says_that_they_have_seen_it(cast: Cast) -> None:
    _books_and_is_told_to_wait(cast.patient)
    _is_seen_first_and_by_name(cast)
    assert cast.patient.page.url == f"{cast.service.origin}/kiosk"


def _books_and_is_told_to_wait(patient: Patient) -> None:
    patient.chooses_language("English")
    patient.answers_until("review", when="later", complaint="other", sms="no")
    patient.confirms()
    expect(patient.page.get_by_role("heading", name=WAIT)).to_be_visible()
    expect(patient.page.locator("[data-fill=when]")).to_be_visible()
    expect(patient.page.locator("[data-do=finish]")).to_be_hidden()
    patient.page.locator("[data-do=wait]").click()
    patient.at("waiting")
    shown = patient.page.locator("main").inner_text()
    assert WAIT in shown
    assert not re.search(r"\b88\b|oxygen|danger|limit|alarm", shown, re.IGNORECASE)
    expect(patient.page.locator("[data-do=home]")).to_be_hidden()


def _is_seen_first_and_by_name(cast: Cast) -> None:
    doctor = cast.doctor
    doctor.signs_in(DOCTOR, "/clinic")
    doctor.page.goto(f"{cast.service.origin}/clinic?lang=en")
    alarm = doctor.page.locator("section.alarm").filter(has_text="Станка Вълчева")
    expect(alarm).to_contain_text("Oxygen in the blood 88 % (limit 91 %)")
    assert [*violations(doctor.page), *cut_off(doctor.page)] == []
    # The same case in another window of the doctor's, which nobody touches.
    window = doctor.context.new_page()
    window.goto(alarm.get_by_role("link", name="Open the case").evaluate("link => link.href"))
    expect(window.locator("#alarm")).not_to_contain_text("seen by ")
    alarm.get_by_role("button", name="I have seen it").click()
    expect(window.locator("#alarm")).to_contain_text("seen by ", timeout=15_000)
    window.close()
    expect(doctor.page.locator("section.alarm")).to_contain_text("seen by ")
    doctor.sees("Measurements")
    assert [*violations(doctor.page), *cut_off(doctor.page)] == []
    doctor.page.goto(f"{cast.service.origin}/clinic?lang=en")
    expect(alarm).to_have_count(0)
    # Somebody has looked, so the kiosk asks whether anybody is still there.
    cast.patient.is_here()
    # Leaving gives the doctor back to the other tests.
    cast.patient.page.locator("nav.bottom [data-do=stop]").click()
    cast.patient.page.locator("#stop [data-do=wipe]").click()
    cast.patient.page.wait_for_url(f"{cast.service.origin}/kiosk")
