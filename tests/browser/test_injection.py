"""Every text that a user, a job or a file gives is shown as text, and never becomes script."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import sideways
from tests.browser.views import go
from tests.browser.visits import HOSTILE_USER, PHONE
from tests.support.program import Program

SCRIPT = "<img src=x onerror='window.__hit=1'><script>window.__hit=1</script>"
TEXT = f"\"'><svg onload=window.__hit=1>{SCRIPT}{{{{window.__hit=1}}}}${{window.__hit=1}}"
LINK = "\x1b]8;;javascript:window.__hit=1\x07\x1b[31mred\x1b]8;;\x07\x1b[0m"
FILE = "<img src=x onerror=window.__hit=1>.txt"
LONG = "x" * 200
BECAME = "img[src=x], main script, #top script, svg[onload], [onerror], a[href^='javascript' i]"


@pytest.fixture(scope="module")
def addresses(program: Program) -> Iterator[dict[str, str]]:
    """Hostile texts wherever texts can be given; the addresses of all views that show them."""
    program.upload(FILE, f"# {TEXT}\n{TEXT}\n")
    arguments = [f"{TEXT}{LINK}"]
    name = f"{TEXT[:120]}{LONG[:100]}"
    more = {"tags": ["<b>tag</b>", LONG[:40]], "notes": f"{TEXT}\n{LONG}"}
    job = program.add_job("samples.hostile.Hostile", *arguments, name=name, **more)
    report = program.add_job("samples.reporting.Reports", TEXT, name=f"Report {TEXT}")
    mailed = [{"on": ["failure"], "profiles": ["later"], "to": [f"{LONG[:60]}@example.com"]}]
    failing = program.add_job("samples.ending.Fails", TEXT, name=f"Fails {TEXT}", mail=mailed)
    ran = {each: program.ran(each)["execution_id"] for each in (job, report, failing)}
    window = {"name": TEXT[:90], "from": "2090-01-01T00:00Z", "to": "2090-01-02T00:00Z"}
    assert program.ask("PUT", "/api/v1/windows", {"windows": [window]}).status == 200
    assert program.ask("PUT", "/api/v1/hold", {"reason": TEXT}).status == 200
    [mail] = program.execution(ran[failing])["mails"]
    yield {
        "overview": "/",
        "jobs": "/jobs",
        "job": f"/jobs/{job}",
        "changed job": f"/jobs/{job}/edit",
        "new job": "/jobs/new",
        "executions": "/executions",
        "execution": f"/executions/{ran[job]}",
        "report": f"/executions/{ran[report]}",
        "failure": f"/executions/{ran[failing]}",
        "mails": "/mails",
        "mail": f"/mails/{mail['mail_id']}",
        "files": "/files",
        "file": "/files/%3Cimg%20src%3Dx%20onerror%3Dwindow.__hit%3D1%3E.txt",
        "logs": "/logs",
        "system": "/system",
        "search": f"/jobs?text={SCRIPT}",
        "unknown": f"/jobs/{quote(SCRIPT, safe='')}",
    }
    program.ask("DELETE", "/api/v1/hold")
    program.ask("PUT", "/api/v1/windows", {"windows": []})


@pytest.mark.parametrize(
    "view",
    [
        "overview",
        "jobs",
        "job",
        "changed job",
        "new job",
        "executions",
        "execution",
        "report",
        "failure",
        "mails",
        "mail",
        "files",
        "file",
        "logs",
        "system",
        "search",
        "unknown",
    ],
)
def test_no_text_becomes_script_nor_breaks_the_page(view, addresses, visit):
    page = visit(HOSTILE_USER, viewport=PHONE)
    visit.problems(page).expect("404 GET /api/v1/jobs/%3Cimg")

    go(page, addresses[view])

    assert page.evaluate("window.__hit") is None
    expect(page.locator(BECAME)).to_have_count(0)
    assert sideways(page) == []


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("job", "<script>window.__hit=1</script>"),
        ("execution", "<script>window.__hit=1</script>"),
        ("report", "Section \"'><svg onload=window.__hit=1>"),
        ("file", "<script>window.__hit=1</script>"),
        ("system", "broken on purpose <script>window.__hit=1</script>"),
        ("overview", "<script>window.__hit=1</script>"),
    ],
)
def test_it_is_shown_as_it_was_given(view, shown, addresses, page):
    go(page, addresses[view])

    expect(page.locator("body")).to_contain_text(shown)


def test_what_the_server_gives_as_a_file_is_not_shown_as_a_page(addresses, page, api):
    answer = api.ask("GET", f"/api/v1{addresses['file']}/content")

    assert "text/html" not in answer.headers["content-type"], json.dumps(answer.headers)
