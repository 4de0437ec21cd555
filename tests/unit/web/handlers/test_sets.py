"""Sets of jobs over HTTP."""

from typing import Any

JOB = {"job_id": "set.a", "name": "A", "job_class_string": "web_jobs.greet.Greet", "hour": 3}


def test_a_set_is_looked_at_and_applied(ask: Any) -> None:
    body = {"set": "web", "jobs": [JOB, JOB | {"job_id": "set.b", "then_run": ["set.a"]}]}

    planned = ask("POST", "/api/v1/apply", body | {"dry_run": True}).json
    assert [(each["job_id"], each["action"]) for each in planned["steps"]] == [
        ("set.a", "add"), ("set.b", "add"),
    ]  # fmt: skip
    assert ask("GET", "/api/v1/jobs/set.a").status == 404
    done = ask("POST", "/api/v1/apply", body | {"seen": planned["seen"]}).json
    assert done == planned
    assert ask("GET", "/api/v1/jobs/set.a").json["managed_by"] == "web"
    again = ask("POST", "/api/v1/apply", body | {"seen": planned["seen"]})
    assert (again.status, "Look at the plan again" in again.json["error"]) == (409, True)

    body["jobs"] = [JOB | {"hour": 4, "notes": "x"}]
    changed = ask("POST", "/api/v1/apply", body).json
    assert changed["counts"] == {"add": 0, "change": 1, "delete": 0, "keep": 0}
    assert changed["left"] == [{"job_id": "set.b", "name": "A"}]
    assert changed["steps"][0]["changes"] == [
        {
            "field": "schedule",
            "before": "every day at 03:00 (UTC)",
            "after": "every day at 04:00 (UTC)",
        },
        {"field": "notes", "before": "", "after": "x"},
    ]
    told = ask("GET", "/api/v1/jobs?managed_by=web").json["jobs"]
    assert [each["job_id"] for each in told] == ["set.a", "set.b"]
    assert ask("GET", "/api/v1/jobs?managed_by=nobody").json["jobs"] == []


def test_a_change_by_hand_leaves_it_managed(ask: Any) -> None:
    ask("POST", "/api/v1/apply", {"set": "web", "jobs": [JOB]})
    path = "/api/v1/jobs/set.a"

    whole = ask("GET", path).json | {"name": "By hand", "managed_by": None}
    assert ask("PUT", path, whole).status == 200

    assert ask("GET", path).json["managed_by"] == "web"


def test_faults_are_named_by_job_and_key(ask: Any) -> None:
    def refused(*jobs: Any, **more: Any) -> tuple[int, dict[str, str]]:
        answer = ask("POST", "/api/v1/apply", {"set": "web", "jobs": list(jobs)} | more)
        return answer.status, answer.json["fields"]

    status, fields = refused(JOB | {"minute": 99}, JOB | {"job_id": None})
    assert (status, list(fields)) == (422, ["jobs[0].minute", "jobs[1].job_id"])
    assert "'99' is out of range" in fields["jobs[0].minute"]
    assert fields["jobs[1].job_id"] == "missing; give the job an id, such as backup.nightly"
    status, fields = refused(JOB | {"misfire": "x"}, {"name": "x"}, JOB | {"colour": 1})
    assert status == 400
    assert list(fields) == [
        *("jobs[0].misfire", "jobs[1].job_class_string", "jobs[2].colour"),
    ]
    assert refused(JOB, seen={"a": "x"})[1] == {
        "seen": "an object with a was given; give an object of whole numbers, as a dry run gives "
        "it, or null"
    }
    assert list(refused()[1]) == ["jobs"]
    assert list(ask("POST", "/api/v1/apply", {}).json["fields"]) == ["set", "jobs"]
