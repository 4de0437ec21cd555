"""The first page."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from botsched.domain.paging import Page
from botsched.errors import ExecutionError
from tests.support.values import DEFAULTS

NAME = "<script>alert(1)</script>\"'&"


class Elements(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def names(self) -> set[str]:
        return {tag for tag, _ in self.found}


def test_the_page_shows_jobs_executions_and_failures(ask: Any) -> None:
    job_id = ask.added(name="on the page", minute="*/5")
    ask("PATCH", f"/api/v1/jobs/{job_id}")
    execution = ask.ran(job_id)

    answer = ask("GET", "/")

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for text in ("on the page", "every 5 minutes of hour 3 (UTC)", "paused", "succeeded", "ann"):
        assert text in answer.text
    assert f"/api/v1/executions/{execution['execution_id']}/output?format=text" in answer.text
    assert "web_jobs.broken" in answer.text
    assert "nothing_of_that_name" in answer.text
    assert "<details>" in answer.text
    assert "Greet &lt;b&gt;" in answer.text


def test_the_page_needs_no_script_and_loads_only_what_is_ours(ask: Any) -> None:
    answer = ask("GET", "/")
    policy = answer.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = Elements(answer.text)
    assert not page.names() & {"script", "style", "iframe", "form"}
    for _, attributes in page.found:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
    sheets = [a["href"] for tag, a in page.found if tag == "link" and a["rel"] == "stylesheet"]
    assert sheets == ["/static/page.css"]
    sheet = ask("GET", "/static/page.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "url(" not in sheet.text


def test_names_are_shown_and_not_obeyed(ask: Any) -> None:
    job_id = ask.added(name=NAME, pub_args=[NAME])
    ask.ran(job_id)

    page = ask("GET", "/").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "script" not in Elements(page).names()


def test_an_empty_server_teaches_how_to_begin(
    services: Any, serving: Callable[..., Any], client: Callable[..., Any]
) -> None:
    class Nothing:
        defaults = DEFAULTS

        def find(self, *args: object) -> Page[Any]:
            return Page([])

        def catalogue(self, timeout: float) -> None:
            raise ExecutionError("still loading")

    empty = replace(services, jobs=Nothing(), executions=Nothing())
    with serving(empty, secret=None) as server:
        page = client(server.port)("GET", "/").text

    assert re.search(r"curl -k -u local http://127\.0\.0\.1:\d+/api/v1/jobs", page)
    assert "still being loaded" in page
