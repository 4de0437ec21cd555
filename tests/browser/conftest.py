"""One program and one browser for all tests here; a profile of its own for each test."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.browser.visits import USERS, Visits
from tests.support import packages
from tests.support.certificates import write_self_signed
from tests.support.program import Program, prepare

HERE = Path(__file__).resolve().parent
SAMPLES = HERE / "samples"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is slow, and so they run one after another, with one browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


# A package's, not a session's: other tests run event loops, which a browser in use forbids.
@pytest.fixture(scope="package")
def browser():
    """Chromium."""
    if "chromium" in packages.missing():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    from tests.browser.chromium import chromium  # noqa: PLC0415  # only where there is one

    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program, with the jobs that come along and those of the folder ``samples``."""
    folder = prepare(tmp_path_factory.mktemp("browser"), users=USERS)
    (folder / "jobs").symlink_to(HERE.parents[1] / "jobs")
    certificate = write_self_signed(folder / "server.pem", host="127.0.0.1")
    flags = ("--jobs", "jobs", "--jobs", str(SAMPLES), "--threadpool-size", "4")
    program = Program(folder, (*flags, "--certificate", str(certificate)))
    try:
        yield program.start()
    finally:
        program.clean_up()


@pytest.fixture
def api(program: Program) -> Program:
    """The REST API, for what a test needs to have beforehand: ``add_job``, ``ran``, ``ask``."""
    return program


@pytest.fixture
def visit(browser, program: Program) -> Iterator[Visits]:
    """Opens pages: ``visit()``, ``visit("ben", color_scheme="dark")``.

    The test fails at its end for every problem in them that it did not expect.
    """
    visits = Visits(browser, program)
    try:
        yield visits
    finally:
        problems = visits.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(visit: Visits):
    """A page of a user who has logged in."""
    return visit()


@pytest.fixture
def problems(visit: Visits, page):
    """What went wrong in the page; ``problems.expect("422 POST")`` lets it pass."""
    return visit.problems(page)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure, show the pages and what the program said."""
    report = yield
    used = getattr(item, "funcargs", {})
    if report.failed and "program" in used:
        report.sections.append(("the program", used["program"].told))
    if report.failed and call.when == "call" and "visit" in used:
        pictures = used["visit"].shoot(used["program"].folder)
        report.sections.append(("pictures", "\n".join(map(str, pictures))))
    return report
