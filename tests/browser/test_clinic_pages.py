"""What the doctor writes is never lost without a word, and the page is used without a mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import SCREEN, Staff
from tests.running import Running

DOCTOR = "doctor2@telemed.example"


@pytest.fixture(scope="module")
def doctor(service: Running, browser: Browser) -> Iterator[Staff]:
    staff = Staff(browser, service.origin)
    staff.signs_in(DOCTOR, "/clinic")
    yield staff
    staff.close()


@pytest.fixture
def case(doctor: Staff) -> Page:
    """The page of a patient whom the doctor has admitted, now or for another test."""
    page = doctor.page
    page.goto(f"{doctor.origin}/clinic?lang=en")
    page.locator(".seeing .button, .next .button").first.click()
    admit = page.get_by_role("button", name="Admit the patient")
    if admit.count():
        admit.click()
    expect(page.locator("[data-note-form]")).to_be_visible()
    return page


def state(page: Page, words: str) -> None:
    expect(page.locator("[data-save-state]")).to_have_text(words, timeout=15_000)


def test_a_draft_outlives_an_interrupted_line(case: Page, doctor: Staff) -> None:
    case.fill("#findings", "first words")
    state(case, "Saved.")
    doctor.context.set_offline(True)
    case.fill("#findings", "first words, and more")
    state(case, "Not saved yet, trying again. Keep this page open.")
    doctor.context.set_offline(False)
    state(case, "Saved.")
    case.reload()
    assert case.input_value("#findings") == "first words, and more"


def test_confirming_who_it_is_costs_neither_words_nor_the_page(case: Page) -> None:
    case.fill("#conclusion", "written just before")
    case.get_by_role("button", name="I checked name and birth year aloud").click()
    expect(case.locator(".badge-good")).to_contain_text("Identity confirmed")
    assert case.input_value("#conclusion") == "written just before"
    case.fill("#advice", "and just after")
    state(case, "Saved.")
    case.reload()
    assert case.input_value("#advice") == "and just after"


def test_two_windows_show_each_others_words(case: Page, doctor: Staff) -> None:
    other = doctor.context.new_page()
    other.goto(case.url)
    other.fill("#findings", "from the other window")
    state(other, "Saved.")
    case.fill("#findings", "from this window")
    box = case.locator("[data-other-words]")
    expect(box).to_contain_text("from the other window", timeout=15_000)
    case.get_by_role("button", name="Keep mine").click()
    state(case, "Saved.")
    other.close()
    case.reload()
    assert case.input_value("#findings") == "from this window"


def test_keys_work_only_while_nobody_types_and_the_chart_stays_in_sight(case: Page) -> None:
    case.set_viewport_size({"width": 1366, "height": 768})
    keys = case.locator("dialog#shortcuts")
    case.fill("#findings", "")
    case.locator("#findings").press("?")
    expect(keys).to_be_hidden()
    assert case.input_value("#findings") == "?"
    case.locator("#findings").evaluate("field => field.blur()")
    case.keyboard.press("?")
    expect(keys).to_be_visible()
    keys.get_by_role("button", name="Close").click()
    case.get_by_role("button", name="Sign and end the visit").scroll_into_view_if_needed()
    expect(case.locator("#measured h2").first).to_be_in_viewport()
    expect(case.locator("[data-call-remote]")).to_be_in_viewport()
    case.keyboard.press("Alt+KeyN")
    expect(case).to_have_url(f"{case.url.split('/clinic')[0]}/clinic")


@pytest.mark.full
def test_on_a_narrow_screen_whoever_waits_is_admitted_before_their_chart_is_scrolled_through(
    doctor: Staff,
) -> None:
    page = doctor.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{doctor.origin}/clinic?lang=en")
    page.locator("tbody th a").last.click()
    tops = [page.locator(each).bounding_box() for each in (".admit", ".case-known")]
    assert tops[0] is not None
    assert tops[1] is not None
    assert tops[0]["y"] < tops[1]["y"]
    page.set_viewport_size(SCREEN)
