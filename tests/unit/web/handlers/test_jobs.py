"""Jobs over HTTP."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.values import USUAL_ON, a_mail_rule

MISSING = "0" * 32
KEYS = {
    "job_id", "name", "job_class_string", "pub_args", "next_run_time", "month", "day", "week",
    "day_of_week", "hour", "minute", "second", "year", "timezone", "paused", "coalesce", "misfire",
    "max_instances", "time_limit", "version", "created_time", "updated_time",
    "crontab", "ecs", "every", "anchor", "at", "schedules", "schedule",
    "start_date", "end_date", "jitter",
    "missed", "missed_limit", "grace", "overlap", "effective",
    "retry", "then_run", "on_failure_run",
    "keep_days", "keep_count",
    "windows", "mail", "paused_until", "tags", "notes", "managed_by", "trigger", "trigger_params",
}  # fmt: skip
USUAL_MAIL = [a_mail_rule(*USUAL_ON)]


def test_a_job_is_added_and_looked_at(ask: Any) -> None:
    answer = ask(
        "POST",
        "/api/v1/jobs",
        {
            "name": "täglich",
            "job_class_string": "web_jobs.greet.Greet",
            "pub_args": {"name": "ü", "times": 2},
            "hour": 3,
            "minute": "*/5",
            "timezone": "Europe/Berlin",
            "coalesce": False,
            "misfire": 90,
            "max_instances": 1,
            "time_limit": 2.5,
        },
    )
    assert answer.status == 201
    assert list(answer.json) == ["job_id"]

    job = ask("GET", f"/api/v1/jobs/{answer.json['job_id']}").json

    assert set(job) == KEYS
    assert job["name"] == "täglich"
    assert job["pub_args"] == {"name": "ü", "times": 2}
    fields = ("year", "month", "day", "week", "day_of_week", "hour", "minute", "second")
    assert [job[name] for name in fields] == ["*", "*", "*", "*", "*", "3", "*/5", "0"]
    assert job["next_run_time"].endswith("+00:00")
    assert job["timezone"] == "Europe/Berlin"
    assert (job["coalesce"], job["misfire"], job["max_instances"], job["time_limit"]) == (
        False,
        90,
        1,
        2.5,
    )
    assert (job["paused"], job["version"]) == (False, 1)


def test_its_id_may_be_chosen(ask: Any) -> None:
    chosen = "db-1:Nightly_backup." + "x" * 108

    assert ask.added(job_id=chosen) == chosen
    again = ask("POST", "/api/v1/jobs", GOOD | {"job_id": chosen})
    path = f"/api/v1/jobs/{chosen}"
    assert (again.status, chosen in again.json["error"]) == (409, True)
    assert (ask("GET", path).json["job_id"], ask("GET", path).json["version"]) == (chosen, 1)
    run = ask("POST", f"{path}/run").json["execution_id"]
    assert ask("GET", f"/api/v1/executions/{run}").json["job"]["job_id"] == chosen
    page = ask("GET", f"/api/v1/executions?job_id={chosen}").json["executions"]
    assert [each["execution_id"] for each in page] == [run]
    assert ask("PUT", path, {"job_id": "passed over", "name": "b"}).json == {"job_id": chosen}
    assert ask("DELETE", path).status == 200

    assert ask.added(job_id=chosen) == chosen
    assert ask("GET", path).json["version"] == 4
    assert len(ask.added(job_id=None)) == 32


def test_lists_go_on_behind_chosen_ids(ask: Any) -> None:
    ids = [ask.added(job_id=each, tags=["chosen"]) for each in ("a:b", "a.c", "A_", "b")]

    seen, cursor = [], ""
    while cursor is not None:
        page = ask("GET", f"/api/v1/jobs?tag=chosen&limit=1{cursor}").json
        seen += [each["job_id"] for each in page["jobs"]]
        following = page["next_cursor"]
        cursor = following and f"&cursor={quote(following)}"

    assert seen == sorted(ids)


def test_it_may_begin_paused(ask: Any) -> None:
    job = ask("GET", f"/api/v1/jobs/{ask.added(paused=True)}").json

    assert (job["paused"], job["next_run_time"]) == (True, "")


def test_how_long_its_executions_are_kept_is_its_own_affair(ask: Any) -> None:
    job_id = ask.added(keep_days=30, keep_count=100)
    path = f"/api/v1/jobs/{job_id}"

    def kept() -> tuple[Any, Any]:
        job = ask("GET", path).json
        return job["keep_days"], job["keep_count"]

    assert kept() == (30, 100)
    assert ask("PUT", path, {"keep_count": None, "keep_days": 7}).status == 200
    assert kept() == (7, None)
    answer = ask("PUT", path, {"keep_count": 0, "keep_days": 36_501})
    assert answer.status == 422
    assert set(answer.json["fields"]) == {"keep_count", "keep_days"}
    assert (
        "keep_days: 30 -> 7"
        in ask("GET", f"/api/v1/logs?job_id={job_id}").json["logs"][0]["description"]
    )


def test_a_job_with_seconds_alone_is_possible(ask: Any) -> None:
    job_id = ask.added(hour=None, second="*/10")

    assert ask("GET", f"/api/v1/jobs/{job_id}").json["second"] == "*/10"


def test_what_a_look_gives_can_be_sent_back(ask: Any) -> None:
    job_id = ask.added(minute="*/7")
    before = ask("GET", f"/api/v1/jobs/{job_id}").json

    assert ask("PUT", f"/api/v1/jobs/{job_id}", before).json == {"job_id": job_id}

    assert ask("GET", f"/api/v1/jobs/{job_id}").json == before


def test_a_change_of_an_old_version_is_refused(ask: Any) -> None:
    job_id = ask.added()
    assert ask("PUT", f"/api/v1/jobs/{job_id}", {"name": "new", "version": 1}).status == 200

    answer = ask("PUT", f"/api/v1/jobs/{job_id}", {"name": "newer", "version": 1})

    assert answer.status == 409
    assert "version 2, yours is 1" in answer.json["error"]
    assert ask("GET", f"/api/v1/jobs/{job_id}").json["name"] == "new"


@pytest.mark.parametrize(("method", "path"), [("PATCH", ""), ("POST", "/pause")])
def test_a_job_is_paused_until_a_time(ask: Any, method: str, path: str) -> None:
    job_id = ask.added()

    answer = ask(method, f"/api/v1/jobs/{job_id}{path}", {"until": "2090-01-01T00:00:00+01:00"})

    assert answer.json == {"job_id": job_id}
    job = ask("GET", f"/api/v1/jobs/{job_id}").json
    assert (job["paused"], job["paused_until"]) == (True, "2089-12-31T23:00:00+00:00")
    assert ask("PUT", f"/api/v1/jobs/{job_id}", job).status == 200
    for until, status in (("soon", 400), ("1999-01-01", 422), (7, 400)):
        answer = ask(method, f"/api/v1/jobs/{job_id}{path}", {"until": until})
        assert (answer.status, list(answer.json["fields"])) == (status, ["until"])
    ask(method, f"/api/v1/jobs/{job_id}{path}")
    assert ask("GET", f"/api/v1/jobs/{job_id}").json["paused_until"] is None


def test_rules_are_given_as_they_are_taken(ask: Any) -> None:
    given = {"missed": "all", "missed_limit": 5, "grace": 2.5, "overlap": {"queue": 3}}
    job_id = ask.added(**given)

    job = ask("GET", f"/api/v1/jobs/{job_id}").json

    assert {name: job[name] for name in given} == given
    assert (job["coalesce"], job["max_instances"], job["misfire"]) == (False, 1, None)
    usual = {"max_instances": 1, "misfire": 3600, "time_limit": None, "mail": USUAL_MAIL}
    assert job["effective"] == given | usual
    assert ask("PUT", f"/api/v1/jobs/{job_id}", job).status == 200
    assert ask("GET", f"/api/v1/jobs/{job_id}").json == job
    ask("PUT", f"/api/v1/jobs/{job_id}", job | {"coalesce": True})
    assert ask("GET", f"/api/v1/jobs/{job_id}").json["missed"] == "latest"


def test_retries_and_followers_are_given_as_they_are_taken(ask: Any) -> None:
    other = ask.added(name="other")
    rules = {"retry": {"attempts": 5}, "then_run": [other], "on_failure_run": []}
    job_id = ask.added(**rules)

    job = ask("GET", f"/api/v1/jobs/{job_id}").json

    usual = {"delay": 60, "factor": 2, "max_delay": 3600, "jitter": 0.1}
    assert job["retry"] == {"attempts": 5} | usual
    assert (job["then_run"], job["on_failure_run"]) == ([other], None)
    assert ask("PUT", f"/api/v1/jobs/{job_id}", job).status == 200
    assert ask("GET", f"/api/v1/jobs/{job_id}").json == job
    refused = ask("PUT", f"/api/v1/jobs/{other}", {"on_failure_run": [job_id]})
    assert (refused.status, list(refused.json["fields"])) == (422, ["on_failure_run"])
    assert ask("DELETE", f"/api/v1/jobs/{other}").status == 409
    ask("PUT", f"/api/v1/jobs/{job_id}", {"retry": None, "then_run": None})
    after = ask("GET", f"/api/v1/jobs/{job_id}").json
    assert (after["retry"], after["then_run"]) == (None, None)


def test_null_gives_a_policy_back_to_the_default(ask: Any) -> None:
    job_id = ask.added(misfire=5, coalesce=True)

    ask("PUT", f"/api/v1/jobs/{job_id}", {"misfire": None})

    job = ask("GET", f"/api/v1/jobs/{job_id}").json
    assert (job["misfire"], job["coalesce"]) == (None, True)


@pytest.mark.parametrize(
    ("pause", "resume"),
    [
        (("PATCH", ""), ("OPTIONS", "")),
        (("POST", "/pause"), ("POST", "/resume")),
    ],
)
def test_a_job_is_paused_and_resumed(
    ask: Any, pause: tuple[str, str], resume: tuple[str, str]
) -> None:
    path = f"/api/v1/jobs/{ask.added()}"

    assert ask(pause[0], path + pause[1]).json == {"job_id": path[-32:]}
    paused = ask("GET", path).json
    assert (paused["paused"], paused["next_run_time"]) == (True, "")

    assert ask(resume[0], path + resume[1]).json == {"job_id": path[-32:]}
    resumed = ask("GET", path).json
    assert resumed["paused"] is False
    assert resumed["next_run_time"]


def test_a_deleted_job_is_gone(ask: Any) -> None:
    path = f"/api/v1/jobs/{ask.added()}"

    assert ask("DELETE", path).json == {"job_id": path[-32:]}

    assert ask("GET", path).status == 404


@pytest.mark.parametrize("path", ["/api/v1/executions/{}", "/api/v1/jobs/{}/run"])
def test_a_job_is_run_now_and_its_output_kept(ask: Any, path: str) -> None:
    job_id = ask.added(pub_args=["<b>Bob</b>", 2])

    answer = ask("POST", path.format(job_id))

    assert answer.status == 200
    execution = ask.ended(answer.json["execution_id"])
    assert (execution["state"], execution["user"]) == ("succeeded", "ann")
    output = ask("GET", f"/api/v1/executions/{execution['execution_id']}/output?format=text")
    assert output.text == "Hello, <b>Bob</b>!\n" * 2
    assert output.headers["content-type"] == "text/plain; charset=utf-8"


def test_jobs_are_listed_by_page_and_filter(ask: Any) -> None:
    names = [f"paged {number}" for number in range(5)]
    ids = [ask.added(name=name) for name in names]
    ask("PATCH", f"/api/v1/jobs/{ids[2]}")
    found, cursor = [], ""
    while cursor is not None:
        answer = ask("GET", f"/api/v1/jobs?text=PAGED&limit=2&cursor={cursor}").json
        assert len(answer["jobs"]) <= 2
        found += [job["name"] for job in answer["jobs"]]
        cursor = answer["next_cursor"]

    assert found == names
    for given, expected in (("paused=true", 1), ("paused=0", 4), ("job_class=none", 0)):
        assert len(ask("GET", f"/api/v1/jobs?text=paged&{given}").json["jobs"]) == expected


def test_a_listed_job_is_the_job(ask: Any) -> None:
    job_id = ask.added(name="listed")
    for change in ({"name": "listed 2"}, {"pub_args": ['"\\\n\u2028']}, {"minute": "5"}):
        ask("PUT", f"/api/v1/jobs/{job_id}", change)

        (listed,) = ask("GET", "/api/v1/jobs?text=listed").json["jobs"]

        assert listed == ask("GET", f"/api/v1/jobs/{job_id}").json


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/jobs/{}", None),
        ("PUT", "/api/v1/jobs/{}", {"name": "x"}),
        ("DELETE", "/api/v1/jobs/{}", None),
        ("PATCH", "/api/v1/jobs/{}", None),
        ("OPTIONS", "/api/v1/jobs/{}", None),
        ("POST", "/api/v1/jobs/{}/pause", None),
        ("POST", "/api/v1/jobs/{}/resume", None),
        ("POST", "/api/v1/jobs/{}/run", None),
        ("POST", "/api/v1/executions/{}", None),
        ("GET", "/api/v1/executions/{}", None),
        ("DELETE", "/api/v1/executions/{}", None),
        ("GET", "/api/v1/executions/{}/output", None),
        ("DELETE", "/api/v1/files/{}", None),
        ("OPTIONS", "/api/v1/files/{}", None),
    ],
)
@pytest.mark.parametrize("identifier", [MISSING, "x", "%27%20OR%201", "%F0%9F%92%A9"])
def test_unknown_ids_are_not_found(
    ask: Any, method: str, path: str, body: Any, identifier: str
) -> None:
    answer = ask(method, path.format(identifier), body)

    assert answer.status == 404
    assert answer.json["error"].startswith("There is no ")


GOOD = {"name": "x", "job_class_string": "web_jobs.greet.Greet", "hour": "3"}


@pytest.mark.parametrize(
    ("change", "status", "field", "words"),
    [
        ({"name": None}, 400, "name", "null was given; give a text"),
        ({"name": 5}, 400, "name", "a number was given; give a text"),
        ({"name": ""}, 422, "name", "1 to 255 characters"),
        ({"name": "two\nlines"}, 422, "name", "line breaks"),
        ({"minute": True}, 400, "minute", "true or false was given"),
        ({"minute": 1.5}, 400, "minute", "a fraction was given"),
        ({"minute": 99}, 422, "minute", "'99' is out of range; minute takes 0 to 59"),
        ({"minute": "abc"}, 422, "minute", "'abc' is not understood"),
        ({"day": "30", "month": "2"}, 422, "schedule", "never comes"),
        ({"pub_args": "text"}, 400, "pub_args", "give a list or an object"),
        ({"pub_args": None}, 400, "pub_args", "null was given"),
        ({"job_class_string": "web_jobs.greet.Nobody"}, 422, "job_class_string", "no job folder"),
        ({"job_class_string": "web_jobs.broken.Any"}, 422, "job_class_string", "cannot be loaded"),
        ({"timezone": "Mars/Base"}, 422, "timezone", "no known time zone"),
        ({"max_instances": 0}, 422, "max_instances", "0 is out of range; give 1 to"),
        ({"max_instances": 1.5}, 400, "max_instances", "whole number"),
        ({"max_instances": True}, 400, "max_instances", "true or false was given"),
        ({"misfire": 1e300}, 422, "misfire", "out of range"),
        ({"misfire": -1}, 422, "misfire", "out of range"),
        ({"time_limit": 0}, 422, "time_limit", "out of range"),
        ({"missed": "never"}, 422, "missed", "give skip or latest or all"),
        ({"missed_limit": 1001}, 422, "missed_limit", "give 1 to 1000"),
        ({"grace": "x"}, 400, "grace", "a number or null"),
        ({"overlap": "no"}, 400, "overlap", '{"queue": 5}'),
        ({"overlap": {"queue": 0}}, 422, "overlap", "give 1 to"),
        ({"overlap": "skip", "max_instances": 2}, 422, "overlap", "leave one of them off"),
        ({"retry": 3}, 400, "retry", "a number was given; give an object with any of attempts"),
        ({"retry": {"tries": 3}}, 400, "retry", "an object with tries was given; give an object"),
        ({"overlap": {"allow": 2, "queue": 3}}, 400, "overlap", "with allow, queue was given"),
        ({"retry": {"attempts": 1}}, 422, "retry", "attempts: 1 is out of range; give 2 to 100"),
        ({"then_run": "x"}, 400, "then_run", "a list of job ids, or null"),
        ({"on_failure_run": ["x"]}, 422, "on_failure_run", "there is no job 'x'"),
        ({"coalesce": "yes"}, 400, "coalesce", "give true, false or null"),
        ({"job_id": "ä"}, 422, "job_id", "begin with a letter or a digit"),
        ({"job_id": "bulk"}, 422, "job_id", "has a meaning of its own"),
        ({"job_id": 7}, 400, "job_id", "a number was given; give a text"),
        ({"minut": "5"}, 400, "minut", "no such field; there are name"),
        ({"crontab": "@daily"}, 422, "schedule", "not hour and crontab"),
        ({"hour": None, "crontab": "61 * * * *"}, 422, "crontab", "'61' is out of range"),
        ({"hour": None, "crontab": 5}, 400, "crontab", "give a text"),
        ({"hour": None, "every": {"weeks": 1}}, 400, "every", "one of seconds, minutes"),
        ({"hour": None, "every": {"hours": "1"}}, 400, "every", "whole numbers"),
        ({"hour": None, "every": {"weeks": 1}}, 400, "every", "an object with weeks was given"),
        ({"hour": None, "every": {"hours": 1, "days": 1}}, 400, "every", "give one of"),
        ({"hour": None, "every": {"hours": 0}}, 422, "every", "between 1 second"),
        ({"hour": None, "at": "tomorrow"}, 400, "at", "no time; write for example"),
        ({"hour": None, "at": "2001-01-01T00:00"}, 422, "at", "has passed"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_what_is_accepted(
    ask: Any, change: dict[str, Any], status: int, field: str, words: str
) -> None:
    answer = ask("POST", "/api/v1/jobs", GOOD | change)

    assert answer.status == status
    assert list(answer.json["fields"]) == [field]
    assert words in answer.json["fields"][field]
    assert field in answer.json["error"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (
            {"crontab": "*/5 8-18 * * mon-fri"},
            "every 5 minutes from 08:00 to 18:55 on Monday to Friday (UTC)",
        ),
        ({"every": {"seconds": 30}}, "every 30 seconds (UTC)"),
        ({"at": "2090-01-31T18:30:00+01:00"}, "once, at 2090-01-31 17:30:00 (UTC)"),
    ],
)
def test_other_forms_of_a_schedule_are_taken_and_given(
    ask: Any, form: dict[str, Any], words: str
) -> None:
    body = {"name": "form", "job_class_string": GOOD["job_class_string"], **form}
    address = f"/api/v1/jobs/{ask('POST', '/api/v1/jobs', body).json['job_id']}"

    job = ask("GET", address).json
    assert job["schedule"] == words
    assert job["minute"] is None
    assert job["next_run_time"]
    if "at" not in form:
        assert {name: job[name] for name in form} == form
    # What was given may be sent back: nothing changes.
    assert ask("PUT", address, job).status == 200
    assert ask("GET", address).json == job


SEVERAL = {
    "schedules": [
        {"crontab": "30 2 * * *"},
        {"hour": "12", "day_of_week": "mon-fri"},
        {"every": {"hours": 6}, "anchor": "2027-01-01T00:00:00+00:00"},
        {"ecs": "0 15 2 * * last_sun"},
        {"at": "2090-01-31T17:30:00+00:00"},
    ]
}


@pytest.mark.parametrize(
    "said",
    [
        SEVERAL,
        {"ecs": "0 15 2 * * last_sun"},
        {"every": {"days": 2}, "anchor": "2027-01-01T00:00:00+00:00"},
        {"minute": "*/5", "start_date": "2080-01-01T00:00:00+00:00", "jitter": 60},
        {"crontab": "@daily", "end_date": "2090-01-01T00:00:00+00:00"},
        SEVERAL | {"start_date": "2027-01-01T00:00:00+00:00", "jitter": 30},
    ],
)
def test_schedules_and_bounds_are_given_back_and_can_be_sent_back(
    ask: Any, said: dict[str, Any]
) -> None:
    address = f"/api/v1/jobs/{ask.added(hour=None, **said)}"
    job = ask("GET", address).json

    assert {name: job[name] for name in said} == said
    assert ask("PUT", address, job).status == 200
    assert ask("GET", address).json == job


def test_a_change_of_the_schedule_leaves_its_bounds_and_null_takes_them_away(ask: Any) -> None:
    bounds = {"start_date": "2080-01-01T00:00:00+00:00", "jitter": 60}
    address = f"/api/v1/jobs/{ask.added(**bounds)}"

    ask("PUT", address, {"crontab": "@hourly"})
    job = ask("GET", address).json
    assert {name: job[name] for name in bounds} == bounds
    assert job["crontab"] == "@hourly"

    ask("PUT", address, {"start_date": None, "jitter": None})
    job = ask("GET", address).json
    assert (job["start_date"], job["jitter"], job["crontab"]) == (None, 0, "@hourly")
    assert job["schedule"] == "every hour on the hour (UTC)"


def test_what_was_drawn_for_question_marks_stays_when_they_are_sent_again(ask: Any) -> None:
    address = f"/api/v1/jobs/{ask.added(hour=None, ecs='? ? 3')}"
    before = ask("GET", address).json
    assert "?" not in before["ecs"]

    ask("PUT", address, {"ecs": "? ? 3"})

    assert ask("GET", address).json == before


def test_an_interval_counts_from_the_start(ask: Any) -> None:
    said = {"every": {"hours": 6}, "start_date": "2080-01-01T01:00", "timezone": "Asia/Kolkata"}
    job = ask("GET", f"/api/v1/jobs/{ask.added(hour=None, **said)}").json

    assert job["next_run_time"] == job["start_date"] == job["anchor"] == "2079-12-31T19:30:00+00:00"


@pytest.mark.parametrize(
    ("said", "status", "field", "words"),
    [
        ({"ecs": "0 0 0 ?"}, 422, "ecs", "'?' can stand for"),
        ({"anchor": "2027-01-01T00:00"}, 422, "schedule", "none was given"),
        ({"crontab": "@daily", "anchor": "2027-01-01T00:00"}, 422, "anchor", "give both"),
        ({"schedules": []}, 422, "schedules", "has 0 entries; give 1 to 20"),
        ({"schedules": "@daily"}, 400, "schedules", "give a list of objects"),
        ({"schedules": [{"hour": 2}, 5]}, 400, "schedules[1]", "a number was given; give an obj"),
        ({"crontab": "@daily", "minute": 5}, 422, "schedule", "; not minute and crontab"),
        ({"schedules": [{"crontab": "@daily"}, {"hour": "25"}]}, 422, "schedules[1].hour", "25"),
        ({"schedules": [{"crontab": "@daily"}, {}]}, 422, "schedules[1].schedule", "none was"),
        ({"schedules": [{"hours": "2"}]}, 400, "schedules[0].hours", "no such field"),
        ({"schedules": [{"schedules": []}]}, 400, "schedules[0].schedules", "no such field"),
        ({"schedules": [{"hour": "1"}], "hour": "2"}, 422, "schedule", "not hour and schedules"),
        ({"hour": "1", "jitter": -1}, 422, "jitter", "give 0 to 43200"),
        ({"hour": "1", "jitter": 0.5}, 400, "jitter", "whole number"),
        ({"hour": "1", "end_date": "2001-01-01"}, 422, "end_date", "has passed"),
        ({"hour": "1", "start_date": "soon"}, 400, "start_date", "no time"),
        (
            {"hour": "1", "start_date": "2080-01-02", "end_date": "2080-01-01"},
            *(422, "end_date", "lies before start_date"),
        ),
        (
            {"crontab": "0 0 1 1 *", "start_date": "2080-01-02", "end_date": "2080-12-31"},
            *(422, "schedule", "never comes from 2080-01-02 00:00:00 UTC until 2080-12-31"),
        ),
        (
            {"schedules": [{"hour": "1"}, {"at": "2090-01-01"}], "end_date": "2080-01-01"},
            *(422, "schedules[1]", "once, at 2090-01-01 00:00:00 (UTC) never comes until"),
        ),
    ],
)  # fmt: skip
def test_a_wrong_schedule_is_named_with_its_place(
    ask: Any, said: dict[str, Any], status: int, field: str, words: str
) -> None:
    answer = ask("POST", "/api/v1/jobs", GOOD | {"hour": None} | said)

    assert answer.status == status
    assert list(answer.json["fields"]) == [field]
    assert words in answer.json["fields"][field]


def test_all_faults_are_told_at_once(ask: Any) -> None:
    answer = ask("POST", "/api/v1/jobs", {"pub_args": 1, "minute": []})

    assert answer.status == 400
    assert set(answer.json["fields"]) == {"name", "job_class_string", "pub_args", "minute"}
    assert answer.json["fields"]["name"] == "missing"


def test_a_job_without_schedule_is_refused(ask: Any) -> None:
    answer = ask("POST", "/api/v1/jobs", GOOD | {"hour": None})

    assert answer.status == 400
    assert "at least one of year, month" in answer.json["fields"]["schedule"]


def test_extra_keys_of_older_clients_do_no_harm(ask: Any) -> None:
    extra = {"job_id": "x", "next_run_time": "", "job_class_name": "Greet"}

    assert ask("POST", "/api/v1/jobs", GOOD | extra).status == 201


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("limit=0", "limit", "0 is out of range; give 1 to 10000"),
        ("limit=ten", "limit", "'ten'"),
        ("paused=maybe", "paused", "'maybe' is not understood; give true or false"),
        ("jobclass=x", "jobclass", "no such parameter; there are text, job_class"),
    ],
)
def test_a_wrong_parameter_is_named(ask: Any, query: str, field: str, words: str) -> None:
    answer = ask("GET", f"/api/v1/jobs?{query}")

    assert answer.status == 400
    assert words in answer.json["fields"][field]


def test_a_strange_cursor_is_refused(ask: Any) -> None:
    answer = ask("GET", "/api/v1/jobs?cursor=abc")

    assert answer.status == 422
    assert "was not given by this list" in answer.json["fields"]["cursor"]


@pytest.mark.parametrize("act", ["PATCH", "OPTIONS", "DELETE"])
def test_changes_are_audited_with_the_users_name(
    ask: Any, act: str, server: Any, as_user: Callable[[str], Any]
) -> None:
    job_id = ask.added(name="audited")
    bob = as_user("Bøb / \U0001f98a")
    bob("PATCH", f"/api/v1/jobs/{job_id}")
    bob(act, f"/api/v1/jobs/{job_id}")

    logs = ask("GET", f"/api/v1/logs?job_id={job_id}").json["logs"]

    assert {log["user"] for log in logs if log["event"] != "added"} == {"Bøb / \U0001f98a"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/jobs/{}/resume"),
        ("OPTIONS", "/api/v1/jobs/{}"),
        ("DELETE", "/api/v1/jobs/{}"),
        ("GET", "/api/v1/jobs/{}"),
        ("GET", "/api/v1/jobs"),
    ],
)
def test_a_body_that_nobody_reads_is_refused(ask: Any, method: str, path: str) -> None:
    job_id = ask.added()

    answer = ask(method, path.format(job_id), {"pub_args": ["other"]})

    assert answer.status == 400
    assert answer.json["error"] == f"{method} takes no body here; leave it off."
    assert ask("GET", f"/api/v1/jobs/{job_id}").json["paused"] is False


def test_a_method_that_is_not_taken_is_told_even_with_a_body(ask: Any) -> None:
    answer = ask("POST", f"/api/v1/jobs/{ask.added()}", {"name": "other"})

    assert answer.status == 405
    assert "does not take POST; use GET, PUT" in answer.json["error"]


def test_an_empty_object_is_no_body(ask: Any) -> None:
    assert ask("POST", f"/api/v1/jobs/{ask.added()}/pause", {}).status == 200


def test_the_character_nul_is_refused_everywhere(ask: Any) -> None:
    for path in ("jobs?text=%00", "jobs?job_class=%00", "executions?retry_of=%00", "logs?user=%00"):
        answer = ask("GET", f"/api/v1/{path}")
        assert (answer.status, len(answer.json["fields"])) == (422, 1)
    assert ask("GET", "/api/v1/jobs/%00").status == 404
    for given in ({"name": "a\0"}, {"pub_args": [{"x": "\0"}]}, {"pub_args": {"\0": 1}}):
        answer = ask("POST", "/api/v1/jobs", given)
        assert (answer.status, list(answer.json["fields"])) == (422, list(given))


TYPED = "web_jobs.greet.Typed"


def argument_faults(answer: Any) -> dict[str, str]:
    assert answer.status == 422, answer.text
    return dict(answer.json["fields"])


def test_a_job_is_refused_with_a_word_on_each_argument(ask: Any) -> None:
    job = {"name": "n", "job_class_string": TYPED, "hour": 3, "pub_args": ["many", "sesame"]}

    told = argument_faults(ask("POST", "/api/v1/jobs", job))

    assert told["pub_args[0]"] == "count: 'many' is not a whole number; give one such as 10"
    assert "no secret of this name" in told["pub_args[1]"]
    assert "sesame" not in str(told)


def test_what_a_job_has_already_stays_when_other_things_change(ask: Any) -> None:
    job_id = ask.added(job_class_string=TYPED, pub_args=[1, "token"])
    path = f"/api/v1/jobs/{job_id}"

    assert ask("PUT", path, ask("GET", path).json | {"name": "other"}).status == 200
    assert set(argument_faults(ask("PUT", path, {"pub_args": {"count": "x"}}))) == {
        "pub_args.count"
    }
    assert ask("PUT", path, {"pub_args": {"count": "7"}}).status == 200


def test_a_run_with_other_arguments_is_recorded_and_told(ask: Any) -> None:
    job_id = ask.added(job_class_string=TYPED, pub_args=[1])
    for path in (f"/api/v1/jobs/{job_id}/run", f"/api/v1/executions/{job_id}"):
        assert set(argument_faults(ask("POST", path, {"pub_args": ["x"]}))) == {"pub_args[0]"}
        answer = ask("POST", path, {"pub_args": [2, "token"]})

        execution = ask.ended(answer.json["execution_id"])
        assert execution["job"]["pub_args"] == [2, "token"]
        assert execution["result_data"] == [2, 26]
    assert ask("GET", f"/api/v1/jobs/{job_id}").json["pub_args"] == [1]
    [line, _other] = ask("GET", f"/api/v1/logs?job_id={job_id}&event=custom_run").json["logs"]
    assert line["changes"] == [{"field": "pub_args", "before": [1], "after": [2, "token"]}]


def test_who_gets_mails_and_when_is_set_changed_and_sent_back(ask: Any) -> None:
    window = {"name": "night", "timezone": "UTC", "crontab": "0 22 * * *", "duration": 32400}
    rules = [
        {"on": ["failure", "lost"], "profiles": ["ops"], "to": ["Ann <ann@example.com>"]},
        {"on": ["broken", "still_failing", "recovered"], "after": 3, "every": 3600},
        {"on": ["changed"], "rate": {"failures": 3, "of": 10}, "quiet": [window], "most_a_day": 0},
        {"on": ["success"], "quiet": []},
    ]
    job_id = ask.added(mail=rules)
    path = f"/api/v1/jobs/{job_id}"
    job = ask("GET", path).json
    assert job["mail"] == [a_mail_rule() | each for each in rules]
    assert job["effective"]["mail"] == job["mail"]

    assert ask("PUT", path, job).status == 200
    assert ask("GET", path).json == job
    for given, effective in (([], []), (None, USUAL_MAIL)):
        assert ask("PUT", path, {"mail": given}).status == 200
        changed = ask("GET", path).json
        assert (changed["mail"], changed["effective"]["mail"]) == (given, effective)


@pytest.mark.parametrize(
    ("mail", "status", "words"),
    [
        ("failure", 400, "a list of objects"),
        ([{"on": ["failure"], "cc": []}], 400, "without 'cc'"),
        ([{"on": []}], 422, "on: it is empty"),
        ([{"on": ["burnt"]}], 422, "give some of output, success, failure"),
        ([{"on": ["lost"], "to": ["nobody"]}], 422, "'nobody' is not a mail address"),
        (
            [{"on": ["lost"], "profiles": ["x"]}],
            422,
            "profile or channel 'x'; there are dev, ops",
        ),
    ],
)
def test_mail_rules_that_make_no_sense_are_refused(
    ask: Any, mail: Any, status: int, words: str
) -> None:
    new = {"name": "x", "job_class_string": "web_jobs.greet.Greet", "hour": 1, "mail": mail}
    kept = ask.added()
    for answer in (
        ask("POST", "/api/v1/jobs", new),
        ask("PUT", f"/api/v1/jobs/{kept}", {"mail": mail}),
    ):
        assert answer.status == status
        assert words in answer.json["fields"]["mail"]


def test_a_schedule_is_said_and_told_as_later_versions_of_ndscheduler_do(ask: Any) -> None:
    cron = ask.added(hour=None, trigger="cron", trigger_params={"minute": "*/1", "hour": 7})
    interval = ask.added(hour=None, trigger="interval", trigger_params={"interval": 3600})
    daily = ask.added(hour=None, every={"days": 1})

    [first, second, third] = [ask("GET", f"/api/v1/jobs/{i}").json for i in (cron, interval, daily)]

    assert (first["trigger"], first["minute"], first["hour"]) == ("cron", "*/1", "7")
    assert first["trigger_params"]["minute"] == "*/1"
    assert set(first["trigger_params"]) == {
        "year", "month", "day", "week", "day_of_week", "hour", "minute", "second",
    }  # fmt: skip
    assert (second["trigger"], second["trigger_params"]) == ("interval", {"interval": 3600})
    assert second["every"] == {"seconds": 3600}
    assert (third["trigger"], third["trigger_params"]) == (None, None)


def test_of_trigger_and_other_keys_the_one_counts_that_is_new(ask: Any) -> None:
    path = f"/api/v1/jobs/{ask.added(every={'minutes': 90}, hour=None)}"
    job = ask("GET", path).json

    assert ask("PUT", path, job).status == 200
    assert ask("GET", path).json["version"] == 1

    ask("PUT", path, job | {"trigger_params": {"interval": 60}})
    job = ask("GET", path).json
    assert (job["every"], job["trigger_params"]) == ({"seconds": 60}, {"interval": 60})

    cron = {"trigger": "cron", "trigger_params": {"minute": "5"}}
    answer = ask("PUT", path, job | {"every": None, "anchor": None, "crontab": "6 * * * *"} | cron)
    assert (answer.status, list(answer.json["fields"])) == (422, ["trigger_params"])
    ask("PUT", path, {"minute": 5, "hour": "*"} | cron)
    job = ask("GET", path).json
    assert job["minute"] == job["trigger_params"]["minute"] == "5"

    ask("PUT", path, job | {"minute": "*/7"})
    assert ask("GET", path).json["trigger_params"]["minute"] == "*/7"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"trigger": "date", "trigger_params": {}}, "trigger"),
        ({"trigger": "cron"}, "trigger_params"),
        ({"trigger": "cron", "trigger_params": {}}, "trigger_params"),
        ({"trigger": "cron", "trigger_params": "*/5"}, "trigger_params"),
        ({"trigger": "cron", "trigger_params": {"interval": 5}}, "trigger_params.interval"),
        ({"trigger": "interval", "trigger_params": {}}, "trigger_params.interval"),
        ({"trigger": "interval", "trigger_params": {"interval": 0}}, "trigger_params.interval"),
    ],
)
def test_a_trigger_that_makes_no_sense_is_refused(
    ask: Any, said: dict[str, Any], field: str
) -> None:
    body = {"name": "x", "job_class_string": "web_jobs.greet.Greet"} | said
    answer = ask("POST", "/api/v1/jobs", body)

    assert answer.status in {400, 422}
    assert field in answer.json["fields"]


def test_empty_cron_fields_say_nothing_as_some_clients_send_them(ask: Any) -> None:
    path = f"/api/v1/jobs/{ask.added(every={'days': 1}, hour=None)}"
    empty = dict.fromkeys(("month", "day", "day_of_week", "hour", "minute"), "")

    assert ask("PUT", path, {"name": "renamed"} | empty).status == 200
    job = ask("GET", path).json
    assert (job["name"], job["every"]) == ("renamed", {"days": 1})


def test_what_holds_for_jobs_that_say_nothing_is_told(ask: Any) -> None:
    told = ask("GET", "/api/v1/defaults").json

    assert told["rules"]["missed"] == "latest"
    assert told["mail"]["digest_at"] == "08:00"
    assert told["mail"]["quiet"] == []
