"""What stands around every view: navigation, keys, theme, zone of the times, and the hold."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import PHONE, Visits
from tests.support.program import Program

PLACES = {
    "Jobs": "/jobs",
    "Executions": "/executions",
    "Mails": "/mails",
    "Files": "/files",
    "Logs": "/logs",
    "System": "/system",
    "Overview": "/",
}
SHORT = {"Executions": "Runs"}
"""Where there is little room."""

THEME = "data-bs-theme"


def loaded(page: Page, path: str = "/") -> Page:
    """The page at an address, with its navigation."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_the_navigation_leads_everywhere_without_loading_anew(visit: Visits, options):
    page = loaded(visit(**options))
    page.evaluate("window.same = true")

    for place, path in PLACES.items():
        name = SHORT.get(place, place) if options else place
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        page.wait_for_url(f"**{path}")
        current = page.get_by_role("navigation").locator("[aria-current=page]:visible")
        expect(current).to_have_text(name)

    assert page.evaluate("window.same")
    page.go_back()
    page.wait_for_url("**/system")
    expect(page).to_have_title("System · bots-scheduler")


def test_keys_lead_everywhere_but_not_while_somebody_types(page: Page):
    loaded(page)
    for keys, path in (("gj", "/jobs"), ("ge", "/executions"), ("n", "/jobs/new"), ("go", "/")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"**{path}")
    page.keyboard.press("?")
    dialogue = page.get_by_role("dialog", name="Keyboard")
    expect(dialogue).to_contain_text("Executions")
    expect(dialogue).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(dialogue).to_be_hidden()
    page.wait_for_url("**/")

    page.keyboard.press("g")
    page.keyboard.press("j")
    search = page.locator("[data-search]")
    page.keyboard.press("/")
    page.keyboard.press("n")  # by somebody who types on while the list is still loading
    expect(search).to_be_focused()
    search.fill("")
    page.keyboard.type("gen?")
    expect(search).to_have_value("gen?")


def test_the_theme_follows_the_system_until_it_is_chosen(visit: Visits):
    page = loaded(visit(color_scheme="dark"))
    root = page.locator("html")
    expect(root).to_have_attribute(THEME, "dark")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute(THEME, "light")

    page.get_by_role("button", name="Menu of").click()
    page.get_by_role("button", name="Dark").click()

    expect(root).to_have_attribute(THEME, "dark")
    page.reload()
    expect(root).to_have_attribute(THEME, "dark")


def test_times_are_shown_in_the_zone_that_was_chosen(page: Page, api: Program):
    job = api.add_job("samples.ending.Succeeds", name="zoned", hour=12, timezone="Asia/Kolkata")
    loaded(page, f"/jobs/{job}")
    noon = page.locator("main time[datetime*='T06:30:00']").first
    instant = datetime.fromisoformat(noon.get_attribute("datetime") or "")
    brussels = f" {instant.astimezone(ZoneInfo('Europe/Brussels')):%H:%M:%S}"  # in summer, 08:30
    expect(noon).to_have_attribute("title", re.compile(brussels))
    foreign = page.get_by_text("On the clock of Europe/Brussels, not of Asia/Kolkata")
    expect(foreign).to_be_visible()

    page.get_by_role("button", name="Menu of").click()
    page.get_by_role("button", name="The job's").click()
    expect(noon).to_have_attribute("title", re.compile(" 12:00:00 Asia/Kolkata"))
    expect(foreign).to_be_hidden()
    page.get_by_role("button", name="The server's").click()
    expect(noon).to_have_attribute("title", re.compile(" 06:30:00 UTC"))


def test_a_hold_is_told_on_every_view_and_released_there(page: Page, api: Program):
    loaded(page, "/files")
    banner = page.get_by_text("All jobs are held")
    expect(banner).to_be_hidden()
    try:
        api.ask("PUT", "/api/v1/hold", {"reason": "<b>disks</b>"})
        expect(banner).to_be_visible()
        expect(page.locator("#banners")).to_contain_text("<b>disks</b>")
        page.reload()
        page.get_by_role("button", name="Release").click()
        expect(banner).to_be_hidden()
        assert api.ask("GET", "/api/v1/hold").json["held"] is False
    finally:
        api.ask("DELETE", "/api/v1/hold")


def test_an_address_that_leads_nowhere_within_the_page_is_told(page: Page, problems):
    loaded(page, "/jobs")
    problems.expect("404 GET")

    page.evaluate("history.pushState({}, '', '/executions/none')")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")

    expect(page.get_by_text("This does not exist (any more)")).to_be_visible()


SLOW_AND_BUSY = """async () => {
  const main = document.querySelector("script[type=module]").src;
  const { stream } = await import(main.replace(/main[.]js$/, "stream.js"));
  const ask = window.fetch;
  const later = () => new Promise((resolve) => setTimeout(resolve, 2500));
  window.fetch = (...request) => later().then(() => ask(...request));
  setInterval(() => stream.trigger("job", { job_id: "another", change: "modified" }), 300);
}"""


def test_what_changes_faster_than_the_server_answers_is_shown_all_the_same(
    page: Page, api: Program
):
    loaded(page, "/jobs?text=faster+than+answers")
    page.evaluate(SLOW_AND_BUSY)

    api.add_job("samples.ending.Succeeds", name="faster than answers")

    expect(page.locator("main").get_by_role("link", name="faster than answers")).to_be_visible()
