"""Job classes over HTTP."""

from typing import Any


def test_classes_and_failures_are_listed(ask: Any) -> None:
    answer = ask("GET", "/api/v1/classes").json

    assert set(answer) == {"classes", "failures"}
    greet = next(c for c in answer["classes"] if c["job_class_string"] == "web_jobs.greet.Greet")
    assert (greet["name"], greet["notes"]) == ("Greet <b>", "Says hello.")
    (failure,) = answer["failures"]
    assert failure["module"] == "web_jobs.broken"
    assert "nothing_of_that_name" in failure["error"]
    assert failure["traceback"]
