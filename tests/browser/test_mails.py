"""The outbox on the page: what stands in it, and what is done with it."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.program import Program, until

SCRIPT = "<script>window.__hit=1</script><img src=x onerror=window.__hit=1>"


def mailed(api: Program, name: str, *profiles: str) -> Any:
    """An execution that failed, and the mails about it once each was tried."""
    rules = [{"on": ["failure"], "profiles": list(profiles)}]
    run = api.ran(api.add_job("samples.ending.Fails", SCRIPT, name=name, mail=rules))
    path = f"mails?execution_id={run['execution_id']}"
    found = until(
        lambda: api.get(path)["mails"],
        lambda mails: {mail["state"] for mail in mails}.isdisjoint({"queued", "sending"}),
    )
    return run["execution_id"], {mail["profile"]: mail["mail_id"] for mail in found}


def rows(page: Page) -> Locator:
    return page.locator(".mails tbody tr")


def confirm(page: Page, action: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=action).click()


def test_a_mail_is_found_from_its_execution_and_sent_again(page, api):
    execution, mails = mailed(api, "given up", "never", "good")
    page.goto(f"/executions/{execution}")
    panel = page.locator(".panel").filter(has=page.get_by_role("heading", name="Mails"))
    expect(panel.get_by_role("listitem")).to_have_count(2)
    panel.get_by_role("link", name="through good").click()

    expect(page).to_have_url(re.compile(f"/mails/{mails['good']}$"))
    state = page.locator(".run-state")
    expect(state).to_have_text("delivered")
    expect(page.locator("dl.pairs")).to_contain_text("Rule 1 of the job: it fails.")
    page.get_by_role("button", name="Send again").click()
    confirm(page, "Send it")
    page.get_by_role("button", name="See it").click()
    expect(page.get_by_role("link", name="this one")).to_have_attribute(
        "href", f"/mails/{mails['good']}"
    )
    expect(state).to_have_text("delivered")
    page.get_by_role("link", name="the execution").click()
    expect(panel.get_by_role("listitem")).to_have_count(3)


def test_what_was_given_up_is_sent_all_at_once(page, api):
    _, mails = mailed(api, "refused", "never")
    page.goto("/mails?profile=never&state=dead")
    page.get_by_role("button", name="Send all of them").click()
    confirm(page, "Send them")
    expect(page.get_by_text(re.compile(r"mails? (is|are) sent now\.$"))).to_be_visible()
    page.get_by_role("link", name="refused: failed").click()

    expect(page).to_have_url(re.compile(f"/mails/{mails['never']}$"))
    expect(page.locator(".mail-log > li")).to_have_count(2)
    expect(page.locator(".run-state")).to_have_text("dead")
    attempt = page.locator(".mail-log > li").first
    expect(attempt).to_contain_text("exit code 1: Nobody <b>there</b>")


def test_mails_are_listed_as_they_come_and_discarded(page, api):
    page.goto("/mails?profile=later&text=put+off")
    expect(page.get_by_role("heading", name="No mail fits")).to_be_visible()
    mailed(api, "put off", "later")

    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("put off: failed")
    expect(rows(page)).to_contain_text("Come back <b>later</b>")
    state = page.get_by_label("State")
    state.select_option("held")
    expect(page.get_by_role("heading", name="No mail fits")).to_be_visible()
    state.select_option("queued,sending,deferred,held")
    expect(page).to_have_url(re.compile("state=queued%2Csending%2Cdeferred%2Cheld"))
    rows(page).get_by_role("button", name="Discard put off").click()
    confirm(page, "Discard it")
    expect(rows(page)).to_have_count(0)
    state.select_option("dead")
    expect(rows(page)).to_contain_text("Discarded by ann.")

    page.goto("/logs?text=put+off")
    expect(page.locator(".log").first).to_contain_text("discarded a mail about put off")
    page.locator(".log").first.get_by_role("link", name="see the mail").click()
    expect(page.get_by_role("heading", name="put off: failed", exact=True)).to_be_visible()


def test_more_mails_than_fit_are_paged_through(page, api):
    _, mails = mailed(api, "many mails", "good")
    names = ", ".join(row["name"] for row in api.rows("PRAGMA table_info(scheduler_outbox)"))
    copied = re.sub(r"\bid,", "printf('%032x', n),", names, count=1)
    api.change(
        "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 60) "
        f"INSERT INTO scheduler_outbox ({names}) SELECT {copied} "
        f"FROM more, scheduler_outbox WHERE id = '{mails['good']}'"
    )
    page.goto("/mails?text=many+mails")
    pager = page.get_by_role("navigation", name="Pages")
    expect(rows(page)).to_have_count(50)
    first = rows(page).first.get_by_role("link").get_attribute("href")
    pager.get_by_role("button", name="Next").click()
    expect(rows(page)).to_have_count(11)
    expect(pager).to_contain_text("11 shown, all there are")
    pager.get_by_role("button", name="Back").click()
    expect(rows(page)).to_have_count(50)
    expect(rows(page).first.get_by_role("link")).to_have_attribute("href", first)
    pager.get_by_role("button", name="Next").click()
    expect(rows(page)).to_have_count(11)

    # What comes meanwhile does not take the page away that somebody reads.
    assert api.ask("POST", f"/api/v1/mails/{mails['good']}/resend", {}).status == 200
    page.get_by_role("button", name="Some have changed").click()
    expect(rows(page)).to_have_count(50)
    expect(page).not_to_have_url(re.compile("cursor"))


def test_long_names_and_many_recipients_leave_room_for_each_other(page, api):
    to = [f"ann{number}@example.com" for number in range(5)]
    rules = [{"on": ["failure"], "profiles": ["good"], "to": to}]
    name = "widely_told_" * 12
    run = api.ran(api.add_job("samples.ending.Fails", name=name, mail=rules))
    page.goto(f"/mails?execution_id={run['execution_id']}")
    recipients = rows(page).locator(".mail-to")
    expect(recipients).to_have_text("ann0@example.com, ann1@example.com and 3 morethrough good")
    for width in (360, 768, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        assert recipients.bounding_box()["width"] > 150
    rows(page).get_by_role("link", name=name).click()
    expect(page.locator("dl.pairs")).to_contain_text("ann4@example.com")


def test_the_mail_is_shown_as_it_looks_and_nothing_in_it_runs(page, api):
    _, mails = mailed(api, f"looked at {SCRIPT}", "good")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/mails/{mails['good']}")
    frame = page.frame_locator(".mail-frame")
    allowed = "allow-popups allow-popups-to-escape-sandbox"
    expect(page.locator(".mail-frame")).to_have_attribute("sandbox", allowed)

    expect(frame.locator("body")).to_contain_text(f"looked at {SCRIPT}")
    expect(frame.locator("script, img")).to_have_count(0)
    inside = page.locator(".mail-frame").element_handle().content_frame()
    assert inside.evaluate("window.origin") == "null"
    assert page.evaluate("document.querySelector('iframe').contentDocument") is None
    assert inside.evaluate("window.__hit") is None
    assert not [url for url in asked if not url.startswith(f"https://127.0.0.1:{api.port}/")]

    page.get_by_role("link", name="As text").click()
    expect(page.locator(".mail-text")).to_contain_text("looking for a place")
    page.get_by_role("link", name="As data").click()
    expect(page.locator(".mail-text")).to_contain_text('"kind": "run"')
    assert page.evaluate("window.__hit") is None


def test_a_recovery_came_after_the_bad_runs(page, api):
    rules = [{"on": ["recovered"], "profiles": ["good"]}]
    job = api.add_job("samples.ending.Fails", name="mended", mail=rules)
    for _ in range(2):
        api.ran(job)
    changed = api.ask("PUT", f"/api/v1/jobs/{job}", {"job_class_string": "samples.ending.Succeeds"})
    assert changed.status == 200
    api.ran(job)
    page.goto("/mails?text=mended")

    why = rows(page).locator(".mail-why")
    expect(why).to_have_text("it works again, after 2 bad runs in a row")


def test_what_could_be_done_to_a_mail_is_told_when_it_cannot_be(page, api, problems):
    problems.expect("409 POST")
    _, mails = mailed(api, "too late", "later")
    page.goto(f"/mails/{mails['later']}")
    page.get_by_role("button", name="Discard").click()
    answer = api.ask("POST", f"/api/v1/mails/{mails['later']}/discard", {})
    assert answer.status == 200
    confirm(page, "Discard it")

    expect(
        page.get_by_role("alert").filter(has_text="only one that waits can be discarded")
    ).to_be_visible()
    expect(page.locator(".run-state")).to_have_text("dead")
