"""What axe finds on a page, with the stricter contrast that our pages promise; and what a phone cuts off."""

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}


def violations(page: Page) -> list[tuple[str, str]]:
    """Each rule that the page breaks, with the first element that breaks it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("(rules) => axe.run(document, {rules})", RULES)
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


PHONE: ViewportSize = {"width": 390, "height": 844}
# What is wider than its box may be slid sideways only if that is said, and if keys can do it too.
CUT_OFF = """() => {
  const found = [];
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} wide`);
  for (const part of document.querySelectorAll('body *:not(input, textarea, select)')) {
    const { overflowX, clipPath } = getComputedStyle(part);
    const fits = overflowX === 'visible' || part.scrollWidth <= part.clientWidth + 1;
    const forScreenReadersOnly = clipPath !== 'none';
    const isPicture = part.querySelector(':scope > video');
    if (fits || forScreenReadersOnly || isPicture || !part.checkVisibility()) continue;
    const hint = part.previousElementSibling;
    const said = hint?.matches('.slide-hint') && hint.checkVisibility();
    if (!said || part.tabIndex < 0) found.push(part.outerHTML.slice(0, 80));
  }
  return found;
}"""


def cut_off(page: Page) -> list[str]:
    """What somebody with a phone cannot see or reach on this page."""
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    found: list[str] = page.evaluate(CUT_OFF)
    if before is not None:
        page.set_viewport_size(before)
    return found
