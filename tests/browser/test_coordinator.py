"""A coordinator at work with nothing but a keyboard, and in a browser without script."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from telemed import clock
from telemed.demo.world import this_weeks_tuesday
from tests.browser.accessibility import violations
from tests.browser.people import SCREEN, Complaints, Staff, enter_the_digits
from tests.running import Running

EMAIL = "coordinator@telemed.example"
LONGEST_WALK = 120
# A table that scrolls takes the focus too, and would say everything that is in it.
FOCUSED = """() => {
    const focused = document.activeElement;
    const said = ["DIV", "BODY"].includes(focused.tagName) ? "" : (focused.labels?.[0] ?? focused).innerText;
    return [said, getComputedStyle(focused).outlineStyle];
}"""


@pytest.fixture
def coordinator(quiet_service: Running, browser: Browser) -> Iterator[Staff]:
    staff = Staff(browser, quiet_service.origin)
    staff.signs_in(EMAIL, "/admin")
    yield staff
    assert staff.complaints.lines == []
    staff.close()


def walk_to(page: Page, words: str) -> None:
    """Press Tab until the focused thing says these words; its focus must be seen."""
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        said, outline = page.evaluate(FOCUSED)
        if words in " ".join(said.split()):
            assert outline != "none", words
            return
    raise AssertionError(f"{words} cannot be reached")


def choose_the_first_time(page: Page) -> None:
    """Press Tab until a time has the focus, none being chosen before, and choose it."""
    times = page.get_by_role("radio")
    expect(page.locator("input:checked")).to_have_count(0)
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        if times.first.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Space")
            expect(times.first).to_be_checked()
            return
    raise AssertionError("no time can be reached")


def press(page: Page, words: str) -> None:
    """Walk to a link or a button, press it, and wait for the page it leads to."""
    walk_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def day_of_the_demo(later: int) -> str:
    """How a day so long after the demo's first is typed into a date field."""
    return f"{this_weeks_tuesday(clock.real_now()) + timedelta(days=later):%m%d%Y}"


def test_a_leave_that_strands_people_is_settled_by_keyboard_alone(coordinator: Staff) -> None:
    page = coordinator.page
    page.goto(f"{coordinator.origin}/admin?lang=en")
    press(page, "Rosters")
    press(page, "д-р")
    press(page, "Add leave")
    walk_to(page, "First day")
    page.keyboard.type(day_of_the_demo(1))
    walk_to(page, "Last day")
    page.keyboard.type(day_of_the_demo(2))
    press(page, "Save")
    expect(page.locator("h1")).to_contain_text("Appointments that would no longer fit")
    assert violations(page) == []
    press(page, "Save, and decide about each")
    expect(page.locator("h1")).to_contain_text("Appointments that do not fit")
    before = int(page.locator(".count").inner_text())
    assert violations(page) == []
    press(page, "Decide")
    expect(page.locator("h1")).to_be_visible()
    assert violations(page) == []
    choose_the_first_time(page)
    press(page, "Move it there")
    expect(page.get_by_role("status")).to_contain_text("The appointment has been moved.")
    assert int(page.locator(".count").inner_text()) == before - 1


def test_what_is_wrong_is_said_first_and_leads_to_its_field(coordinator: Staff) -> None:
    page = coordinator.page
    page.goto(f"{coordinator.origin}/admin?lang=en&place=Avren")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="Change the hours").click()
    page.get_by_label("Tuesday, span 1, to").fill("nine")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Tuesday: Write the time").click()
    expect(page.get_by_label("Tuesday, span 1, to")).to_have_value("nine")
    assert page.evaluate("location.hash") == "#day1_1_to"
    assert violations(page) == []
    coordinator.complaints.lines.clear()


def test_everything_works_without_script(quiet_service: Running, browser: Browser) -> None:
    context = browser.new_context(viewport=SCREEN, java_script_enabled=False)
    page, heard = context.new_page(), Complaints()
    heard.listen(page, quiet_service.origin)
    page.goto(f"{quiet_service.origin}/admin/holidays/new?lang=en")
    account = page.locator("form").filter(has=page.locator(f"input[value='{EMAIL}']"))
    account.get_by_role("button").click()
    enter_the_digits(page)
    page.goto(f"{quiet_service.origin}/admin/holidays/new?lang=en")
    page.get_by_label("Day").fill(f"{clock.real_now().year + 1}-12-31")
    page.get_by_label("Name").fill("Last day of the year")
    page.get_by_role("button", name="Save").click()
    row = page.locator("tr").filter(has_text="Last day of the year")
    expect(row).to_contain_text("our own")
    row.get_by_role("button").click()
    expect(row).to_have_count(0)
    assert heard.lines == []
    context.close()
