"""Write each kind of mail as text, as HTML, as it is sent, and as pictures of what readers show.

    python -m tests.looks.mails FOLDER [NAME...]
    python -m tests.looks.mails --golden    # once they are as they should be

Pictures are of Chromium, light and dark, on a desktop and a phone; ``plain`` are without the style
element, as readers show them that drop it, and ``office`` without what Word does not know either.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from botsched.reports.html import data_uri
from tests.browser.chromium import chromium
from tests.looks.samples import GOLDEN, PROFILE, SAMPLES, normal

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_NOT_IN_WORD = re.compile(
    r"(?:border-radius|max-width|opacity|overflow-x|display:inline-block)"
    r":?[^;\"]*;?"
)
_OFFICE_PART = re.compile(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", re.DOTALL)
WIDE, NARROW = 760, 390


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.looks.mails")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--golden", action="store_true", help="write the files of the tests anew")
    parser.add_argument("name", nargs="*", choices=[[], *SAMPLES])
    options = parser.parse_args()
    if options.golden:
        _write_golden()
    if options.folder is None:
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name in options.name or SAMPLES:
            _write(browser, name, options.folder)


def _write_golden() -> None:
    for name, file in GOLDEN.items():
        notice = SAMPLES[name]()
        file.parent.mkdir(exist_ok=True)
        file.with_suffix(".txt").write_text(notice.text())
        file.with_suffix(".html").write_text(normal(notice.html(data_uri)))


def _write(browser: Browser, name: str, folder: Path) -> None:
    notice = SAMPLES[name]()
    html = notice.html(data_uri)
    (folder / f"{name}.txt").write_text(notice.text())
    (folder / f"{name}.html").write_text(html)
    (folder / f"{name}.eml").write_bytes(notice.email(PROFILE).as_bytes())
    for kind, page, width, scheme in _looks(html):
        target = folder / f"{name}-{kind}.png"
        context = browser.new_context(
            viewport={"width": width, "height": 400}, color_scheme=scheme, java_script_enabled=False
        )
        view = context.new_page()
        view.set_content(page)
        view.screenshot(path=target, full_page=True)
        context.close()
        sys.stdout.write(f"{target}  {len(html.encode()):,} bytes\n")


def _looks(html: str) -> Iterator[tuple[str, str, int, str]]:
    yield "light", html, WIDE, "light"
    yield "dark", html, WIDE, "dark"
    yield "phone", html, NARROW, "light"
    yield "phone-dark", html, NARROW, "dark"
    yield "plain", _STYLE.sub("", html), WIDE, "light"
    yield "office", office(html), 1000, "light"


def office(html: str) -> str:
    """A crude imitation of what Word makes of a page."""
    styled = _OFFICE_PART.sub(r"\1", _STYLE.sub("", html, count=1))
    return _NOT_IN_WORD.sub("", styled)


if __name__ == "__main__":
    main()
