"""Write pictures of every view: on a desktop and a phone, light and dark.

    python -m tests.browser.screenshots FOLDER [VIEW...]

The program is a real one, filled with what a shop would have it do.
"""

import argparse
import contextlib
import itertools
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium
from tests.browser.starting import shop
from tests.browser.views import VIEWS, addresses, go
from tests.browser.visits import DESKTOP, PHONE, Visits
from tests.support.program import Program

SIZES = {"desktop": DESKTOP, "phone": PHONE}
HIGHEST = 4000
SCHEMES = ("light", "dark")


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("view", nargs="*", choices=[[], *VIEWS], help="only these; default: all")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        program = stack.enter_context(shop(Path(home)))
        paths = addresses(program)
        browser = stack.enter_context(chromium())
        wanted = {name: paths[name] for name in options.view or paths}
        for size, scheme in itertools.product(SIZES, SCHEMES):
            _shoot(browser, program, wanted, size, scheme, options.folder)


def _shoot(
    browser: Browser, program: Program, paths: dict[str, str], size: str, scheme: str, folder: Path
) -> None:
    visits = Visits(browser, program)
    page = visits(viewport=SIZES[size], color_scheme=scheme)
    for name, path in paths.items():
        page.set_viewport_size(SIZES[size])
        go(page, path)
        target = folder / f"{name.replace(' ', '-')}-{size}-{scheme}.png"
        _grow(page)
        page.screenshot(path=target)
        print(target, flush=True)
    for problem in visits.close():
        print(f"PROBLEM: {problem}", flush=True)


def _grow(page: Page) -> None:
    """Make the window as high as the view, so that what stands at its foot does."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**page.viewport_size, "height": min(height, HIGHEST)})


if __name__ == "__main__":
    main()
