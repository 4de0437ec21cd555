"""The tests' own instruments: that a page is there, and that no problem on it goes unseen."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import until
from tests.browser.problems import Problems
from tests.support.program import USER

_ADD = "(name, what) => document.body.append(Object.assign(document.createElement(name), what))"


def test_a_user_sees_the_page(page):
    page.goto("/")

    expect(page.locator("body")).to_contain_text(USER)


def test_another_user_has_a_window_of_his_own(visit):
    page = visit("ben", color_scheme="dark")
    page.goto("/")

    expect(page.locator("body")).to_contain_text("ben")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("console.error('so wrong')", "console error: so wrong"),
        ("setTimeout(() => { throw new Error('so wrong') })", "script error: "),
        ("add('img', {src: 'https://localhost:1/x'})", "foreign request: GET https://localhost"),
        ("add('img', {src: 'https://localhost:1/x'})", "content security policy: img-src"),
        ("add('script', {textContent: '1'})", "content security policy: script-src"),
    ],
)
def test_problems_are_seen(page, problems, script, told):
    page.goto("/")
    problems.expect("console error", "script error", "foreign request", "failed: GET")

    page.evaluate(f"const add = {_ADD}; {script}")

    until(page, lambda: any(told in text for text in problems.seen), told)


def test_an_expected_problem_passes_alone(visit):
    page = visit()
    problems: Problems = visit.problems(page)
    page.goto("/")
    problems.expect("404 GET /api/v1/jobs/none")
    page.goto("/api/v1/jobs/none")
    assert problems.found == []

    page.goto("/api/v1/jobs/other")
    assert problems.found == ["404 GET /api/v1/jobs/other"]
    problems.expect("404 GET /api/v1/jobs/other")
