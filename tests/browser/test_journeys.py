"""Ways through several views: by the keyboard alone, on a phone, and among ten thousand jobs."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.filling import History
from botsched.settings.model import DatabaseSettings, Dbms
from tests.browser.accessibility import sideways
from tests.browser.chromium import until
from tests.browser.starting import started
from tests.browser.views import go
from tests.browser.visits import PHONE, Visits
from tests.support.program import Program

MANY = 10_000


def reach(page: Page, name: str) -> None:
    """Press the tabulator key until what has this name is focused."""
    wanted = page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first
    expect(wanted).to_be_visible()
    for _ in range(60):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The tabulator key does not lead to {name!r}.")


def seek(page: Page, text: str) -> None:
    """Search in the view that comes next."""
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(text)
    expect(page).to_have_url(re.compile("text="))


def test_a_failure_is_found_and_run_again_by_the_keyboard_alone(page: Page, api: Program) -> None:
    job_id = api.add_job("samples.ending.Fails", "No paper.", name="Typed from end to end")
    go(page, "/")

    page.keyboard.press("g")
    page.keyboard.press("j")
    seek(page, "typed from end")
    reach(page, "Typed from end to end")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Typed from end to end")

    reach(page, "Run now")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No paper.").first).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("e")
    seek(page, "typed from end")
    reach(page, "Typed from end to end")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("looking for a place")
    reach(page, "Run again")
    page.keyboard.press("Enter")

    until(page, lambda: len(api.executions(job_id)) == 2, "it runs again")


def test_a_job_is_run_and_its_output_read_on_a_phone(visit: Visits, api: Program) -> None:
    api.add_job("samples.printing.Lines", 30, "0123456789" * 20, name="Tapped")
    page = visit(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    go(page, "/")
    assert sideways(page) == []

    page.get_by_role("navigation", name="bottom").get_by_role("link", name="Jobs").tap()
    page.get_by_label("Search jobs").fill("tapped")
    page.get_by_role("link", name="Tapped").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tapped")
    assert sideways(page) == []

    page.get_by_role("button", name="Run now").tap()
    page.get_by_role("link", name=re.compile("succeeded")).first.tap()
    expect(page.locator("main")).to_contain_text("30 0123456789")
    assert sideways(page) == []


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program with ten thousand jobs."""
    folder = tmp_path_factory.mktemp("crowd")
    database = DatabaseSettings(Dbms.SQLITE, path=folder / "bots-scheduler.db")
    History(database, MANY).grow(2 * MANY)
    with started(folder) as program:
        yield program


def test_ten_thousand_jobs_are_searched_and_paged(browser: Browser, crowd: Program) -> None:
    visits = Visits(browser, crowd)
    page = visits()
    names = page.locator(".job-link")
    go(page, "/jobs")
    expect(page.locator("main")).to_contain_text("10,000")

    page.get_by_label("Search jobs").fill("customer 09999")
    expect(names).to_have_text(["Nightly export of customer 09999"])

    page.get_by_label("Search jobs").fill("")
    page.get_by_role("link", name="Last", exact=True).click()
    expect(names.last).to_have_text("Nightly export of customer 09999")
    expect(page.get_by_text(re.compile("9,951.10,000 of 10,000 jobs"))).to_be_visible()
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Select all 10,000").click()
    expect(page.get_by_text("10,000 selected")).to_be_visible()
    assert visits.close() == []
