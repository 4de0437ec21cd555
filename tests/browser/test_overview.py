"""The overview: whether all is well, what runs, fails and comes, past and future on one axis."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import demo
from tests.browser.visits import PHONE, USERS, Visits
from tests.support.certificates import write_self_signed
from tests.support.program import Program, prepare


def panel(page: Page, title: str):
    return page.get_by_role("region", name=title)


def job_id(program: Program, name: str) -> str:
    return next(job["job_id"] for job in program.get("jobs")["jobs"] if job["name"] == name)


def test_one_sentence_says_what_fails_and_leads_there(demo_visit: Visits) -> None:
    page = demo_visit()
    page.goto("/")

    expect(page.locator(".verdict")).to_contain_text(re.compile(r"jobs? fails?: .*Send invoices"))
    failed = panel(page, "Failed since yesterday")
    entry = failed.get_by_role("listitem").filter(has_text="Send invoices")
    expect(entry).to_contain_text(re.compile(r"\d+ in a row"))
    expect(failed.get_by_role("listitem").filter(has_text="well again").first).to_be_visible()
    expect(panel(page, "Next").get_by_role("listitem").first).to_contain_text("in ")

    entry.get_by_role("link").click()

    expect(page).to_have_url(re.compile(r"/executions/\w{32}"))


def test_what_failed_is_run_again_and_what_runs_is_stopped(
    demo_visit: Visits, demo_program: Program
) -> None:
    page = demo_visit()
    page.goto("/")
    name = "Rebuild the search index"
    running = demo_program.get("executions?state=running")["executions"]
    execution = next(each for each in running if each["job"]["name"] == name)

    entry = panel(page, "Running now").get_by_role("listitem").filter(has_text=name)
    expect(entry).to_contain_text("product")
    expect(entry.get_by_role("progressbar")).to_be_visible()
    entry.get_by_role("button", name=f"Stop {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(entry).to_have_count(0)
    assert demo_program.ended(execution["execution_id"])["state"] == "stopped"
    demo_program.run_now(execution["job"]["job_id"])

    before = len(demo_program.executions(job_id(demo_program, "Send invoices")))
    page.get_by_role("button", name="Run Send invoices again").click()
    expect(page.locator("#toasts")).to_contain_text("Send invoices runs again.")
    assert len(demo_program.executions(job_id(demo_program, "Send invoices"))) > before


def test_what_keeps_the_scheduler_from_its_work_comes_first(demo_visit: Visits) -> None:
    page = demo_visit()
    demo_visit.problems(page).expect("503 GET /readyz")
    fault = {"error": "Not ready: scheduler: It does not run.", "checks": {}}
    page.route("**/readyz", lambda route: route.fulfill(status=503, json=fault))

    page.goto("/")

    expect(page.locator(".verdict")).to_have_text("Not ready: scheduler: It does not run.")


def test_a_job_that_was_deleted_is_shown_as_such(demo_visit: Visits, demo_program: Program) -> None:
    demo_program.ask("DELETE", f"/api/v1/jobs/{job_id(demo_program, 'Check the payment gateway')}")
    page = demo_visit()
    page.goto("/")

    entry = panel(page, "Failed since yesterday").get_by_role("listitem")
    expect(entry.filter(has_text="Check the payment gateway")).to_contain_text("deleted")
    expect(panel(page, "Most failures")).to_contain_text("Check the payment gateway (deleted)")
    expect(panel(page, "Timeline")).to_contain_text("Check the payment gateway (deleted)")


def test_past_and_future_are_on_one_axis_of_any_length(demo_visit: Visits) -> None:
    page = demo_visit()
    page.goto("/")
    lanes = panel(page, "Timeline")
    expect(
        lanes.locator(".lane").filter(has_text="Send invoices").locator(".mood-bad").first
    ).to_be_attached()
    expect(lanes.locator(".now-line").first).to_be_attached()

    lanes.get_by_role("button", name="7 d").click()

    expect(page).to_have_url(re.compile(r"zoom=7d"))
    expect(lanes.locator(".lane").filter(has_text="Weekly sales report")).to_be_visible()

    lanes.get_by_role("button", name="Table").click()

    row = lanes.get_by_role("row").filter(has_text="Send invoices")
    expect(row.get_by_role("cell").nth(1)).not_to_have_text("0")
    lanes.get_by_role("button", name="Table").click()
    expect(lanes.locator(".lanes")).to_be_visible()


def test_the_keyboard_goes_from_mark_to_mark(demo_visit: Visits) -> None:
    page = demo_visit()
    page.goto("/?zoom=6h")
    picture = page.locator(".lanes")
    expect(picture.locator(".tl-mark").first).to_be_attached()
    picture.focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")

    tip = picture.get_by_role("status")
    expect(tip).to_be_visible()
    first = tip.inner_text()
    page.keyboard.press("ArrowDown")
    expect(tip).not_to_have_text(first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/(executions|jobs)"))


def test_numbers_of_the_day_are_drawn_and_told(demo_visit: Visits) -> None:
    page = demo_visit(viewport=PHONE)
    page.goto("/")
    hours = panel(page, "Runs and failures per hour")

    expect(hours.locator(".hours-runs .bar").nth(20)).to_be_attached()
    expect(hours.locator(".hours-failures .bar").first).to_be_attached()
    hours.get_by_text("As numbers").click()
    expect(hours.get_by_role("row").nth(20)).to_be_visible()
    expect(hours.locator("figcaption")).to_contain_text("failures. Most failures")
    expect(panel(page, "Every due instant has one fate")).to_contain_text("missed")
    expect(panel(page, "Slowest jobs").get_by_role("listitem").first).to_contain_text("min")
    expect(panel(page, "Most failures").get_by_role("listitem")).not_to_have_count(0)


def test_a_fresh_machine_is_told_the_first_steps_and_then_that_all_is_well(
    browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = prepare(tmp_path_factory.mktemp("fresh"), users=USERS)
    certificate = write_self_signed(folder / "server.pem", host="127.0.0.1")
    program = Program(folder, ("--jobs", str(demo.SHOP), "--certificate", str(certificate)))
    visits = Visits(browser, program.start())
    try:
        page = visits()
        page.goto("/")
        expect(page.get_by_role("heading", name="Add a job")).to_be_visible()
        expect(page.locator("main")).to_contain_text("4 job classes are loaded")

        program.add_job("shop.work.Check", "https://shop.example/", name="First of all")

        expect(page.locator(".verdict")).to_have_text("All is well.")
        expect(panel(page, "Next")).to_contain_text("First of all")

        program.ask("PUT", "/api/v1/hold", {"reason": "moving"})
        expect(page.locator(".verdict")).to_contain_text("All jobs are held")
    finally:
        problems = visits.close()
        program.clean_up()
    assert problems == []
