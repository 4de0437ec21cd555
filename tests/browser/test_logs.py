"""The audit log as people read it."""

import re
import uuid

import pytest
from playwright.sync_api import expect

SUCCEEDS = "samples.ending.Succeeds"
SCRIPT = "<img src=x onerror=window.__hit=1>"


@pytest.fixture
def name() -> str:
    return f"{SCRIPT} {uuid.uuid4().hex}"


def entries(page):
    return page.locator("main").get_by_role("listitem")


def test_who_changed_what_is_read_with_before_and_after(page, api, name):
    job = api.add_job(SUCCEEDS, "x" * 300, name=name, hour=3)
    change = {"name": f"{name} 2", "crontab": "30 2 * * *", "pub_args": [SCRIPT], "time_limit": 90}
    assert api.ask("PUT", f"/api/v1/jobs/{job}", change).status == 200
    run = api.run_now(job)
    page.goto(f"/logs?job_id={job}")

    expect(entries(page)).to_have_count(3)
    ran, modified, added = (entries(page).nth(number) for number in range(3))
    expect(added).to_contain_text(f"ann added the job {name}")
    expect(modified).to_contain_text(f"ann changed the job {name} 2")
    expect(modified.locator(".change").filter(has_text="schedule")).to_have_text(
        re.compile("before: every day at 03:00.*after: every day at 02:30", re.DOTALL)
    )
    limit = modified.locator(".change").filter(has_text="time limit")
    expect(limit).to_have_text(re.compile("none.*after: 1 min 30 s", re.DOTALL))
    long = modified.locator(".change").filter(has_text="arguments").locator("details")
    expect(long.locator("pre")).to_be_hidden()
    long.locator("summary").click()
    expect(long.locator("pre")).to_contain_text("x" * 300)
    ran.get_by_role("link", name="see the run").click()
    expect(page).to_have_url(re.compile(run))
    assert page.evaluate("window.__hit") is None


def test_the_log_is_filtered_by_what_stands_in_the_address_and_lives(page, visit, api, name):
    first = api.add_job(SUCCEEDS, name=f"{name} first")
    api.add_job(SUCCEEDS, name=f"{name} second")
    page.goto("/logs")
    page.get_by_label("Search").fill(name)
    expect(entries(page)).to_have_count(2)

    page.get_by_role("combobox", name="What was done").select_option("deleted the job")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    assert api.ask("DELETE", f"/api/v1/jobs/{first}").status == 200
    expect(entries(page)).to_have_count(1)
    expect(entries(page)).to_contain_text(f"deleted the job {name} first")

    other = visit("ben")
    other.goto(page.url)
    expect(entries(other)).to_contain_text(f"deleted the job {name} first")
    other.get_by_label("User").fill("ben")
    expect(other.get_by_role("heading", name="Nothing fits")).to_be_visible()
    other.get_by_label("Time", exact=True).select_option("From … to …")
    expect(other.get_by_label("From", exact=True)).to_be_visible()
