"""Every page outside the kiosk is accessible in both languages (the kiosk's own are in test_kiosk.py)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import violations
from tests.browser.people import Patient, Person, Staff
from tests.running import Running

# The longer words are looked at every time.
LANGUAGES = ("bg", pytest.param("en", marks=pytest.mark.full))
OPEN_PAGES = ("/demo", "/demo/handset", "/kiosk/enrol", "/my", "/staff", "/staff/sign-in", "/no-such-page")
COORDINATOR_PAGES = (
    "/admin",
    "/admin/rosters",
    "/admin/rosters/copy",
    "/admin/holidays",
    "/admin/holidays/new",
    "/admin/visit-types",
    "/admin/visit-types/new",
    "/admin/visit-types/consultation",
    "/admin/appointments",
    "/admin/conflicts",
    "/admin/sessions",
    "/admin/find",
    "/staff",
)
SITE_FORMS = ("", "/hours", "/days", "/outages", "/stops")
ROSTER_FORMS = ("", "/weekly", "/leave", "/offers")


@pytest.fixture
def visitor(quiet_service: Running, browser: Browser) -> Iterator[Person]:
    person = Person(browser, quiet_service.origin)
    yield person
    person.close()


@pytest.fixture(scope="module")
def coordinator(quiet_service: Running, browser: Browser) -> Iterator[Staff]:
    staff = Staff(browser, quiet_service.origin)
    staff.signs_in("coordinator@telemed.example", "/admin")
    yield staff
    staff.close()


def look(page: Page, address: str, language: str) -> None:
    page.goto(f"{address}?lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_pages_open_to_everybody(visitor: Person, path: str, language: str) -> None:
    look(visitor.page, visitor.origin + path, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", COORDINATOR_PAGES)
def test_the_coordinators_pages(coordinator: Staff, path: str, language: str) -> None:
    look(coordinator.page, coordinator.origin + path, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sites_pages_and_a_fresh_enrolment_code(coordinator: Staff, language: str) -> None:
    page = coordinator.page
    page.goto(f"{coordinator.origin}/admin?lang={language}")
    page.locator("tbody th a").first.click()
    site = page.url.split("?")[0]
    for form in SITE_FORMS:
        look(page, site + form, language)
    page.goto(site)
    page.locator("form[action*=code] button").first.click()
    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_practitioners_pages(coordinator: Staff, language: str) -> None:
    page = coordinator.page
    page.goto(f"{coordinator.origin}/admin/rosters?lang={language}")
    roster = page.locator("tbody th a").first.get_attribute("href")
    day = page.locator(".cell-link").nth(3).get_attribute("href")
    for form in ROSTER_FORMS:
        look(page, f"{coordinator.origin}{roster}{form}", language)
    look(page, f"{coordinator.origin}{day}", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clerks_day_sheet(quiet_service: Running, browser: Browser, language: str) -> None:
    clerk = Staff(browser, quiet_service.origin)
    clerk.signs_in("clerk@telemed.example", "/counter")
    look(clerk.page, f"{clerk.origin}/counter", language)
    clerk.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_the_six_digits(visitor: Person, language: str) -> None:
    page = visitor.page
    page.goto(f"{visitor.origin}/staff/sign-in?lang={language}")
    page.locator(".demo-accounts button").first.click()
    expect(page.locator("#digits-now")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_doctors_pages_from_list_to_summary_and_the_owners_list(
    quiet_service: Running, browser: Browser, language: str
) -> None:
    patient, doctor = Patient(browser, quiet_service.origin), Staff(browser, quiet_service.origin)
    patient.chooses_language({"bg": "Български", "en": "English"}[language])
    patient.answers_until("review", when="now", full_name="given")
    code = patient.confirms()
    doctor.signs_in("doctor@telemed.example", "/clinic")
    page = doctor.page
    look(page, f"{quiet_service.origin}/clinic", language)
    page.get_by_role("link", name=patient.says["full_name"]).last.click()
    assert violations(page) == []
    page.locator("form[action$=admit] button").click()
    assert violations(page) == []
    page.locator("#conclusion").fill("Всичко е наред")
    page.locator("#advice").fill("Почивка")
    page.locator("[data-note-form] button[value=sign]").click()
    expect(page.locator(".notice-good")).to_be_visible()
    assert violations(page) == []
    page.locator("a[href$=summary]").first.click()
    assert violations(page) == []
    _owner_looks(patient, code, language)
    doctor.close()
    patient.close()


def _owner_looks(owner: Patient, code: str, language: str) -> None:
    page = owner.page
    page.goto(f"{owner.origin}/my?lang={language}")
    page.locator("input[name=code]").fill(code)
    for name in ("day", "month", "year"):
        page.locator(f"[name={name}]").fill(owner.says[f"born_{name}"])
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("д-р Ана Русева")
    assert violations(page) == []
