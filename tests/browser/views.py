"""All views by name, and how to tell that one is there."""

from playwright.sync_api import Page, expect

from tests.support.program import Program

VIEWS = {
    "overview": "/",
    "jobs": "/jobs",
    "job": "/jobs/{job}",
    "new job": "/jobs/new",
    "changed job": "/jobs/{job}/edit",
    "executions": "/executions",
    "running execution": "/executions/{running}",
    "failed execution": "/executions/{failed}",
    "execution with report": "/executions/{reported}",
    "mails": "/mails",
    "mail": "/mails/{mail}",
    "files": "/files",
    "file": "/files/countries.txt",
    "logs": "/logs",
    "system": "/system",
}


def addresses(program: Program) -> dict[str, str]:
    """The address of each view of the demonstration, by its name."""
    jobs = {job["name"]: job["job_id"] for job in program.get("jobs")["jobs"]}
    running = program.get("executions?state=running&limit=1")["executions"][0]
    failed = program.ran(jobs["Send invoices"])
    reported = program.ran(jobs["Import orders from the marketplace"])
    deferred = program.get("mails?state=deferred")["mails"][-1]  # the oldest is not tried meanwhile
    places = {
        "job": jobs["Back up the shop database"],
        "running": running["execution_id"],
        "failed": failed["execution_id"],
        "mail": deferred["mail_id"],
        "reported": reported["execution_id"],
    }
    return {name: path.format(**places) for name, path in VIEWS.items()}


def go(page: Page, path: str) -> None:
    """Open an address, and return when the view shows what it has loaded."""
    page.goto(path)
    shown(page)


def shown(page: Page) -> None:
    """Wait until the view shows what it has loaded."""
    expect(page.locator("main h1").first).to_be_visible()
    expect(page.locator("main").get_by_text("Loading…")).to_have_count(0)
