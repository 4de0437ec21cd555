"""What everybody needs of a view, whatever they use it with."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_LOOKING = (Path(__file__).parent / "looking.js").read_text()


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds: with rules only by these."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for violation in found
        for node in violation["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """What can be scrolled to the side, or sticks out there."""
    page.evaluate(_LOOKING)
    found: list[str] = page.evaluate("__looking.sideways()")
    return found


def out_of_reach(page: Page) -> list[str]:
    """What the tabulator key does not lead to, and what does not show that it has the focus."""
    page.evaluate(_LOOKING)
    for _ in range(page.evaluate("__looking.watch()") + 5):
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate("__looking.missed()")
    return found
