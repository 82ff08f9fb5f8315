"""Every page outside the kiosk is accessible in both languages, and whole on a phone.

The kiosk's own are in test_kiosk.py.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import cut_off, violations
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
    "/admin/unanswered",
    "/admin/waiting-list",
    "/admin/sessions",
    "/admin/find",
    "/staff",
)
DOCTOR_PAGES = ("/clinic/waiting-list", "/clinic/calendar", "/clinic/limits")
Fault = tuple[str, str]
SITE_FORMS = ("", "/hours", "/days", "/outages", "/stops", "/screens")
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


def look(page: Page, address: str, language: str, status: int = 200) -> list[Fault]:
    """What is wrong with a page."""
    answer = page.goto(f"{address}?lang={language}")
    assert answer is not None
    assert answer.status == status
    expect(page.locator("html")).to_have_attribute("lang", language)
    return look_here(page)


def look_here(page: Page) -> list[Fault]:
    """What is wrong with the page that is shown."""
    return [*violations(page), *(("cut off", part) for part in cut_off(page))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_pages_open_to_everybody(visitor: Person, path: str, language: str) -> None:
    status = 404 if path == "/no-such-page" else 200
    assert look(visitor.page, visitor.origin + path, language, status) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", COORDINATOR_PAGES)
def test_the_coordinators_pages(coordinator: Staff, path: str, language: str) -> None:
    assert look(coordinator.page, coordinator.origin + path, language) == []


@pytest.mark.full
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sites_pages_and_a_fresh_enrolment_code(coordinator: Staff, language: str) -> None:
    page = coordinator.page
    page.goto(f"{coordinator.origin}/admin?lang={language}")
    page.locator("tbody th a").first.click()
    site = page.url.split("?")[0]
    for form in SITE_FORMS:
        assert look(page, site + form, language) == []
    page.goto(site)
    table = page.locator("a[href$='/devices']").first.get_attribute("href")
    for path in (table, f"{table}/new"):
        assert look(page, f"{coordinator.origin}{path}", language) == []
    page.goto(f"{coordinator.origin}{table}")
    page.locator("a[href*='/admin/devices/']").first.click()
    assert look_here(page) == []
    page.goto(site)
    page.locator("form[action*=code] button").first.click()
    assert look_here(page) == []
    page.goto(f"{site}/screens")
    page.locator("main form button").last.click()
    screen = look(page, page.locator("code.long").inner_text().split("?")[0], language)
    # It hangs on a wall and nobody types there, so it may renew itself.
    assert [rule for rule, _ in screen] == ["meta-refresh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_practitioners_pages(coordinator: Staff, language: str) -> None:
    page = coordinator.page
    page.goto(f"{coordinator.origin}/admin/rosters?lang={language}")
    roster = page.locator("tbody th a").first.get_attribute("href")
    day = page.locator(".cell-link").nth(3).get_attribute("href")
    for form in ROSTER_FORMS:
        assert look(page, f"{coordinator.origin}{roster}{form}", language) == []
    assert look(page, f"{coordinator.origin}{day}", language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clerks_day_sheet(quiet_service: Running, browser: Browser, language: str) -> None:
    clerk = Staff(browser, quiet_service.origin)
    clerk.signs_in("clerk@telemed.example", "/counter")
    assert look(clerk.page, f"{clerk.origin}/counter", language) == []
    clerk.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_the_six_digits(visitor: Person, language: str) -> None:
    page = visitor.page
    page.goto(f"{visitor.origin}/staff/sign-in?lang={language}")
    page.locator(".demo-accounts button").first.click()
    expect(page.locator("#digits-now")).to_be_visible()
    assert look_here(page) == []


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
    for path in ("/clinic", *DOCTOR_PAGES):
        assert look(page, quiet_service.origin + path, language) == []
    page.goto(f"{quiet_service.origin}/clinic")
    page.get_by_role("link", name=patient.says["full_name"]).last.click()
    assert look_here(page) == []
    page.locator("form[action$=admit] button").click()
    assert look_here(page) == []
    page.locator("#conclusion").fill("Всичко е наред")
    page.locator("#advice").fill("Почивка")
    page.locator("[data-note-form] button[value=sign]").click()
    expect(page.locator(".notice-good")).to_be_visible()
    assert look_here(page) == []
    page.locator("a[href$=summary]").first.click()
    assert look_here(page) == []
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
    assert look_here(page) == []


PLANTED = {
    "a page that is too wide": "<div style='width: 500px'>.</div>",
    "a table that slides and does not say so": "<div style='overflow-x: auto' tabindex=0>{wide}</div>",
    "a table that keys cannot slide": "<p class=slide-hint>.</p><div style='overflow-x: auto'>{wide}</div>",
    "words that are cut": "<p style='overflow: hidden; white-space: nowrap; width: 9px'>long words</p>",
}
WIDE = "<table style='width: 700px'><tr><td>.</td></tr></table>"


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
def test_what_a_phone_would_cut_off_is_found(visitor: Person, planted: str) -> None:
    visitor.page.set_content(planted.format(wide=WIDE))
    assert len(cut_off(visitor.page)) == 1


def test_what_says_that_it_slides_is_no_fault(visitor: Person) -> None:
    said = "<p class='slide-hint'>Slide it</p><div style='overflow-x: auto' tabindex=0>{wide}</div>"
    visitor.page.set_content(said.format(wide=WIDE))
    assert cut_off(visitor.page) == []


def test_a_picture_without_words_and_pale_letters_are_found(visitor: Person) -> None:
    visitor.page.set_content("<main><h1>.</h1><img src='data:,'><p style='color: #767676'>pale</p></main>")
    assert {"image-alt", "color-contrast-enhanced"} <= {rule for rule, _ in violations(visitor.page)}
