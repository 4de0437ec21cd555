"""The page of the REST API: it shows all of it, can be used to ask, and by everybody."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visits import NARROW

# its buttons fade from one colour to another
FADED = "Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => null)"


def test_a_call_can_be_read_and_tried(page):
    page.goto("/api")

    call = page.locator("#operations-Monitoring-getHealth")
    call.get_by_role("button", name="Whether the server answers").click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_role("button", name="Execute").click()

    answer = call.locator(".live-responses-table")
    expect(answer).to_contain_text('"status": "ok"')
    assert "getHealth" in page.url, "its address can be shared"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        page.evaluate(FADED)
        faults = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in faults] == [], scheme
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_it_is_found_from_the_page_and_leads_back(page):
    page.goto("/")
    page.get_by_role("button", name="Menu of").click()
    page.get_by_role("link", name="REST API", exact=True).click()
    expect(page).to_have_title("REST API · bots-scheduler")

    page.get_by_role("link", name="bots-scheduler", exact=True).click()

    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_visible()
