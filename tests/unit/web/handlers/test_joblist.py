"""Lists of jobs over HTTP: sorted, filtered, counted, with how each fares; many at once."""

from collections.abc import Callable
from typing import Any

import pytest

MISSING = "0" * 32


@pytest.fixture
def several(ask: Any) -> Callable[..., list[str]]:
    """Jobs whose names begin alike, each with one of these changes."""

    def add(prefix: str, *changes: dict[str, Any]) -> list[str]:
        return [
            ask.added(**{"name": f"{prefix} {number}"} | change)
            for number, change in enumerate(changes)
        ]

    return add


def listed(ask: Any, query: str) -> Any:
    answer = ask("GET", f"/api/v1/jobs?{query}")
    assert answer.status == 200, answer.text
    return answer.json


def ids(ask: Any, query: str) -> list[str]:
    return [job["job_id"] for job in listed(ask, query)["jobs"]]


def test_tags_and_notes_are_given_as_they_are_taken(ask: Any) -> None:
    notes = "Backs up /srv.\r\n\n  <b>Call</b> Ann when it fails. "
    path = f"/api/v1/jobs/{ask.added(tags=['Nightly', 'db', ' nightly '], notes=notes)}"

    job = ask("GET", path).json

    assert job["tags"] == ["db", "nightly"]
    assert job["notes"] == "Backs up /srv.\n\n  <b>Call</b> Ann when it fails."
    assert ask("PUT", path, job).status == 200
    assert ask("GET", path).json == job
    ask("PUT", path, {"hour": "4"})
    assert ask("GET", path).json["tags"] == job["tags"]
    ask("PUT", path, {"tags": None, "notes": None})
    after = ask("GET", path).json
    assert (after["tags"], after["notes"], after["version"]) == ([], "", 3)
    told = ask("GET", f"/api/v1/logs?job_id={path[-32:]}").json["logs"][0]["description"]
    assert "tags: db, nightly -> none" in told
    assert "notes: " in told


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"tags": ["a,b"]}, 422),
        ({"tags": ['"']}, 422),
        ({"tags": [" "]}, 422),
        ({"tags": ["x" * 51]}, 422),
        ({"tags": ["line\nbreak"]}, 422),
        ({"tags": [f"t{number}" for number in range(21)]}, 422),
        ({"tags": "nightly"}, 400),
        ({"tags": [1]}, 400),
        ({"notes": 1}, 400),
        ({"notes": "x" * 20_001}, 422),
    ],
)
def test_tags_and_notes_that_make_no_sense_are_refused(ask: Any, fields: Any, status: int) -> None:
    job = {"name": "n", "job_class_string": "web_jobs.greet.Greet", "hour": 3} | fields

    answer = ask("POST", "/api/v1/jobs", job)

    assert (answer.status, list(answer.json["fields"])) == (status, list(fields))


def test_jobs_are_found_by_all_of_their_tags(ask: Any, several: Any) -> None:
    both, one, other, _ = several(
        "tagged", {"tags": ["red", "x_1"]}, {"tags": ["red"]}, {"tags": ["redder", "x%1"]}, {}
    )

    assert ids(ask, "tag=red&text=tagged") == [both, one]
    assert ids(ask, "tag=RED,x_1") == [both]
    assert ids(ask, "tag=x%251") == [other]
    assert ids(ask, "text=redd") == [other]
    counts = {each["name"]: each["jobs"] for each in ask("GET", "/api/v1/tags").json["tags"]}
    assert (counts["red"], counts["redder"]) == (2, 1)
    assert list(counts) == sorted(counts)


def test_jobs_are_found_by_how_they_stand(ask: Any, several: Any) -> None:
    fine, bad, paused, never, over, running = several(
        "stands",
        {},
        {"pub_args": [1, 2, 3]},
        {},
        {},
        {"hour": None, "at": "2090-01-01T00:00:00+00:00", "end_date": "2090-01-01"},
        {"job_class_string": "web_jobs.greet.Sleep"},
    )
    ask.ran(fine)
    assert ask.ran(bad)["state"] == "failed"
    ask("PATCH", f"/api/v1/jobs/{paused}")
    execution = ask("POST", f"/api/v1/jobs/{running}/run").json["execution_id"]

    def found(state: str) -> list[str]:
        return ids(ask, f"text=stands&state={state}")

    assert found("succeeding") == [fine]
    assert found("failing") == [bad]
    assert found("paused") == [paused]
    assert found("active") == [fine, bad, never, over, running]
    assert found("never_ran") == [paused, never, over, running]
    assert found("failing,paused") == [bad, paused]
    assert found("over") == []
    assert ask("DELETE", f"/api/v1/executions/{execution}").status in (200, 409)


def test_jobs_are_found_by_what_may_follow_them(ask: Any, several: Any) -> None:
    (followed,) = several("followed", {})
    first, second, _ = several(
        "leading", {"then_run": [followed]}, {"on_failure_run": [followed]}, {}
    )

    assert ids(ask, f"leads_to={followed}") == [first, second]
    assert ids(ask, f"leads_to={followed[:-1]}") == []


def test_jobs_are_sorted_and_paged_in_any_order(ask: Any, several: Any) -> None:
    late, early, paused = several("sorted", {"hour": 23}, {"hour": 1}, {"hour": 2})
    ask("PATCH", f"/api/v1/jobs/{paused}")
    ask.ran(early)
    for sort in ("name", "class", "created", "next_run", "last_run"):
        for sign in ("", "-"):
            whole = ids(ask, f"text=sorted&sort={sign}{sort}")
            paged, cursor = [], ""
            while cursor is not None:
                page = listed(ask, f"text=sorted&sort={sign}{sort}&limit=1&cursor={cursor}")
                paged += [job["job_id"] for job in page["jobs"]]
                cursor = page["next_cursor"]
            by_offset = [
                each
                for offset in range(3)
                for each in ids(ask, f"text=sorted&sort={sign}{sort}&limit=1&offset={offset}")
            ]
            assert whole == paged == by_offset
            assert sorted(whole) == sorted([late, early, paused])

    assert ids(ask, "text=sorted&sort=-name") == [paused, early, late]
    assert ids(ask, "text=sorted&sort=next_run")[-1] == paused
    assert ids(ask, "text=sorted&sort=-last_run")[0] == early


def test_a_cursor_of_another_order_is_refused(ask: Any, several: Any) -> None:
    several("ordered", {}, {})
    cursor = listed(ask, "text=ordered&limit=1&sort=created")["next_cursor"]

    for sort in ("name", "-created", "next_run"):
        answer = ask("GET", f"/api/v1/jobs?text=ordered&limit=1&sort={sort}&cursor={cursor}")
        assert (answer.status, list(answer.json["fields"])) == (422, ["cursor"])


def test_how_many_there_are_is_told_when_asked(ask: Any, several: Any) -> None:
    several("counted", {}, {}, {})

    assert listed(ask, "text=counted&limit=2")["total"] is None
    for query in ("", "&limit=2", "&limit=2&offset=2", "&limit=2&offset=3", "&limit=2&offset=9"):
        assert listed(ask, f"text=counted&total=true{query}")["total"] == 3
    assert listed(ask, "text=counted+x&total=1")["total"] == 0


def test_the_last_outcome_and_the_last_runs_are_beside_each_job(ask: Any, several: Any) -> None:
    ran, never = several("beside", {}, {})
    first, second = ask.ran(ran), ask.ran(ran)

    of_ran, of_never = listed(ask, "text=beside&include=last,runs&limit=10")["jobs"]

    assert (of_never["last"], of_never["runs"]) == (None, [])
    assert [each["execution_id"] for each in of_ran["runs"]] == [
        second["execution_id"],
        first["execution_id"],
    ]
    last = of_ran["last"]
    assert last == of_ran["runs"][0]
    assert (last["state"], last["time"]) == ("succeeded", second["ended_time"])
    assert 0 <= last["duration"] < 60
    alone = ask("GET", f"/api/v1/jobs/{ran}?include=last,runs").json
    assert alone == of_ran
    assert ask("PUT", f"/api/v1/jobs/{ran}", alone).status == 200
    assert "last" not in ask("GET", f"/api/v1/jobs/{ran}").json
    ask("DELETE", f"/api/v1/jobs/{never}")


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("include=runs", 422, "limit"),
        ("include=runs&limit=201", 422, "limit"),
        ("include=all", 400, "include"),
        ("sort=size", 400, "sort"),
        ("sort=--name", 400, "sort"),
        ("state=good", 400, "state"),
        ("offset=5", 422, "offset"),
        ("offset=5&limit=5&cursor=x", 422, "offset"),
        ("offset=-1&limit=5", 400, "offset"),
        ("total=maybe", 400, "total"),
    ],
)
def test_what_a_list_does_not_know_is_told(ask: Any, query: str, status: int, field: str) -> None:
    answer = ask("GET", f"/api/v1/jobs?{query}")

    assert (answer.status, list(answer.json["fields"])) == (status, [field])


def bulk(ask: Any, action: str, job_ids: list[str], **more: Any) -> Any:
    answer = ask("POST", "/api/v1/jobs/bulk", {"action": action, "job_ids": job_ids, **more})
    assert answer.status == 200, answer.text
    return answer.json


def test_many_jobs_are_paused_and_resumed_by_one_call(ask: Any, several: Any) -> None:
    first, second = several("bulk", {}, {})

    told = bulk(ask, "pause", [first, MISSING, second, first], until="2090-01-01T00:00Z")

    assert (told["action"], told["done"], told["refused"]) == ("pause", 2, 1)
    assert [each["job_id"] for each in told["results"]] == [first, MISSING, second]
    assert [each["done"] for each in told["results"]] == [True, False, True]
    assert "There is no job" in told["results"][1]["error"]
    for job_id in (first, second):
        job = ask("GET", f"/api/v1/jobs/{job_id}").json
        assert job["paused_until"] == "2090-01-01T00:00:00+00:00"
        (paused, _) = ask("GET", f"/api/v1/logs?job_id={job_id}").json["logs"]
        assert (paused["event"], paused["user"]) == ("paused", "ann")
    assert bulk(ask, "resume", [first, second])["done"] == 2
    assert not ask("GET", f"/api/v1/jobs/{first}").json["paused"]


def test_many_jobs_are_run_by_one_call(ask: Any, several: Any) -> None:
    chosen = several("run", {}, {})

    told = bulk(ask, "run", chosen + chosen)

    for each in told["results"]:
        assert ask.ended(each["execution_id"])["state"] == "succeeded"
        ran = ask("GET", f"/api/v1/executions?job_id={each['job_id']}").json["executions"]
        assert [run["execution_id"] for run in ran] == [each["execution_id"]]


def test_jobs_that_follow_each_other_are_deleted_together(ask: Any, several: Any) -> None:
    last = ask.added(name="last")
    middle = ask.added(name="middle", then_run=[last])
    first = ask.added(name="first", on_failure_run=[middle])

    assert bulk(ask, "delete", [last, middle])["refused"] == 2
    assert bulk(ask, "delete", [last, middle, first])["done"] == 3
    assert ask("GET", f"/api/v1/jobs/{last}").status == 404


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"action": "clone", "job_ids": ["1"]}, 422, "action"),
        ({"job_ids": ["1"]}, 400, "action"),
        ({"action": "run"}, 400, "job_ids"),
        ({"action": "run", "job_ids": []}, 422, "job_ids"),
        ({"action": "run", "job_ids": ["1"] * 1001}, 422, "job_ids"),
        ({"action": "run", "job_ids": [1]}, 400, "job_ids"),
        ({"action": "run", "job_ids": ["1"], "until": "2090-01-01"}, 422, "until"),
        ({"action": "run", "job_ids": ["1"], "force": True}, 400, "force"),
    ],
)
def test_a_deed_that_makes_no_sense_is_refused(
    ask: Any, body: Any, status: int, field: str
) -> None:
    answer = ask("POST", "/api/v1/jobs/bulk", body)

    assert (answer.status, list(answer.json["fields"])) == (status, [field])


def test_a_pause_that_has_passed_is_refused_for_each_job(ask: Any, several: Any) -> None:
    told = bulk(ask, "pause", several("late", {}), until="1999-01-01")

    assert "has passed" in told["results"][0]["error"]
