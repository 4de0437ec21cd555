"""The list of jobs and the page of one: found, understood, acted upon."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.samples.hostile import SCRIPT
from tests.browser.visits import PHONE
from tests.support.program import Program

GOOD, BAD = "samples.ending.Succeeds", "samples.ending.Fails"


@pytest.fixture
def jobs(api: Program) -> Callable[..., list[str]]:
    """Adds jobs with these names, and gives their ids."""

    def add(*names: str, job_class: str = GOOD, **fields: Any) -> list[str]:
        return [api.add_job(job_class, name=name, **fields) for name in names]

    return add


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def names(page: Page) -> list[str]:
    return page.locator(".job-link").all_inner_texts()


def shows(page: Page, *expected: str) -> None:
    expect(page.locator(".job-link")).to_have_text(list(expected))


def test_jobs_are_searched_filtered_and_sorted_by_an_address_that_can_be_shared(page, api, jobs):
    jobs("seek one", "seek two", tags=["found"])
    (bad,) = jobs("seek three", job_class=BAD, tags=["found", "red"], notes="looks for needles")
    api.ran(bad)
    page.goto("/jobs")
    expect(page.get_by_label("Search jobs")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("seek")
    shows(page, "seek one", "seek three", "seek two")
    expect(page).to_have_url(re.compile(r"text=seek"))

    page.get_by_label("Tag").select_option("red")
    shows(page, "seek three")
    page.get_by_label("Tag").select_option("")
    page.get_by_label("State").select_option("failing")
    shows(page, "seek three")
    page.get_by_label("State").select_option("never_ran")
    shows(page, "seek one", "seek two")
    page.get_by_role("link", name="Name", exact=True).click()
    shows(page, "seek two", "seek one")
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute(
        "aria-sort", "descending"
    )

    page.reload()
    shows(page, "seek two", "seek one")
    page.get_by_label("Search jobs").fill("needles no more")
    expect(page.get_by_role("heading", name="No job matches")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page).to_have_url(re.compile(r"/jobs\?sort=-name$"))


def test_a_long_list_comes_page_by_page(page, jobs):
    jobs(*(f"paged {number:02}" for number in range(53)))
    page.goto("/jobs?text=paged")

    expect(page.get_by_text(re.compile("1.50 of 53 jobs"))).to_be_visible()
    page.get_by_role("link", name="Next", exact=True).click()
    shows(page, "paged 50", "paged 51", "paged 52")
    expect(page).to_have_url(re.compile(r"page=2"))
    page.go_back()
    expect(page.locator(".job-link")).to_have_count(50)

    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Select all 53").click()
    expect(page.get_by_text("53 selected")).to_be_visible()
    page.get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("paged 00")
    expect(dialog).to_contain_text("and 45 more")
    dialog.get_by_role("button", name="Delete 53 jobs").click()
    expect(page.get_by_role("heading", name="No job matches")).to_be_visible()


def test_a_row_tells_how_a_job_stands_and_follows_what_happens(page, api, jobs):
    (job,) = jobs("watched", hour=3, timezone="Asia/Tokyo", month="*")
    first = api.ran(job)["execution_id"]
    page.goto("/jobs?text=watched")

    line = row(page, "watched")
    expect(line).to_contain_text("every day at 03:00")
    expect(line).to_contain_text(re.compile(r"Asia/Tokyo · \d\d:\d\d"))
    expect(line).to_contain_text("succeeded")
    marks = line.get_by_role("group", name="Last runs").get_by_role("link")
    expect(marks).to_have_count(1)
    expect(marks.first).to_have_attribute("href", f"/executions/{first}")
    expect(marks.first).to_have_accessible_name(re.compile(r"^succeeded, 20\d\d-"))

    api.ran(job)
    expect(marks).to_have_count(2)
    marks.last.focus()
    page.keyboard.press("ArrowLeft")
    expect(marks.first).to_be_focused()


def test_a_job_is_run_paused_and_resumed_from_its_row(page, api, jobs):
    (job,) = jobs("handy", hour=3)
    page.goto("/jobs?text=handy")
    line = row(page, "handy")

    line.get_by_role("button", name="Run handy now").click()
    expect(page.get_by_text("“handy” was started.")).to_be_visible()
    expect(line).to_contain_text("succeeded")

    switch = line.get_by_role("switch", name="handy runs by its schedule")
    switch.click()
    undo = page.get_by_role("button", name="Undo")
    undo.hover()  # so that the message stays for longer than some seconds
    expect(line.get_by_text("paused")).to_be_visible()
    assert api.get(f"jobs/{job}")["paused"]
    undo.click()
    expect(switch).to_be_checked()
    expect(line.get_by_text("paused")).to_have_count(0)

    line.get_by_role("button", name="More for handy").click()
    line.get_by_role("button", name="Pause until…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="4 hours", exact=True).click()
    dialog.get_by_role("button", name="Pause until then").click()
    expect(line).to_contain_text(re.compile(r"paused\s+until 20\d\d-"))
    assert api.get(f"jobs/{job}")["paused_until"]

    line.get_by_role("button", name="Run handy now").click()
    page.get_by_role("button", name="Look at it").last.click()
    expect(page).to_have_url(re.compile(r"/executions/[0-9a-f]{32}$"))


def test_a_job_is_deleted_only_when_that_is_confirmed(page, api, jobs):
    (job,) = jobs("doomed")
    page.goto("/jobs?text=doomed")

    for answer in ("Cancel", "Delete the job"):
        row(page, "doomed").get_by_role("button", name="More for doomed").click()
        page.get_by_role("button", name="Delete…").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("doomed")).to_be_visible()
        assert api.get(f"jobs/{job}")
        dialog.get_by_role("button", name=answer).click()
        expect(dialog).to_have_count(0)

    expect(page.get_by_role("heading", name="No job matches")).to_be_visible()
    assert api.ask("GET", f"/api/v1/jobs/{job}").status == 404


def test_many_jobs_are_paused_resumed_run_and_deleted_at_once(page, api, jobs):
    (last,) = jobs("crowd last")
    (kept,) = jobs("uncrowded", then_run=[last])
    jobs("crowd one", "crowd two")
    page.goto("/jobs?text=crowd+")
    page.get_by_label("Select all on this page").check()
    bar = page.get_by_role("region", name="Selected jobs")
    expect(bar).to_contain_text("3 selected")

    bar.get_by_role("button", name="Pause…").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_text("3 jobs were paused.")).to_be_visible()
    expect(bar).to_have_count(0)

    page.get_by_label("Select all on this page").check()
    bar.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("3 jobs were resumed.")).to_be_visible()

    page.get_by_label("Select crowd one").check()
    page.get_by_label("Select crowd last").check()
    bar.get_by_role("button", name="Run now").click()
    page.get_by_role("dialog").get_by_role("button", name="Run 2 jobs").click()
    expect(page.get_by_text("2 jobs were started.")).to_be_visible()

    page.get_by_label("Select all on this page").check()
    bar.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete 3 jobs").click()
    expect(page.get_by_text("2 jobs were deleted.")).to_be_visible()
    expect(page.get_by_text("1 job could not be deleted, and stays selected")).to_be_visible()
    shows(page, "crowd last")
    expect(page.get_by_label("Select crowd last")).to_be_checked()
    assert api.get(f"jobs/{kept}")["then_run"] == [last]


def test_the_page_of_a_job_tells_all_of_it(page, api, jobs):
    (after,) = jobs("whole, afterwards")
    (job,) = jobs(
        "whole", hour=2, minute=30, month=3, timezone="Europe/Brussels", notes="Line 1\nLine 2",
        tags=["told"], day="last sun", then_run=[after], retry={"attempts": 3}, time_limit=90,
        mail=[{"on": ["failure"], "to": ["ops@example.com"]}],
    )  # fmt: skip
    api.ran(job)
    api.ask("PUT", f"/api/v1/jobs/{job}", {"time_limit": 120})
    page.goto("/jobs?text=whole")
    page.get_by_role("link", name="whole", exact=True).click()

    expect(page.get_by_role("heading", level=1, name="whole")).to_be_visible()
    expect(page.get_by_text("Line 1\nLine 2")).to_be_visible()
    instants = page.get_by_role("list", name="Next instants").get_by_role("listitem")
    expect(instants).to_have_count(10)
    expect(instants.first).to_contain_text("The clock skips 02:30:00")
    expect(page.get_by_role("region", name="Rules")).to_contain_text("tried up to 3 times")
    expect(page.get_by_role("region", name="Rules")).to_contain_text("2 min")
    expect(page.get_by_role("region", name="Rules")).to_contain_text(
        "when it fails; to ops@example.com"
    )
    expect(page.get_by_role("region", name="What it runs")).to_contain_text(GOOD)
    expect(page.get_by_role("region", name="Last runs")).to_contain_text("succeeded")
    expect(page.get_by_role("region", name="Changes")).to_contain_text("changed it")
    page.get_by_role("region", name="Chain").get_by_role("link", name="whole, afterwards").click()
    expect(page.get_by_role("heading", level=1, name="whole, afterwards")).to_be_visible()
    chain = page.get_by_role("region", name="Chain")
    expect(chain).to_contain_text("Runs after a success of")
    expect(chain.get_by_role("link", name="whole")).to_have_attribute("href", f"/jobs/{job}")


def test_that_a_job_was_deleted_in_another_tab_is_told(page, problems, api, jobs):
    (job,) = jobs("shortlived")
    page.goto(f"/jobs/{job}")
    expect(page.get_by_role("button", name="Run now")).to_be_visible()
    problems.expect(f"404 GET /api/v1/jobs/{job}")

    api.ask("DELETE", f"/api/v1/jobs/{job}")

    expect(page.get_by_text("This job was deleted.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="shortlived")).to_be_visible()
    expect(page.get_by_role("button", name="Run now")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="There is no such job (any more)")).to_be_visible()
    expect(page.get_by_role("link", name="audit log")).to_have_attribute(
        "href", f"/logs?job_id={job}&range=all"
    )


def test_names_tags_and_notes_are_shown_and_not_obeyed(page, api, jobs):
    tag = SCRIPT.replace(",", " ")[:50].lower()
    (job,) = jobs(SCRIPT, job_class="samples.hostile.Hostile", tags=[tag], notes=SCRIPT)
    api.ran(job)
    page.goto(f"/jobs?text={quote(SCRIPT)}")
    expect(page.get_by_role("link", name=SCRIPT, exact=True)).to_be_visible()
    page.get_by_label(f"Select {SCRIPT}").check()
    page.get_by_role("button", name="Delete…").last.click()
    expect(page.get_by_role("dialog")).to_contain_text(SCRIPT)
    page.keyboard.press("Escape")

    page.get_by_role("link", name=SCRIPT, exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(SCRIPT)
    expect(page.locator(".job-notes")).to_have_text(SCRIPT)
    assert page.evaluate("window.__hit") is None


def test_a_job_that_files_say_is_told_as_such(page, api):
    job = {"job_id": "managed.one", "name": "managed one", "job_class_string": GOOD, "month": 2}
    api.ask("POST", "/api/v1/apply", {"set": "night ☃ly", "jobs": [job]})
    page.goto("/jobs/managed.one")
    page.get_by_role("link", name="managed by night ☃ly").click()
    shows(page, "managed one")
    expect(page.get_by_label("Managed by")).to_have_value("night ☃ly")

    row(page, "managed one").get_by_role("link", name="managed by").hover()
    page.goto("/jobs/managed.one/edit")
    expect(page.get_by_role("note")).to_contain_text("The next bots-scheduler apply undoes")


def test_a_job_that_was_taken_into_a_set_was_in_none(page, api, jobs):
    (job,) = jobs("taken over")
    api.ask("POST", "/api/v1/apply", {"set": "nightly", "jobs": [api.get(f"jobs/{job}")]})
    page.goto(f"/jobs/{job}")

    change = page.locator(".change").filter(has_text="managed by")
    expect(change).to_have_text(re.compile("none.*after: nightly", re.DOTALL))


def test_what_a_phone_shows_of_jobs_takes_no_more_than_its_place(page, jobs):
    jobs("a name on a phone", tags=["phone"])
    page.set_viewport_size(PHONE)
    page.goto("/jobs?text=a name on a phone")
    shows(page, "a name on a phone")
    expect(page.locator(".jobs-filters").get_by_label("Tag", exact=True)).to_be_visible()

    field, button = (
        page.locator(".jobs-filters").locator(each).bounding_box()
        for each in (".jobs-sort > select", "button")
    )
    assert field["x"] + field["width"] <= button["x"] or field["y"] + field["height"] <= button["y"]
    expect(row(page, "a name on a phone").locator(".job-strip")).to_be_hidden()
