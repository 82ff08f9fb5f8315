"""What axe finds on a page, with the stricter contrast that our pages promise."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}


def violations(page: Page) -> list[tuple[str, str]]:
    """Each rule that the page breaks, with the first element that breaks it."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("(rules) => axe.run(document, {rules})", RULES)
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
