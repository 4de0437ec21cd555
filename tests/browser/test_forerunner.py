"""ndscheduler's own page, unchanged, on our REST API."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.forerunner import page_of_ndscheduler
from tests.browser.starting import started
from tests.browser.visits import Visits
from tests.support.program import Program, until

JOBS = """
from ndscheduler import job


class Words(job.JobBase):
    @classmethod
    def meta_info(cls):
        return {
            "job_class_string": f"{cls.__module__}.{cls.__name__}",
            "notes": "Gives back </script> two words.",
            "arguments": [{"type": "string", "description": "the first word"}],
            "example_arguments": '["one", "two"]',
        }

    def run(self, first, second):
        return [first, second]
"""
EDIT = "#jobs-table-body a[data-target='#edit-job-modal']"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    static = page_of_ndscheduler(theirs)
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "words.py").write_text(JOBS)
    with started(tmp_path, folder, more=("--static-dir", str(static))) as program:
        # What comes due while the test goes on would be one run more than it counts.
        program.ask("PUT", "/api/v1/hold", {"reason": "a test"})
        yield program


@pytest.fixture
def theirs(browser: Browser, program: Program) -> Iterator[Page]:
    visits = Visits(browser, program)
    page = visits()
    page.route(re.compile("bootstrapcdn"), lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.accept())
    visits.problems(page).expect("bootstrapcdn", "net::ERR_FAILED")
    yield page
    assert visits.close() == []


def closed(page: Page) -> None:
    """Wait until the dialogue has gone: another would not open before."""
    page.wait_for_selector(".modal-backdrop", state="detached")

    # PLACE


def test_its_page_does_all_it_can(theirs: Page, program: Program) -> None:
    page = theirs
    page.goto("/")
    expect(page.locator("#jobs-total-count")).to_have_text("0")
    # A dialogue of Bootstrap 3 that is closed while it still opens may leave its backdrop behind.
    page.evaluate("$.support.transition = false")
    page.add_style_tag(content="* { transition: none !important }")

    page.click("#add-job-button")
    page.fill("#input-job-name", "My job")
    page.click("#add-job-modal .select2-choice")
    page.click(".select2-result-label:has-text('words.words.Words')")
    expect(page.locator("#add-job-class-notes")).to_contain_text("(string) the first word")
    expect(page.locator("#add-job-class-notes")).to_contain_text("back </script> two")
    page.fill("#input-job-task-args", '["one", {"two": 2}]')
    page.click("#add-job-confirm-button")
    expect(page.locator("#jobs-active-count")).to_have_text("1")
    closed(page)
    [job] = program.get("jobs")["jobs"]
    job_id = job["job_id"]
    assert (job["name"], job["minute"], job["hour"]) == ("My job", "0", "*")

    page.click(f"#custom-run-button-{job_id}")
    page.click("#run-job-confirm-button")
    closed(page)
    [run] = until(lambda: program.executions(job_id), lambda runs: runs and runs[0]["ended_time"])
    assert run["result_data"] == ["one", {"two": 2}]

    page.click(EDIT)
    page.fill("#edit-input-job-name", "My other job")
    page.fill("#edit-input-job-minute", "*/5")
    page.click("#edit-job-confirm-button")
    expect(page.locator(EDIT)).to_have_text("My other job")
    closed(page)
    assert program.get(f"jobs/{job_id}")["minute"] == "*/5"

    for count in ("0", "1"):
        page.click(EDIT)
        page.click("#pause-resume-container .bootstrap-switch-label")
        expect(page.locator("#jobs-active-count")).to_have_text(count)
        closed(page)
        assert program.get(f"jobs/{job_id}")["paused"] == (count == "0")

    page.goto("/#executions")
    expect(page.locator("#executions-table-body")).to_contain_text("succeeded")
    page.select_option("#filter-time-range", "43200")
    with page.expect_response(re.compile("time_range_start")):  # the table is empty until then
        page.click("#filter-button")
    page.wait_for_selector("[data-action=show-result]", state="attached")
    expect(page.locator("#executions-success-count")).to_have_text("1")
    page.eval_on_selector("[data-action=show-result]", "each => each.click()")
    expect(page.locator("#result-box")).to_have_text('["one", {"two": 2}]')
    page.click("#execution-result-modal .modal-footer button")
    closed(page)

    page.goto("/#logs")
    page.click(f"#logs-table-body a[href='/#executions/{run['execution_id']}']")
    expect(page.locator("#executions-table-body tr")).to_have_count(1)
    events = [each["event"] for each in program.get("logs")["logs"]]
    assert events[:5] == ["resumed", "paused", "modified", "custom_run", "added"]

    with page.expect_response(re.compile("/jobs$")):
        page.goto("/#jobs")
    page.click(EDIT)
    page.click("#delete-job-confirm-button")
    closed(page)
    assert until(lambda: program.get("jobs"), lambda told: not told["jobs"])
