"""Pages hear at once what changes: all tabs by one stream, and also what they missed."""

from playwright.sync_api import Page, expect

from tests.browser.chromium import until
from tests.browser.visits import Visits
from tests.faults.relay import Relay
from tests.support import waiting
from tests.support.program import PASSWORD, USER, Program, basic

LISTEN = """async () => {
  const main = document.querySelector("script[type=module]").src;
  const { stream } = await import(main.replace(/main[.]js$/, "stream.js"));
  window.heard = [];
  stream.on("all", (event, data) => window.heard.push({ event, ...data }));
}"""
ASK = "fetch('/api/v1/hold').then((answer) => answer.status)"


def heard(page: Page) -> list[dict[str, str]]:
    return page.evaluate("window.heard")


def added(job_id: str) -> dict[str, str]:
    return {"event": "job", "job_id": job_id, "change": "added"}


def add_job(api: Program) -> str:
    return api.add_job("samples.ending.Succeeds", name="heard of")


def test_tabs_share_one_stream_and_another_tab_takes_it_over(visit: Visits, api: Program):
    first = visit()
    streams: list[Page] = []
    first.context.on(
        "request", lambda it: "/api/v1/events" in it.url and streams.append(it.frame.page)
    )
    tabs = [first, *(first.context.new_page() for _ in range(4))]
    for tab in tabs:
        tab.goto("/logs")
        tab.evaluate(LISTEN)

    job = add_job(api)
    for tab in tabs:
        until(first, lambda tab=tab: added(job) in heard(tab), "each tab hears of the job")
        assert tab.evaluate(ASK) == 200
    assert len(streams) == 1

    leader = streams[0]
    leader.close()
    rest = [tab for tab in tabs if tab is not leader]
    job = add_job(api)
    for tab in rest:
        until(rest[0], lambda tab=tab: added(job) in heard(tab), "each other tab hears of it")
    assert len(streams) == 2


def test_a_lost_connection_is_told_and_what_was_missed_is_heard(browser, program: Program):
    relay = Relay(program.port)
    visits = Visits(browser, relay)
    try:
        page = visits()
        visits.problems(page).expect("net::ERR_")  # told by the browser itself
        page.goto("/logs")
        page.evaluate(LISTEN)
        job = add_job(program)
        until(page, lambda: added(job) in heard(page), "the page hears")

        relay.cut()
        banner = page.get_by_text("No connection.")
        expect(banner).to_be_visible()
        missed = add_job(program)
        relay.mend()
        expect(banner).to_be_hidden()

        until(page, lambda: added(missed) in heard(page), "the page hears what it missed")
        assert {"event": "reset"} not in heard(page)
    finally:
        problems = visits.close()
        relay.close()
    assert problems == []


def test_whoever_may_not_log_in_any_more_is_told_so(visit: Visits, program: Program):
    users = program.folder / ".htpasswd"
    before = users.read_text()
    users.write_text(before + before.splitlines()[0].replace(USER, "cat", 1) + "\n")
    login = {"Authorization": basic("cat", PASSWORD)}

    def known() -> bool:
        return program.ask("GET", "/healthz", headers=login, anonymous=True).status == 200

    waiting.until(known, "the new user may log in")
    page = visit("cat")
    visit.problems(page).expect("401 GET", "401 HEAD", "429 GET", "429 HEAD", "net::ERR_")
    page.goto("/logs")
    page.evaluate(LISTEN)
    job = add_job(program)
    until(page, lambda: added(job) in heard(page), "the page hears")

    users.write_text(before)

    expect(page.get_by_text("You are not logged in any more.")).to_be_visible()
