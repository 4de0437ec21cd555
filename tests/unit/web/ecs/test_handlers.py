"""The web API of ECS Scheduler: what its users ask, and what they are told."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from botsched.web.services import Services
from tests.support.values import a_mail_rule
from tests.unit.web.conftest import Client, client_of

SLEEPER = {"taskDefinition": "sleeper-task", "schedule": "25 */5"}


CLASS = "web_jobs.greet.RunTask"


@pytest.fixture(autouse=True)
def class_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that needs neither boto3 nor a cluster."""
    for module in ("formats", "handlers"):
        monkeypatch.setattr(f"botsched.web.ecs.{module}.RUN_TASK", CLASS)


@pytest.fixture(autouse=True)
def no_jobs_left(ask: Client) -> Iterator[None]:
    yield
    for job in ask("GET", "/api/v1/jobs").json["jobs"]:
        ask("DELETE", f"/api/v1/jobs/{job['job_id']}")


def reference(job_id: str) -> dict[str, Any]:
    href = f"/ecs/jobs/{job_id}"
    return {"id": job_id, "link": {"rel": "item", "title": f"Job for {job_id}", "href": href}}


def added(ask: Client, **fields: Any) -> str:
    answer = ask("POST", "/ecs/jobs", SLEEPER | fields)
    assert answer.status == 201, answer.text
    return str(answer.json["id"])


def looked_at(ask: Client, job_id: str) -> Any:
    answer = ask("GET", f"/ecs/jobs/{job_id}")
    assert answer.status == 200
    answer.json.pop("estimatedNextRun", None)
    return {name: value for name, value in answer.json.items() if name != "estimatedNextRun"}


@pytest.mark.parametrize("path", ["/ecs", "/ecs/"])
def test_the_resources_are_listed(ask: Client, path: str) -> None:
    [jobs, spec] = [each["link"]["href"] for each in ask("GET", path).json["resources"]]

    assert ask("GET", jobs).json == {"jobs": []}
    assert ask("GET", spec).json["swagger"] == "2.0"


def test_a_job_is_added_and_looked_at(ask: Client) -> None:
    answer = ask("POST", "/ecs/jobs", SLEEPER)

    assert (answer.status, answer.json) == (201, reference("sleeper-task"))
    assert looked_at(ask, "sleeper-task") == {
        **reference("sleeper-task"),
        "taskDefinition": "sleeper-task",
        "schedule": "25 */5",
        "taskCount": 1,
    }


def test_it_is_a_job_like_all_others(ask: Client) -> None:
    job_id = added(ask, id="long", scheduleEnd="2099-01-31T10:00", trigger={"type": "mine", "x": 1})

    job = ask("GET", f"/api/v1/jobs/{job_id}").json
    assert (job["job_id"], job["name"]) == ("long", "long")
    assert job["job_class_string"] == CLASS
    assert job["ecs"] == "25 */5"
    assert job["end_date"] == "2099-01-31T10:00:00+00:00"
    assert job["pub_args"] == {
        "taskDefinition": "sleeper-task",
        "trigger": {"type": "mine", "x": 1},
    }
    assert job["max_instances"] == 1
    [event] = ask("GET", "/api/v1/logs?job_id=long").json["logs"]
    assert (event["event"], event["user"]) == ("added", "ann")


def test_what_is_drawn_stays(ask: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    added(ask, schedule="0 30 4")
    with monkeypatch.context() as patched:
        patched.setattr("botsched.web.ecs.formats._CHANCE.randrange", lambda stop: stop - 1)
        ask("PUT", "/ecs/jobs/sleeper-task", {"schedule": "? ? ?"})
    assert looked_at(ask, "sleeper-task")["schedule"] == "59 59 23"

    ask("PUT", "/ecs/jobs/sleeper-task", {"schedule": "? */5"})

    schedule = looked_at(ask, "sleeper-task")["schedule"]
    assert 0 <= int(schedule.removesuffix(" */5")) < 60
    ask("PUT", "/ecs/jobs/sleeper-task", {"taskCount": 2})
    assert looked_at(ask, "sleeper-task")["schedule"] == schedule


def test_all_that_is_said_is_given_back(ask: Client) -> None:
    fields = {
        "id": "all",
        "schedule": "0 0 12 mon-fri",
        "scheduleStart": "2027-01-01T00:00:00+00:00",
        "scheduleEnd": "2098-12-31T23:59:59+00:00",
        "timezone": "Europe/Brussels",
        "taskCount": 2,
        "maxCount": 50,
        "trigger": {"type": "sqs", "queueName": "orders", "messagesPerTask": 100},
        "suspended": True,
        "overrides": [{"containerName": "web", "environment": {"SECONDS": "10"}}],
    }
    added(ask, **fields)

    job = ask("GET", "/ecs/jobs/all").json

    assert job == {**reference("all"), "taskDefinition": "sleeper-task"} | fields
    assert ask("PUT", "/ecs/jobs/all", job).status == 200
    assert ask("GET", "/ecs/jobs/all").json == job
    assert ask("GET", "/api/v1/jobs/all").json["version"] == 1


def test_what_was_given_may_be_sent_back(ask: Client) -> None:
    added(ask, id="sent-back")
    job = ask("GET", "/ecs/jobs/sent-back").json

    assert ask("PUT", "/ecs/jobs/sent-back", job).status == 200

    assert ask("GET", "/api/v1/jobs/sent-back").json["version"] == 1


def test_null_takes_away(ask: Client) -> None:
    added(
        ask, maxCount=3, taskCount=2, trigger={"type": "mine"}, overrides=[],
        scheduleStart="2027-01-01", timezone="Asia/Tokyo",
    )  # fmt: skip
    named = ("maxCount", "taskCount", "trigger", "overrides", "scheduleStart", "timezone")

    assert ask("PUT", "/ecs/jobs/sleeper-task", dict.fromkeys((*named, "schedule"))).status == 200

    assert looked_at(ask, "sleeper-task") == {
        **reference("sleeper-task"), "taskDefinition": "sleeper-task", "schedule": "25 */5",
        "taskCount": 1,
    }  # fmt: skip


def test_a_job_is_suspended_and_goes_on(ask: Client) -> None:
    added(ask)

    ask("PUT", "/ecs/jobs/sleeper-task", {"suspended": True, "taskCount": 3})
    suspended = ask("GET", "/ecs/jobs/sleeper-task").json
    ask("PUT", "/ecs/jobs/sleeper-task", {"suspended": False})

    assert suspended["suspended"] is True
    assert suspended["taskCount"] == 3
    assert "estimatedNextRun" not in suspended
    assert "suspended" not in ask("GET", "/ecs/jobs/sleeper-task").json
    events = [each["event"] for each in ask("GET", "/api/v1/logs?job_id=sleeper-task").json["logs"]]
    assert events[:3] == ["resumed", "modified", "added"]


def test_a_job_that_is_deleted_is_gone_and_may_come_again(ask: Client) -> None:
    added(ask)

    assert ask("DELETE", "/ecs/jobs/sleeper-task").json == {"id": "sleeper-task"}

    assert ask("GET", "/ecs/jobs/sleeper-task").status == 404
    assert added(ask) == "sleeper-task"


def test_the_list_comes_in_pages(ask: Client) -> None:
    for number in range(12):
        added(ask, id=f"job-{number:02}")
    ask.added(name="not of ECS")

    first = ask("GET", "/ecs/jobs").json
    second = ask("GET", first["next"]).json

    assert [job["id"] for job in first["jobs"]] == [f"job-{number:02}" for number in range(10)]
    assert [job["id"] for job in second["jobs"]] == ["job-10", "job-11"]
    assert (first.get("prev"), second["prev"], second.get("next")) == (None, "/ecs/jobs", None)
    middle = ask("GET", "/ecs/jobs?skip=5&count=3").json
    assert (middle["prev"], middle["next"]) == (
        "/ecs/jobs?skip=2&count=3",
        "/ecs/jobs?skip=8&count=3",
    )
    assert ask("GET", "/ecs/jobs?skip=2&count=5").json["prev"] == "/ecs/jobs?count=5"
    assert set(ask("GET", "/ecs/jobs?skip=30").json) == {"jobs"}


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"minute": "*/5"}, {"schedule": "0 */5"}),
        ({"ecs": "1 2 3"}, {"schedule": "1 2 3"}),
        ({"timezone": "Asia/Tokyo"}, {"schedule": "25 */5", "timezone": "Asia/Tokyo"}),
        ({"every": {"minutes": 5}}, {}),
        (
            {"pub_args": {"taskDefinition": "other", "taskCount": None, "maxCount": None}},
            {"schedule": "25 */5", "taskDefinition": "other"},
        ),
        ({"schedules": [{"minute": "1"}, {"hour": "2"}]}, {}),
        (
            {"pub_args": ["other", "2", None, [{"containerName": "c"}]]},
            {"schedule": "25 */5", "taskDefinition": "other", "taskCount": 2,
             "overrides": [{"containerName": "c"}]},
        ),
    ],
)  # fmt: skip
def test_what_is_changed_elsewhere_is_shown(
    ask: Client, change: dict[str, Any], shown: dict[str, Any]
) -> None:
    added(ask)

    assert ask("PUT", "/api/v1/jobs/sleeper-task", change).status == 200

    usual = {"taskDefinition": "sleeper-task", "taskCount": 1}
    assert looked_at(ask, "sleeper-task") == reference("sleeper-task") | usual | shown


def test_what_is_changed_here_is_kept_beside_what_is_said_elsewhere(ask: Client) -> None:
    added(ask)
    arguments = {"taskDefinition": "sleeper-task", "taskCount": 1, "follow": True}
    mail = [{"on": ["broken"], "after": 3, "rate": {"failures": 3, "of": 10}, "quiet": []}]
    here = {"pub_args": arguments, "name": "Sleepers", "jitter": 2, "mail": mail}
    ask("PUT", "/api/v1/jobs/sleeper-task", here)

    ask("PUT", "/ecs/jobs/sleeper-task", {"maxCount": 10})

    job = ask("GET", "/api/v1/jobs/sleeper-task").json
    assert job["pub_args"] == arguments | {"maxCount": 10}
    assert (job["name"], job["jitter"], job["ecs"]) == ("Sleepers", 2, "25 */5")
    assert job["mail"] == [a_mail_rule() | mail[0]]


REFUSED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {"taskDefinition": "missing", "schedule": "missing"}),
    ({"taskDefinition": "no blanks"}, {"schedule": "missing"}),
    (SLEEPER | {"taskDefinition": "no blanks"}, {"taskDefinition": "no task definition"}),
    (SLEEPER | {"taskDefinition": "_x"}, {"id": "begin with a letter"}),
    (SLEEPER | {"id": "a/b"}, {"id": "cannot be an id"}),
    (SLEEPER | {"schedule": "61"}, {"schedule": "61"}),
    (SLEEPER | {"schedule": "0 0 0 ?"}, {"schedule": "'?' can stand for"}),
    (SLEEPER | {"timezone": "Mars/Base"}, {"timezone": "Mars/Base"}),
    (SLEEPER | {"scheduleStart": "soon"}, {"scheduleStart": "no time"}),
    (SLEEPER | {"scheduleEnd": "2001-01-01"}, {"scheduleEnd": "has passed"}),
    (
        SLEEPER | {"scheduleStart": "2090-01-01", "scheduleEnd": "2080-01-01"},
        {"scheduleEnd": "scheduleStart"},
    ),
    (SLEEPER | {"taskCount": 0}, {"taskCount": "give 1 to 50"}),
    (SLEEPER | {"taskCount": "2"}, {"taskCount": "a whole number"}),
    (SLEEPER | {"maxCount": 51}, {"maxCount": "give 1 to 50"}),
    (SLEEPER | {"trigger": "sqs"}, {"trigger": "an object"}),
    (SLEEPER | {"trigger": {"queueName": "q"}}, {"trigger": "type"}),
    (SLEEPER | {"trigger": {"type": "sqs"}}, {"trigger": "queueName"}),
    (
        SLEEPER | {"trigger": {"type": "sqs", "queueName": "q", "messagesPerTask": 0}},
        {"trigger": "messagesPerTask: 0 is out of range"},
    ),
    (
        SLEEPER | {"trigger": {"type": "sqs", "queueName": "q", "messagesPerTask": "9"}},
        {"trigger": "messagesPerTask: give a whole number"},
    ),
    (SLEEPER | {"trigger": {"type": "sqs", "queueName": "q", "x": 1}}, {"trigger": "x: no such"}),
    (SLEEPER | {"overrides": {}}, {"overrides": "a list"}),
    (SLEEPER | {"overrides": [1]}, {"overrides": "[0]: give an object"}),
    (SLEEPER | {"overrides": [{}]}, {"overrides": "[0].containerName"}),
    (SLEEPER | {"overrides": [{"containerName": "c", "x": 1}]}, {"overrides": "[0].x: no such"}),
    (
        SLEEPER | {"overrides": [{"containerName": "c", "environment": []}]},
        {"overrides": "[0].environment: give an object"},
    ),
    (
        SLEEPER | {"overrides": [{"containerName": "c", "environment": {"N": 1}}]},
        {"overrides": "[0].environment.N: give a text"},
    ),
    (SLEEPER | {"suspended": "yes"}, {"suspended": "true, false"}),
    (SLEEPER | {"scheduledEnd": "2099-01-01"}, {"scheduledEnd": "no such field"}),
]


@pytest.mark.parametrize(("body", "faults"), REFUSED, ids=lambda each: str(each)[-50:])
def test_each_field_that_is_wrong_is_told(
    ask: Client, body: dict[str, Any], faults: dict[str, str]
) -> None:
    answer = ask("POST", "/ecs/jobs", body)

    assert answer.status == 400
    assert set(faults) <= set(answer.json["messages"])
    for name, fault in faults.items():
        [told] = answer.json["messages"][name]
        assert fault in told
        assert f"{name}: {told}" in answer.json["message"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", "/ecs/jobs", SLEEPER, 409, "Job sleeper-task already exists"),
        ("GET", "/ecs/jobs/x", None, 404, "Job x does not exist"),
        ("PUT", "/ecs/jobs/x", {"taskCount": 2}, 404, "Job x does not exist"),
        ("DELETE", "/ecs/jobs/x", None, 404, "Job x does not exist"),
        ("GET", "/ecs/nothing", None, 404, "There is no address '/ecs/nothing'."),
        ("PATCH", "/ecs/jobs", {}, 405, "/ecs/jobs does not take PATCH; use GET, POST."),
        ("POST", "/ecs/jobs", b"{", 400, "The body is not JSON"),
        ("GET", "/ecs/jobs?skip=-1", None, 400, "skip: -1 is out of range"),
        ("GET", "/ecs/jobs?count=few", None, 400, "count: 'few' is not understood"),
        ("GET", "/ecs/jobs?page=2", None, 400, "page: no such parameter"),
        ("PUT", "/ecs/jobs/sleeper-task", {"id": "x"}, 400, "id: cannot be changed"),
        ("PUT", "/ecs/jobs/sleeper-task", {"taskDefinition": None}, 400, "taskDefinition: "),
    ],
)
def test_refusals_have_the_words_of_ecs_scheduler(
    ask: Client, method: str, path: str, body: Any, status: int, message: str
) -> None:
    added(ask)

    answer = ask(method, path, body)

    assert answer.status == status
    assert answer.json["message"].startswith(message)


def test_a_job_of_another_class_is_none_of_ecs(ask: Client) -> None:
    job_id = ask.added(name="greets")

    for method, body in (("GET", None), ("PUT", {"taskCount": 2}), ("DELETE", None)):
        assert ask(method, f"/ecs/jobs/{job_id}", body).status == 404
    assert ask("POST", "/ecs/jobs", SLEEPER | {"id": job_id}).status == 409
    assert ask("GET", f"/api/v1/jobs/{job_id}").json["name"] == "greets"


def test_the_gate_guards_it_and_says_so_in_its_words(ask: Client, stranger: Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    foreign = {"Origin": "https://elsewhere.example"}

    assert ask("POST", "/ecs/jobs", b"a=b", form).status == 415
    assert ask("POST", "/ecs/jobs", SLEEPER, foreign).status == 403
    assert ask("DELETE", "/ecs/jobs/x", None, foreign).status == 403
    assert stranger("GET", "/ecs/jobs").status == 403
    for path in ("/ecs/", "/ecs/jobs", "/ecs/spec"):
        assert "access-control-allow-origin" not in ask("GET", path).headers


def test_what_ran_last_is_told(ask: Client) -> None:
    job_id = added(ask)
    assert "lastRun" not in ask("GET", f"/ecs/jobs/{job_id}").json

    ran = ask.ran(job_id)

    [listed] = ask("GET", "/ecs/jobs").json["jobs"]
    assert listed == ask("GET", f"/ecs/jobs/{job_id}").json
    assert listed["lastRun"] == ran["started_time"]
    assert listed["lastRunTasks"] == [{"taskId": "arn:1", "hostId": "arn:h"}, {"taskId": "arn:2"}]


def test_without_a_cluster_it_says_so(serving: Any, services: Services) -> None:
    told = "No cluster is set."
    with serving(replace(services, ecs=lambda: told)) as server:
        ask = client_of(server)
        for path in ("/ecs/", "/ecs/jobs", "/ecs/jobs/x", "/ecs/spec"):
            answer = ask("GET", path)
            assert (answer.status, answer.json) == (503, {"message": told})
            assert "retry-after" not in answer.headers
        assert ask("POST", "/ecs/jobs", SLEEPER).status == 503
