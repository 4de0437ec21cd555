"""The list of executions, and the page of one of them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import until


@pytest.fixture
def rows(page):
    return page.locator(".runs tbody tr")


def test_a_run_is_seen_as_it_begins_and_ends(page, api, rows, tmp_path):
    go = tmp_path / "go"
    job_id = api.add_job("samples.terminal.Copies", str(go), name="seen as it comes")
    page.goto(f"/executions?job_id={job_id}")
    expect(page.get_by_role("heading", name="No execution fits")).to_be_visible()

    execution_id = api.run_now(job_id)

    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("running")
    expect(rows).to_contain_text("copying folders, 40 %")
    go.touch()
    expect(rows).to_contain_text("succeeded")
    rows.get_by_role("link", name="seen as it comes").click()
    expect(page).to_have_url(re.compile(execution_id))


def test_filters_stand_in_the_address(page, api, rows):
    api.ran(api.add_job("samples.ending.Succeeds", name="filtered good"))
    bad = api.ran(api.add_job("samples.ending.Fails", "no <b>parchment</b>", name="filtered bad"))
    page.goto("/executions?text=filtered")
    expect(rows).to_have_count(2)

    page.get_by_label("State").select_option("Unsuccessful")

    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("no <b>parchment</b>")
    page.reload()
    expect(rows).to_have_count(1)
    expect(page.get_by_label("State")).to_have_value("failed,timeout,scheduled error,lost")
    page.get_by_role("searchbox").fill("filtered good")
    expect(page.get_by_role("heading", name="No execution fits")).to_be_visible()
    page.get_by_role("searchbox").fill("PARCHMENT")
    expect(rows).to_have_count(1)
    page.get_by_label("Time").select_option("From … to …")
    page.get_by_label("To", exact=True).fill("2020-01-01T00:00")
    expect(rows).to_have_count(0)
    page.goto(f"/executions?job_id={bad['job']['job_id']}")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Take this filter away").click()
    expect(page).to_have_url(re.compile("/executions$"))


def test_who_reads_on_is_not_disturbed(page, api, rows):
    job_id = api.add_job("samples.ending.Succeeds", name="many rows")
    for _ in range(8):
        api.ran(job_id)
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(f"/executions?job_id={job_id}")
    expect(rows).to_have_count(8)
    page.mouse.move(600, 200)
    page.mouse.wheel(0, 260)
    until(page, lambda: page.evaluate("scrollY") > 200, "scrolled down")

    api.ran(job_id)

    expect(page.get_by_role("button", name="more change")).to_be_visible()
    assert rows.count() == 8
    page.get_by_role("button", name="more change").click()
    expect(rows).to_have_count(9)
    assert page.evaluate("scrollY") == 0


def test_pages_of_the_list_can_be_shared(visit, api):
    job_id = api.add_job("samples.ending.Succeeds", name="pages")
    api.ran(job_id)
    names = ", ".join(row["name"] for row in api.rows("PRAGMA table_info(scheduler_execution)"))
    copied = names.replace("id,", "printf('%032x', n),", 1).replace("due,", "NULL,", 1)
    api.change(
        "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 60) "
        f"INSERT INTO scheduler_execution ({names}) SELECT {copied} "
        f"FROM more, scheduler_execution WHERE job_id = '{job_id}'"
    )
    page = visit()
    page.goto(f"/executions?job_id={job_id}")
    rows = page.locator(".runs tbody tr")
    expect(rows).to_have_count(50)
    first = rows.first.get_by_role("link").get_attribute("href")

    page.get_by_role("button", name="Next").click()

    expect(rows).to_have_count(11)
    page.reload()
    expect(rows).to_have_count(11)
    page.go_back()
    expect(rows).to_have_count(50)
    assert rows.first.get_by_role("link").get_attribute("href") == first


def test_many_missed_instants_are_one_row(page, api, rows):
    run = api.ran(api.add_job("samples.ending.Succeeds", name="missed often"))
    api.change(
        "UPDATE scheduler_execution SET state = 'missed', cause = 'grace', started_at = NULL, "
        "reason = 'The scheduler did not run.', due = '2026-01-01 00:00:00.000000', "
        "due_last = '2026-01-02 00:00:00.000000', due_count = 1441 "
        f"WHERE id = '{run['execution_id']}'"
    )

    page.goto("/executions?text=missed+often")

    expect(rows).to_contain_text("1,441 times")
    expect(rows).to_contain_text("The scheduler did not run.")
    page.goto(f"/executions/{run['execution_id']}")
    expect(page.locator(".run-facts").first).to_contain_text("2026-01-01 01:00:00 to 2026-01-02")


def test_an_execution_leads_to_those_around_it(page, api):
    job_id = api.add_job("samples.ending.Succeeds", "as it was", name="one of three")
    first, second, third = (api.ran(job_id)["execution_id"] for _ in range(3))
    api.ask("PUT", f"/api/v1/jobs/{job_id}", {"pub_args": ["as it is now"]})
    page.goto(f"/executions/{second}")
    expect(page.locator(".run-facts").first).to_contain_text("usually")

    page.get_by_role("link", name="Previous").click()
    expect(page).to_have_url(re.compile(first))
    page.go_back()
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(third))
    expect(page.get_by_role("link", name="Next")).to_have_count(0)

    page.get_by_role("button", name="Run again").click()
    expect(page.locator(".run-state")).to_have_text("succeeded")
    expect(page).not_to_have_url(re.compile(third))
    expect(page.locator(".run-facts").first).to_contain_text('["as it was"]')
    page.get_by_role("link", name="one of three").click()
    expect(page).to_have_url(re.compile(f"/jobs/{job_id}"))


def test_attempts_and_followers_are_linked(page, api):
    follower = api.add_job("samples.ending.Succeeds", name="cleans up")
    failing = api.add_job(
        "samples.ending.Fails",
        name="twice in vain",
        retry={"attempts": 2, "delay": 0},
        on_failure_run=[follower],
    )
    first = api.ran(failing)
    page.goto(f"/executions/{first['execution_id']}")

    page.locator(".run-chain").get_by_role("link", name="2").click()

    expect(page.locator(".run-chain")).to_contain_text("Then ran")
    page.locator(".run-chain").get_by_role("link", name="cleans up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("cleans up")
    expect(page.locator(".run-chain")).to_contain_text("Follows")


def test_stopping_is_asked_about(page, api, tmp_path):
    job_id = api.add_job("samples.terminal.Copies", str(tmp_path / "never"), name="to be stopped")
    execution_id = api.run_now(job_id)
    page.goto(f"/executions/{execution_id}")
    expect(page.locator(".run-progress")).to_contain_text("copying folders, 40 %")

    page.get_by_role("button", name="Stop").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert api.execution(execution_id)["state"] == "running"
    page.get_by_role("button", name="Stop").click()
    dialog.get_by_role("button", name="Stop it").click()

    expect(page.locator(".run-state")).to_have_text("stopped")
    expect(page.get_by_text("It got to: copying folders, 40 %")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


SCRIPT = "<img src=x onerror='window.__hit=1'><script>window.__hit=1</script>"


def test_a_report_is_shown_and_nothing_in_it_runs(page, api):
    run = api.ran(api.add_job("samples.reporting.Reports", SCRIPT, name=f"Report {SCRIPT}"))

    page.goto(f"/executions/{run['execution_id']}")

    report = page.locator(".report")
    expect(report.get_by_role("heading", level=3)).to_have_text(SCRIPT)
    expect(report.locator("table").first).to_contain_text("1234.5")
    expect(report.locator("li").first).to_have_text(SCRIPT)
    expect(report.locator("pre").first).to_contain_text("print(")
    picture = report.locator("img")
    expect(picture).to_have_attribute("alt", SCRIPT)
    assert picture.evaluate("it => it.decode().then(() => it.naturalWidth)") == 64
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Report {SCRIPT}")
    assert page.evaluate("window.__hit") is None


def test_plots_are_drawn_and_a_report_is_downloaded(page, api):
    run = api.ran(api.add_job("samples.reporting.Reports", name="Plotted"))
    page.goto(f"/executions/{run['execution_id']}")
    figures = page.get_by_role("figure")
    expect(figures).to_have_count(2)
    lines, bars = figures.all()
    expect(lines.get_by_role("img")).to_have_attribute("aria-label", re.compile("from 1 .* to 9"))
    first, second = (each.bounding_box() for each in lines.locator(".plot-line").all())
    box = lines.locator(".plot-box").bounding_box()
    assert first["y"] == pytest.approx(box["y"] + box["height"] * (1 - 9 / 10), abs=1.5)
    assert second["width"] == pytest.approx(box["width"], abs=3)
    expect(lines.locator(".plot-ticks span")).to_have_text(
        [f"{number} Berlin" for number in (10, 7.5, 5, 2.5, 0)]
    )
    lines.get_by_text("The numbers").click()
    expect(lines.get_by_role("row").nth(2)).to_have_text("b2 Berlin")
    below, above = (each.bounding_box() for each in bars.locator("rect").all())
    assert above["width"] == pytest.approx(4 * below["width"], rel=0.02)
    assert below["x"] + below["width"] == pytest.approx(above["x"], abs=1)
    assert below["x"] == pytest.approx(bars.locator("svg").first.bounding_box()["x"], abs=1)

    page.get_by_role("button", name="Download").click()
    expect(page.locator(".report-downloads a")).to_have_count(6)
    with page.expect_download() as started:
        page.get_by_role("link", name="2. Lines Berlin as CSV").click()
    assert started.value.path().read_text().splitlines()[2] == "b,,2"
    assert started.value.suggested_filename.endswith(".csv")


def test_a_file_of_a_report_is_saved_under_its_name(page, api):
    run = api.ran(api.add_job("samples.reporting.Reports", name="With a file"))
    page.goto(f"/executions/{run['execution_id']}")
    with page.expect_download() as started:
        page.locator(".report").get_by_role("link", name="about.csv").click()
    assert started.value.suggested_filename == "about.csv"
    assert started.value.path().read_text() == "about Berlin"


def test_of_a_long_table_the_beginning_is_shown(page, api):
    run = api.ran(api.add_job("samples.reporting.LongReports"))
    page.goto(f"/executions/{run['execution_id']}")
    report = page.locator(".report")
    expect(report).to_contain_text("The first 1,000 rows of 1,500; the download has all.")
    expect(report.locator("tbody tr").last).to_have_text("999")
    expect(report.locator("tfoot")).to_have_text("the end")


def test_a_report_of_the_former_bots_scheduler_is_shown(page, api):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    run = api.ran(api.add_job("samples.reporting.FormerReports", SCRIPT))

    page.goto(f"/executions/{run['execution_id']}")

    report = page.locator(".report")
    expect(report.locator("tbody").first.get_by_role("rowheader")).to_have_text([SCRIPT, "db"])
    expect(report.locator("thead").get_by_role("columnheader")).to_have_text(["", "state", "port"])
    expect(report.locator("tfoot")).to_have_text(re.compile("all.*2", re.DOTALL))
    box = report.get_by_role("img").bounding_box()
    assert (box["width"], box["height"]) == (32, 16)
    link = report.get_by_role("link", name=SCRIPT)
    expect(link).to_have_attribute("href", "https://example.org/curve.png")
    assert not [url for url in asked if "example.org" in url]
    for element in ("strong", "blockquote", "[role=heading]", ".report-code", "li"):
        expect(report.locator(element).last).to_contain_text(
            SCRIPT if element != "li" else "second"
        )
    assert page.evaluate("window.__hit") is None


def test_an_execution_that_is_gone_says_so(page, problems):
    problems.expect("404 GET /api/v1/executions/gone")
    page.goto("/executions/gone")

    expect(page.get_by_role("heading", name="This does not exist (any more)")).to_be_visible()
