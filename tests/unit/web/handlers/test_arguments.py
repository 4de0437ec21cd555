"""Arguments are held against their types when a job is saved, and when it is run with others."""

from typing import Any

TYPED = "web_jobs.greet.Typed"


def faults(answer: Any) -> dict[str, str]:
    assert answer.status == 422, answer.text
    return dict(answer.json["fields"])


def test_a_job_is_refused_with_a_word_on_each_argument(ask: Any) -> None:
    job = {"name": "n", "job_class_string": TYPED, "hour": 3, "pub_args": ["many", "sesame"]}

    told = faults(ask("POST", "/api/v1/jobs", job))

    assert told["pub_args[0]"] == "count: 'many' is not a whole number; give one such as 10"
    assert "no secret of this name" in told["pub_args[1]"]
    assert "sesame" not in str(told)


def test_what_a_job_has_already_stays_when_other_things_change(ask: Any) -> None:
    job_id = ask.added(job_class_string=TYPED, pub_args=[1, "token"])
    path = f"/api/v1/jobs/{job_id}"

    assert ask("PUT", path, ask("GET", path).json | {"name": "other"}).status == 200
    assert set(faults(ask("PUT", path, {"pub_args": {"count": "x"}}))) == {"pub_args.count"}
    assert ask("PUT", path, {"pub_args": {"count": "7"}}).status == 200


def test_a_run_with_other_arguments_is_recorded_and_told(ask: Any) -> None:
    job_id = ask.added(job_class_string=TYPED, pub_args=[1])
    for path in (f"/api/v1/jobs/{job_id}/run", f"/api/v1/executions/{job_id}"):
        assert set(faults(ask("POST", path, {"pub_args": ["x"]}))) == {"pub_args[0]"}
        answer = ask("POST", path, {"pub_args": [2, "token"]})

        execution = ask.ended(answer.json["execution_id"])
        assert execution["job"]["pub_args"] == [2, "token"]
        assert execution["result_data"] == [2, 26]
    assert ask("GET", f"/api/v1/jobs/{job_id}").json["pub_args"] == [1]
    [line, _other] = ask("GET", f"/api/v1/logs?job_id={job_id}&event=custom_run").json["logs"]
    assert line["changes"] == [{"field": "pub_args", "before": [1], "after": [2, "token"]}]
