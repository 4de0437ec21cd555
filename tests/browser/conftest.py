"""One program and one browser for all tests here; a profile of its own for each test."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium
from tests.browser.problems import Problems
from tests.browser.starting import shop, started
from tests.browser.views import addresses
from tests.browser.visits import Visits
from tests.support import packages
from tests.support.program import Program

HERE = Path(__file__).resolve().parent
CHANNELS = """
[command good]
command = /bin/sh -c "echo 'Told <b>them</b>'"

[command later]
command = /bin/sh -c "echo 'Come back <b>later</b>'; exit 75"

[command never]
command = /bin/sh -c "echo 'Nobody <b>there</b>'; exit 1"
"""
"""That take mails, put them off, and refuse them; without a rule, nothing is sent."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is slow, and so they run one after another, with one browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


# A package's, not a session's: other tests run event loops, which a browser in use forbids.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium."""
    if "chromium" in packages.missing():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program, with the jobs that come along and those of the folder ``samples``."""
    folder = tmp_path_factory.mktemp("browser")
    with started(folder, HERE.parents[1] / "jobs", HERE / "samples", notify=CHANNELS) as program:
        yield program


@pytest.fixture(scope="package")
def demo_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Another program, for what a believable server holds."""
    with shop(tmp_path_factory.mktemp("demo")) as program:
        yield program


@pytest.fixture(scope="package")
def demo(demo_program: Program) -> dict[str, str]:
    """The addresses of all views, by their names, of the believable server."""
    return addresses(demo_program)


@pytest.fixture
def api(program: Program) -> Program:
    """The REST API, for what a test needs to have beforehand: ``add_job``, ``ran``, ``ask``."""
    return program


@pytest.fixture
def visit(browser: Browser, program: Program) -> Iterator[Visits]:
    """Opens pages: ``visit()``, ``visit("ben", color_scheme="dark")``.

    The test fails at its end for every problem in them that it did not expect.
    """
    yield from _visiting(browser, program)


@pytest.fixture
def demo_visit(browser: Browser, demo_program: Program) -> Iterator[Visits]:
    """The same on the believable server."""
    yield from _visiting(browser, demo_program)


def _visiting(browser: Browser, program: Program) -> Iterator[Visits]:
    visits = Visits(browser, program)
    try:
        yield visits
    finally:
        problems = visits.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(visit: Visits) -> Page:
    """A page of a user who has logged in."""
    return visit()


@pytest.fixture
def demo_page(demo_visit: Visits) -> Page:
    """The same on the believable server."""
    return demo_visit()


@pytest.fixture
def problems(visit: Visits, page: Page) -> Problems:
    """What went wrong in the page; ``problems.expect("422 POST")`` lets it pass."""
    return visit.problems(page)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure, show the pages and what the program said."""
    report = yield
    used = getattr(item, "funcargs", {})
    for visits in filter(None, map(used.get, ("visit", "demo_visit"))):
        if report.failed:
            report.sections.append(("the program", visits.program.told))
        if report.failed and call.when == "call":
            pictures = visits.shoot(visits.program.folder)
            report.sections.append(("pictures", "\n".join(map(str, pictures))))
    return report
