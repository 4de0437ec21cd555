"""People who look at the page: each with a login, a window and settings of their own."""

import contextlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser.chromium import PATIENCE
from tests.browser.problems import Problems
from tests.support.program import PASSWORD, USER, Program

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 360, "height": 740}

SETTINGS = {
    "viewport": DESKTOP,
    "locale": "en-GB",
    "timezone_id": "Europe/Brussels",
    "reduced_motion": "reduce",  # what is half faded in has neither its colours nor its place
}

# The same password for all.
_HASH = "$2b$04$H90LWPWDa9Vfvb6RtQlPR.SErg1oD.DxTa/m1MCTqtawuBOgvGTRG"
OTHER = "ben"
HOSTILE_USER = "<img src=x onerror=window.__hit=1>"
USERS = "".join(f"{name}:{_HASH}\n" for name in (USER, OTHER, HOSTILE_USER))


class Visits:
    """Opens windows on a program; each is a profile of its own, with an empty cache."""

    def __init__(self, browser: Browser, program: Program) -> None:
        self.program = program
        self._browser = browser
        self._address = f"https://127.0.0.1:{program.port}"
        self._open: list[tuple[BrowserContext, Problems]] = []

    @property
    def pages(self) -> list[Page]:
        return [page for context, _ in self._open for page in context.pages]

    def __call__(self, user: str = USER, *, login: bool = True, **options: Any) -> Page:
        """A page, still empty, of somebody who has logged in; options are Playwright's."""
        context = self._browser.new_context(
            base_url=self._address, ignore_https_errors=True, **{**SETTINGS, **options}
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if login:
            self._log_in(page, user)
        self._open.append((context, Problems(context, self._address)))
        return page

    def problems(self, page: Page) -> Problems:
        return next(problems for context, problems in self._open if context is page.context)

    def close(self) -> list[str]:
        """Close all windows; return the problems that nobody expected."""
        for context, _ in self._open:
            context.close()
        return [text for _, problems in self._open for text in problems.found]

    def shoot(self, folder: Path) -> list[Path]:
        """Pictures of all windows as they are."""
        made = []
        for number, page in enumerate(self.pages, 1):
            path = folder / f"page-{number}.png"
            with contextlib.suppress(Error):
                page.screenshot(path=path)
                made.append(path)
        return made

    def _log_in(self, page: Page, user: str) -> None:
        # As an address with a name: the browser keeps the login, and its cache, which
        # Playwright's own way would switch off.
        login = f"{quote(user, safe='')}:{quote(PASSWORD, safe='')}@"
        page.goto(self._address.replace("://", f"://{login}") + "/api/v1/hold")
        page.goto("about:blank")
