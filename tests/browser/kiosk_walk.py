"""Our own walk over the kiosk's pages: letters, targets, gaps, strokes, words, and what is cut off."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from telemed.intake.steps.journey import STEPS
from telemed.texts import Texts
from telemed.web.kiosk import OTHERS
from tests.browser.accessibility import violations

LIMITS = {"letters": 24, "contrast": 7.0, "target": 64, "gap": 8, "stroke": 3.0}
WORDS = 12
RULES = (Path(__file__).parent / "kiosk_walk.js").read_text("utf-8")
WIDE: ViewportSize = {"width": 1280, "height": 800}
TALL: ViewportSize = {"width": 1080, "height": 1920}
# A browser at 200 % shows half as many of the page's own pixels.
ZOOMED: Mapping[str, ViewportSize] = {
    "wide": {"width": 640, "height": 400},
    "tall": {"width": 540, "height": 960},
}
# As the script does it, and with everything in sight that some patient would see there.
SHOW = """async ([language, key]) => {
  const answer = await fetch(`/kiosk/pages/${language}/${key}`);
  if (!answer.ok) throw new Error(`${answer.status} for ${key}`);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const main = page.getElementById('main');
  document.getElementById('main').replaceWith(main);
  main.querySelectorAll('.keys, [data-do], .problem').forEach((part) => (part.hidden = false));
  const lines = [...main.querySelectorAll('[data-problem]')];
  lines.sort((one, other) => other.textContent.length - one.textContent.length);
  lines.slice(0, 1).forEach((line) => (line.hidden = false));
}"""


EVERY_PAGE = (*STEPS, *OTHERS)
ONE_OF_EACH_KIND = (*{step.kind: key for key, step in STEPS.items()}.values(), *OTHERS)


def faults(page: Page) -> list[str]:
    """What our own rules find on the page as it stands."""
    # Somebody is there, however long the looking takes.
    page.evaluate("document.body.dispatchEvent(new Event('pointerdown', {bubbles: true}))")
    found: list[str] = page.evaluate(RULES, LIMITS)
    return found


def too_wordy(question: str) -> bool:
    """Say whether a question has more words than somebody keeps in mind."""
    return len(question.split()) > WORDS


def questions(language: str) -> Iterator[tuple[str, str]]:
    """Every question of the kiosk and every heading of its other pages, as a language says it."""
    translate = Texts().translate
    for key, step in STEPS.items():
        yield key, translate(language, step.title, step.context or None)
    for key, (_, title) in OTHERS.items():
        yield key, translate(language, title)


def shown_pages(page: Page, language: str, pages: Collection[str] = EVERY_PAGE) -> Iterator[str]:
    """Put one page after the other on the screen of a kiosk that has begun in this language."""
    for key in pages:
        page.evaluate(SHOW, [language, key])
        yield key


def walk(
    page: Page,
    language: str,
    sizes: Mapping[str, ViewportSize],
    axe: Collection[str] = (),
    pages: Collection[str] = EVERY_PAGE,
) -> list[str]:
    """Every fault of these pages at these sizes of the screen; axe looks at some pages, at the first size."""
    found: list[str] = []
    for key in shown_pages(page, language, pages):
        for number, (name, size) in enumerate(sizes.items()):
            page.set_viewport_size(size)
            found += [f"{key}, {name}: {fault}" for fault in faults(page)]
            if key in axe and number == 0:
                found += [f"{key}, {name}: {fault}" for fault in violations(page)]
    return found
