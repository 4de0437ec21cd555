"""What holds for every view: whoever looks at it, with whatever eyes, hands and screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import out_of_reach, sideways, violations
from tests.browser.views import VIEWS, go
from tests.browser.visits import NARROW, PHONE

pytestmark = pytest.mark.parametrize("view", VIEWS)


def test_axe_finds_nothing_light_dark_and_on_a_phone(view, demo, demo_page):
    go(demo_page, demo[view])
    assert violations(demo_page) == []

    demo_page.emulate_media(color_scheme="dark")
    expect(demo_page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert violations(demo_page, "color-contrast") == []

    demo_page.set_viewport_size(PHONE)
    assert violations(demo_page) == []


def test_it_says_what_it_is_and_fits_on_a_narrow_phone(view, demo, demo_visit):
    page = demo_visit(viewport=NARROW)
    go(page, demo[view])

    expect(page.locator("h1")).to_have_count(1)
    expect(page).to_have_title(re.compile(r"^\S.* · bots-scheduler$"))
    assert sideways(page) == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(view, demo, demo_page):
    go(demo_page, demo[view])

    assert out_of_reach(demo_page) == []
