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


def test_job_folders_are_loaded_anew_when_asked(ask: Any) -> None:
    answer = ask("POST", "/api/v1/classes/reload")

    assert (answer.status, answer.json["loaded"]) == (200, True)
    assert answer.json["failures"] == ask("GET", "/api/v1/classes").json["failures"]
    assert ask("GET", "/api/v1/logs?event=reloaded").json["logs"][0]["user"] == "ann"
