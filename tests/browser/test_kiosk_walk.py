"""Every page of the kiosk under our own rules, at 100 and at 200 %; each rule finds what was planted."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from telemed.intake.steps.journey import STEPS
from telemed.texts import Texts
from telemed.web.kiosk import OTHERS
from tests.browser.accessibility import violations
from tests.browser.kiosk_walk import (
    EVERY_PAGE,
    ONE_OF_EACH_KIND,
    TALL,
    WIDE,
    ZOOMED,
    faults,
    questions,
    too_wordy,
    walk,
)
from tests.browser.people import Patient
from tests.running import Running

LANGUAGES = tuple(Texts().languages)
LONGEST = max(LANGUAGES, key=lambda language: sum(len(words) for _, words in questions(language)))
SHORT = {"bg", LONGEST}
TWICE = {"wide": WIDE, "wide at 200 %": ZOOMED["wide"]}
each_language = pytest.mark.parametrize(
    "language",
    [pytest.param(each, marks=() if each in SHORT else pytest.mark.full) for each in LANGUAGES],
)


@pytest.fixture
def kiosk(service: Running, browser: Browser) -> Iterator[Page]:
    """A kiosk on which axe may run."""
    patient = Patient(browser, service.origin, bypass_csp=True)
    yield patient.page
    patient.close()


def begins(kiosk: Page, language: str) -> None:
    """Stand before the first question in a language, all five ways out in sight."""
    kiosk.goto(f"{kiosk.url.rstrip('/')}/{language}/welcome")
    kiosk.locator("html[data-script=on]").wait_for()
    kiosk.locator("[data-do=listen]").evaluate("button => (button.hidden = false)")


@each_language
def test_every_page_can_be_read_and_touched_also_at_200_percent(
    kiosk: Page, language: str, request: pytest.FixtureRequest
) -> None:
    begins(kiosk, language)
    full = request.config.getoption("full")
    # What axe knows hangs on how a page is made, and that is the same in every language.
    axe = EVERY_PAGE if full else ONE_OF_EACH_KIND if language == "bg" else ()
    # What does not fit is found in the longest language; the country's is looked at where pages differ.
    pages = EVERY_PAGE if full or language == LONGEST else ONE_OF_EACH_KIND
    found = walk(kiosk, language, TWICE, axe, pages)
    assert found == []


@pytest.mark.full
@each_language
def test_every_page_fits_a_tall_screen_too(kiosk: Page, language: str) -> None:
    begins(kiosk, language)
    assert walk(kiosk, language, {"tall": TALL, "tall at 200 %": ZOOMED["tall"]}) == []


@pytest.mark.full
@pytest.mark.parametrize("size", ["125", "150", "200"])
def test_every_page_keeps_its_shape_with_larger_letters(kiosk: Page, size: str) -> None:
    begins(kiosk, LONGEST)
    kiosk.evaluate("size => (document.documentElement.dataset.bigger = size)", size)
    assert walk(kiosk, LONGEST, {"wide": WIDE, "tall": TALL}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_has_more_than_twelve_words(language: str) -> None:
    wordy = {key: words for key, words in questions(language) if too_wordy(words)}
    assert wordy == {}


def test_the_walk_leaves_no_page_out() -> None:
    assert {key for key, _ in questions("bg")} == {*STEPS, *OTHERS}


# Each rule finds what it is there for

GOOD = """<!doctype html><html lang="en"><title>A page</title>
<style>
body {{ margin: 0; font: 24px sans-serif; color: #111; background: #fff }}
main {{ display: flex; gap: 8px; padding: 8px }}
button {{ width: 200px; height: 64px; font: inherit; border: 2px solid #555; color: #111; background: #fff }}
path {{ fill: none; stroke: #767676; stroke-width: 4 }}
{0}
</style>
<main id="main"><h1>A page</h1><p>Words</p><button>One</button><button>Two</button>
<svg width="64" height="64" viewBox="0 0 48 48"><path d="M4 4h40"/></svg></main>"""
PLANTED = {
    "letters of contrast 6.9": "p { color: #5a5a5a }",
    "letters of 23.0 px": "p { font-size: 23px }",
    "a target of 200 × 60 px": "button { height: 60px }",
    "6.0 px between": "main { gap: 6px }",
    "a stroke of contrast 2.8": "path { stroke: #999999 }",
    "an edge of contrast 2.8": "button { border-color: #999999 }",
    "the page is": "p { width: 2000px; flex: none }",
    "wider than its place": "p { width: 40px; white-space: nowrap }",
    "are held by what covers the page": "h1 { position: fixed; width: 800px; height: 400px }",
}


def test_a_good_page_has_no_faults(browser: Browser) -> None:
    page = browser.new_page(viewport=WIDE)
    page.set_content(GOOD.format(""))
    found = [*faults(page), *violations(page)]
    page.close()
    assert found == []


@pytest.mark.parametrize("fault", PLANTED)
def test_the_walk_finds_what_was_planted(browser: Browser, fault: str) -> None:
    page = browser.new_page(viewport=WIDE)
    page.set_content(GOOD.format(PLANTED[fault]))
    found = faults(page)
    page.close()
    assert any(fault in each for each in found), found


def test_axe_finds_a_contrast_of_6_9_in_small_letters(browser: Browser) -> None:
    page = browser.new_page(viewport=WIDE)
    page.set_content(GOOD.format("p { color: #5a5a5a; font-size: 20px }"))
    found = {rule for rule, _ in violations(page)}
    page.close()
    assert found == {"color-contrast-enhanced"}


def test_thirteen_words_are_too_many() -> None:
    assert too_wordy("May we tell somebody else about it if we cannot reach you today?")
    assert not too_wordy("May we tell somebody else if we cannot reach you today?")
