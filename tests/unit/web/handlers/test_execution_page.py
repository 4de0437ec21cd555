"""The page of one execution."""

import re
import time
from typing import Any

from tests.unit.web.handlers.test_page import NAME, Elements

TELL = "web_jobs.greet.Tell"


def told(ask: Any, *arguments: Any, **fields: Any) -> tuple[Any, str]:
    """An execution of the job that tells, and its page."""
    run = ask.ran(ask.added(job_class_string=TELL, pub_args=list(arguments), **fields))
    answer = ask("GET", f"/executions/{run['execution_id']}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "style-src 'self'; img-src data:" in answer.headers["content-security-policy"]
    return run, answer.text


def test_an_execution_has_a_page_with_report_and_output(ask: Any) -> None:
    run, page = told(ask, "all is well", name="weekly figures")

    assert "<h2>all is well</h2>" in page
    assert '<td align="right" nowrap>12</td>' in page
    assert "<pre>all is well\n</pre>" in page
    for text in ("weekly figures", "succeeded", TELL, "by hand", "ann", run["execution_id"]):
        assert text in page
    for link in ("", "/output?format=text"):
        assert f'href="/api/v1/executions/{run["execution_id"]}{link}"' in page
    assert f'href="/api/v1/jobs/{run["job"]["job_id"]}"' in page


def test_the_front_page_leads_there(ask: Any) -> None:
    run, _ = told(ask, "x")

    assert f'href="/executions/{run["execution_id"]}"' in ask("GET", "/").text


def test_whatever_a_job_says_is_shown_and_not_obeyed(ask: Any) -> None:
    _, page = told(ask, f"\x1b[31m{NAME}\x1b[0m\x07", name=NAME)

    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert "[31m" not in re.sub(r"\[&quot;.*?&quot;\]", "", page)
    assert not Elements(page).names() & {"script", "style", "iframe", "form"}
    for tag, attributes in Elements(page).found:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag


def test_of_a_large_output_the_end_is_shown(ask: Any) -> None:
    run, page = told(ask, "first line", 5_000)

    assert run["output_bytes"] > 400_000
    assert len(page) < 210_000
    assert "line 4999 x" in page
    assert "<pre>first line" not in page
    assert re.search(r"<pre>line \d+ x", page)
    assert "The end of it." in page


def test_a_run_that_goes_on_can_be_looked_at(ask: Any) -> None:
    job_id = ask.added(job_class_string="web_jobs.greet.Sleep")
    execution_id = ask("POST", f"/api/v1/jobs/{job_id}/run").json["execution_id"]
    deadline = time.monotonic() + 20
    while "zzz" not in (page := ask("GET", f"/executions/{execution_id}").text):
        assert time.monotonic() < deadline, page
        time.sleep(0.02)

    assert "running" in page
    ask("DELETE", f"/api/v1/executions/{execution_id}")
    ask.ended(execution_id)
    ask("DELETE", f"/api/v1/jobs/{job_id}")

    page = ask("GET", f"/executions/{execution_id}").text
    assert "stopped" in page
    assert "its job" not in page


def test_an_unknown_execution_has_no_page(ask: Any) -> None:
    assert ask("GET", "/executions/none").status == 404
