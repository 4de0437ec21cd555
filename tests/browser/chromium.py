"""Chromium as Debian packages it, driven by Playwright."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support import packages, waiting

PATIENCE = 1000 * waiting.PATIENCE
"""How many milliseconds a page may take for what a test waits for."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of our own.

    While it is there, this thread counts as running an event loop, so nothing else here may.
    """
    flags = ["--disable-dev-shm-usage"]  # containers have little of it
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # which Chromium refuses to root
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        path = packages.find("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def until(page: Page, condition: Callable[[], object], what: str) -> None:
    """Look until the condition holds, while the page goes on and tells of itself."""
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < end, f"not within {PATIENCE / 1000} s: {what}"
        page.wait_for_timeout(20)
