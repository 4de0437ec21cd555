"""How the scheduler itself is, as an operator sees it; the hold and windows."""

import json

import pytest
from playwright.sync_api import expect

REASON = "The disks <img src=x onerror=window.__hit=1> are changed."


@pytest.fixture
def released(api):
    """Leave no job held, and no window, to other tests."""
    yield
    api.ask("DELETE", "/api/v1/hold")
    api.ask("PUT", "/api/v1/windows", {"windows": []})


def problems_of(page):
    return page.get_by_role("list", name="What is wrong").locator("> li")


def test_what_could_not_be_loaded_stands_on_top(page):
    page.goto("/system")

    broken = problems_of(page).filter(has_text="samples.broken could not be loaded")
    expect(broken).to_contain_text("broken on purpose <script>window.__hit=1</script>")
    expect(broken.locator("pre")).to_be_hidden()
    broken.get_by_text("Where it came up").click()
    expect(broken.locator("pre")).to_contain_text("raise RuntimeError")
    expect(page.get_by_role("region", name="Proxy")).to_contain_text("running")
    expect(page.get_by_role("region", name="Workers")).to_contain_text("0 of 4")
    assert page.evaluate("window.__hit") is None

    page.get_by_role("button", name="Load anew").click()
    expect(page.get_by_text("1 failure.")).to_be_visible()


def test_each_part_tells_what_is_wrong_with_it(page, api):
    told = api.get("system")
    told["proxy"] |= {"state": "given up", "restarts": 4}
    told["proxy"]["certificate"]["expires_time"] = "2026-01-01T00:00:00+00:00"
    told["scheduler"]["late"] = 90
    told["workers"] |= {"running": 4, "waiting": 7}
    told["workers"]["starter"]["state"] = "restarting"
    told["database"] = {"error": "No answer within 3 seconds."}
    told["data"] |= {"writable": False, "disk": {"total": 1000, "free": 10}}
    told["outbox"] = [
        {
            "profile": "ops", "selected": False, "kind": None, "fallback": None,
            "owed": 3, "failing": 2, "held": 0, "dead": 1,
            "oldest_time": told["time"], "next_attempt_time": told["time"],
            "failing_error": "535 bad <b>password</b>", "dead_error": "550 nobody",
            "dead_time": told["time"],
        }
    ]  # fmt: skip
    told["jobs"]["homeless"] = [{"job_class_string": "gone.Gone", "jobs": 2}]
    page.route(
        "**/api/v1/system",
        lambda route: route.fulfill(body=json.dumps(told), content_type="application/json"),
    )
    page.goto("/system")

    for words in (
        "proxy is given up",
        "started again 4 times",
        "The certificate ended on 2026-01-01",
        "1 min 30 s late",
        "All 4 slots are taken, and 7 more executions wait",
        "The process that starts jobs is gone",
        "“database” does not answer: No answer within 3 seconds.",
        "Files cannot be put into the data folder",
        "The disk of the data folder is nearly full",
        "2 mails through ops could not be delivered yet: 535 bad <b>password</b>",
        "1 mail through ops was given up",
        "3 mails wait for the profile ops",
        "2 jobs have the class gone.Gone",
    ):
        expect(problems_of(page).filter(has_text=words)).to_have_count(1)
    moods = problems_of(page).locator(".visually-hidden").all_inner_texts()
    assert moods == sorted(moods)  # errors come before warnings


def test_all_jobs_are_held_with_a_reason_and_released(page, api, released):
    page.goto("/system")
    page.get_by_role("button", name="Hold all jobs").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill(REASON)
    dialog.get_by_role("button", name="Hold all jobs").click()

    panel = page.get_by_role("region", name="All jobs")
    expect(panel).to_contain_text("held by ann")
    expect(panel).to_contain_text(REASON)
    expect(problems_of(page).filter(has_text="All jobs are held")).to_have_count(1)
    assert api.get("hold")["reason"] == REASON

    panel.get_by_role("button", name="Release all jobs").click()
    expect(panel.get_by_role("button", name="Hold all jobs")).to_be_visible()
    assert api.get("hold")["held"] is False


def test_windows_are_written_changed_and_deleted(page, problems, api, released):
    page.goto("/system")
    panel = page.get_by_role("region", name="All jobs")
    panel.get_by_role("button", name="Add a window").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Night <b>")
    dialog.get_by_label("Begins").fill("0 99 * * *")
    problems.expect("422 POST /api/v1/schedules/preview", "422 PUT /api/v1/windows")
    expect(dialog.get_by_role("status")).to_contain_text("99")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("window 1")

    dialog.get_by_label("Begins").fill("30 1 * * *")
    dialog.get_by_label("Time zone").fill("Asia/Tokyo")
    expect(dialog.get_by_role("status")).to_contain_text("every day at 01:30 (Asia/Tokyo)")
    dialog.get_by_label("Lasts").fill("90")
    dialog.get_by_label("Unit").select_option("minutes")
    dialog.get_by_role("button", name="Save").click()
    night = panel.get_by_role("listitem").filter(has_text="Night <b>")
    expect(night).to_contain_text("30 1 * * * (Asia/Tokyo), for 1 h 30 min")

    night.get_by_role("button", name="Change").click()
    dialog.get_by_label("Once").check()
    dialog.get_by_label("From").fill("2030-03-01T18:00")
    dialog.get_by_label("To", exact=True).fill("2030-03-02T08:00")
    dialog.get_by_role("button", name="Save").click()
    expect(night).to_contain_text("2030-03-01 10:00 to 2030-03-02 00:00")  # in Brussels
    (window,) = api.get("windows")["windows"]
    assert window["from"] == "2030-03-01T18:00:00+09:00"

    night.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(night).to_have_count(0)
    assert api.get("windows")["windows"] == []
