"""Executions over HTTP."""

import http.client
import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from botsched.domain.execution import Cause, State
from botsched.reports import File, Image, Plot, Table, Title, to_data
from tests.support.values import an_execution
from tests.support.waiting import PATIENCE

LISTED = {
    "execution_id", "state", "hostname", "pid", "task_id", "description", "result",
    "scheduled_time", "updated_time", "job", "cause", "fate", "due_time", "due_last", "due_count",
    "started_time", "ended_time", "user", "result_data", "output_bytes", "output_dropped",
    "cpu_seconds", "max_rss", "attempt", "retry_of", "caused_by", "not_before", "duration",
    "progress", "progress_text",
}  # fmt: skip
JOB = {
    "job_id", "name", "task_name", "pub_args", "year", "month", "day", "week", "day_of_week",
    "hour", "minute", "second", "job_class_string", "trigger", "trigger_params",
}  # fmt: skip


def listed(ask: Any, query: str) -> list[Any]:
    answer = ask("GET", f"/api/v1/executions?{query}")
    assert answer.status == 200, answer.text
    executions: list[Any] = answer.json["executions"]
    return executions


def test_an_execution_is_listed_with_its_job(ask: Any) -> None:
    job_id = ask.added(name="listed run", minute="*/9")
    ran = ask.ran(job_id)

    (execution,) = listed(ask, f"job_id={job_id}")

    assert set(execution) == LISTED
    assert set(execution["job"]) == JOB
    assert execution["execution_id"] == execution["task_id"] == ran["execution_id"]
    assert (execution["state"], execution["cause"], execution["fate"]) == (
        "succeeded",
        "returned",
        "ran",
    )
    assert json.loads(execution["result"]) == execution["result_data"] == {"greeted": "you"}
    assert execution["job"]["task_name"] == "web_jobs.greet.Greet"
    assert execution["job"]["job_class_string"] == "web_jobs.greet.Greet"
    assert execution["job"]["trigger"] == "cron"
    assert execution["job"]["trigger_params"]["minute"] == "*/9"
    assert (execution["job"]["hour"], execution["job"]["minute"]) == ("3", "*/9")
    assert execution["pid"] > 0
    assert execution["hostname"]
    assert execution["output_bytes"] == len("Hello, you!\n")
    for name in ("scheduled_time", "updated_time", "started_time", "ended_time"):
        assert datetime.fromisoformat(execution[name]).utcoffset() == timedelta()
    assert execution["due_time"] is None


def test_one_execution_tells_more(ask: Any) -> None:
    execution = ask.ran(ask.added())

    assert set(execution) == LISTED | {
        *("report", "mails", "usual_duration", "previous", "next", "attempts"),
        *("follows", "followed_by"),
    }
    assert execution["mails"] == execution["attempts"] == execution["followed_by"] == []
    assert execution["duration"] > 0


def test_the_execution_of_a_deleted_job_stays(ask: Any) -> None:
    job_id = ask.added(name="short life")
    ask.ran(job_id)
    ask("DELETE", f"/api/v1/jobs/{job_id}")

    (execution,) = listed(ask, f"job_id={job_id}")

    assert execution["job"]["name"] == "short life"
    assert execution["job"]["hour"] == ""


def test_executions_are_filtered(ask: Any) -> None:
    job_id = ask.added(name="filtered äöü")
    for _ in range(3):
        ask.ran(job_id)
    failing = ask.added(name="filtered bad", pub_args=[1, 2, 3, 4])
    ask.ran(failing)

    for query, expected in [
        ("text=FILTERED", 4),
        (f"text={quote('äöü')}", 3),
        (f"job_id={failing}", 1),
        ("text=filtered&state=failed", 1),
        ("text=filtered&state=failed,succeeded", 4),
        ("text=filtered&state=lost", 0),
        ("text=filtered&time_range_end=2020-01-01", 0),
        ("text=filtered&time_range_start=2020-01-01T00:00:00%2B01:00", 4),
    ]:
        assert len(listed(ask, query)) == expected, query


def test_executions_are_paged_newest_first(ask: Any) -> None:
    job_id = ask.added(name="many")
    ids = [ask.ran(job_id)["execution_id"] for _ in range(3)]
    found, cursor = [], ""
    while cursor is not None:
        path = f"/api/v1/executions?job_id={job_id}&limit=2&cursor={cursor}"
        answer = ask("GET", path).json
        found += [execution["execution_id"] for execution in answer["executions"]]
        cursor = answer["next_cursor"]

    assert found == ids[::-1]


def test_only_the_last_24_hours_are_listed_unless_asked(ask: Any) -> None:
    job_id = ask.added()
    ask.ran(job_id)
    start = (datetime.now(UTC) + timedelta(hours=1)).isoformat()

    assert len(listed(ask, f"job_id={job_id}")) == 1
    assert listed(ask, f"job_id={job_id}&time_range_start={quote(start)}") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("time_range_start=yesterday", "time_range_start"),
        ("time_range_start=2026-01-02&time_range_end=2026-01-01", "time_range_end"),
        ("state=broken", "state"),
        ("cause=bad%20luck", "cause"),
        ("manual=perhaps", "manual"),
        ("longer_than=long", "longer_than"),
        ("limit=-1", "limit"),
        ("status=failed", "status"),
    ],
)
def test_a_wrong_parameter_is_named(ask: Any, query: str, field: str) -> None:
    answer = ask("GET", f"/api/v1/executions?{query}")

    assert answer.status == 400
    assert list(answer.json["fields"]) == [field]


def test_a_running_job_is_followed_and_stopped(ask: Any) -> None:
    job_id = ask.added(job_class_string="web_jobs.greet.Sleep")
    execution_id = ask("POST", f"/api/v1/jobs/{job_id}/run").json["execution_id"]
    path = f"/api/v1/executions/{execution_id}"
    deadline = time.monotonic() + PATIENCE
    while not (seen := ask("GET", f"{path}/output").json)["output"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert ask("GET", path).json["state"] == "running"
    (chunk,) = seen["output"]
    assert set(chunk) == {"sequence", "stream", "time", "text"}
    assert (chunk["stream"], chunk["text"], chunk["sequence"]) == ("out", "zzz\n", seen["next"])
    again = ask("GET", f"{path}/output?after={seen['next']}").json
    assert again == {"output": [], "next": seen["next"], "last": seen["next"], "ended": False}

    assert ask("DELETE", path).json == {"execution_id": execution_id}

    ended = ask.ended(execution_id)
    assert (ended["state"], ended["cause"]) == ("stopped", "stopped")
    events = ask("GET", f"/api/v1/logs?job_id={job_id}&event=stopped").json["logs"]
    assert [event["user"] for event in events] == ["ann"]


def test_what_has_ended_cannot_be_stopped(ask: Any) -> None:
    execution = ask.ran(ask.added())

    answer = ask("DELETE", f"/api/v1/executions/{execution['execution_id']}")

    assert answer.status == 409
    assert "has ended (succeeded)" in answer.json["error"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=x", "after"),
        ("before=0", "before"),
        ("format=html", "format"),
        ("limit=0", "limit"),
        ("size=0", "size"),
        ("stream=log", "stream"),
    ],
)
def test_a_wrong_parameter_of_the_output_is_named(ask: Any, query: str, field: str) -> None:
    answer = ask("GET", f"/api/v1/executions/x/output?{query}")

    assert answer.status == 400
    assert list(answer.json["fields"]) == [field]


@pytest.mark.parametrize("path", ["/api/v1/jobs", "/api/v1/logs"])
def test_a_cursor_of_another_list_is_refused(ask: Any, path: str) -> None:
    ask.ran(ask.added())
    ask.ran(ask.added())
    cursor = ask("GET", "/api/v1/executions?limit=1").json["next_cursor"]

    answer = ask("GET", f"{path}?limit=1&cursor={cursor}")

    assert answer.status == 422
    assert "was not given by this list" in answer.json["fields"]["cursor"]


def test_attempts_and_what_follows_are_found(ask: Any) -> None:
    follower = ask.added(name="after it")
    failing = ask.added(
        name="thrice",
        pub_args=[1, 2, 3, 4],
        retry={"attempts": 3, "delay": 0},
        on_failure_run=[follower],
    )
    first = ask.ran(failing)

    def attempts() -> list[Any]:
        return listed(ask, f"retry_of={first['execution_id']}")

    deadline = time.monotonic() + PATIENCE
    while [run["state"] for run in attempts()] != ["failed"] * 3:
        assert time.monotonic() < deadline, attempts()
        time.sleep(0.02)
    third, second, _ = attempts()
    assert [run["attempt"] for run in attempts()] == [3, 2, 1]
    assert second["retry_of"] == third["retry_of"] == first["execution_id"]
    assert (first["retry_of"], first["caused_by"], first["not_before"]) == (None, None, None)
    assert third["caused_by"] == second["execution_id"]
    assert second["not_before"] == second["scheduled_time"]
    [followed] = listed(ask, f"caused_by={third['execution_id']}")
    assert followed["job"]["job_id"] == follower
    assert listed(ask, f"caused_by={first['execution_id']}") == [second]


def test_attempts_are_found_however_old_they_are(ask: Any, services: Any) -> None:
    old = datetime.now(UTC) - timedelta(days=30)
    first = an_execution(state=State.FAILED, updated_at=old)
    services.executions._store.write(lambda session: session.executions.add([first]))

    assert [run["execution_id"] for run in listed(ask, f"retry_of={first.id}")] == [first.id]
    later = f"{old + timedelta(days=2):%Y-%m-%d}"
    assert listed(ask, f"retry_of={first.id}&time_range_start={later}") == []


def test_a_waiting_attempt_can_be_stopped(ask: Any) -> None:
    job_id = ask.added(pub_args=[1, 2, 3, 4], retry={"delay": 3000})
    first = ask.ran(job_id)
    [waiting] = listed(ask, f"caused_by={first['execution_id']}")
    assert (waiting["state"], waiting["cause"], waiting["fate"]) == (
        *("scheduled", "retry", "pending"),
    )

    assert ask("DELETE", f"/api/v1/executions/{waiting['execution_id']}").status == 200

    stopped = ask("GET", f"/api/v1/executions/{waiting['execution_id']}").json
    assert (stopped["state"], stopped["cause"]) == ("stopped", "stopped")
    assert len(listed(ask, f"retry_of={first['execution_id']}")) == 2


def test_executions_are_filtered_by_cause_and_by_who_asked(ask: Any, services: Any) -> None:
    rows = [
        an_execution(job_id="origin", state=State.SKIPPED, cause=Cause.OVERLAP, updated_at=now())
        for _ in range(2)
    ]
    rows.append(an_execution(job_id="origin", user="bob", updated_at=now()))
    services.executions._store.write(lambda session: session.executions.add(rows))

    for query, expected in [
        ("cause=overlap", 2),
        ("cause=overlap,requested", 3),
        ("cause=hold", 0),
        ("user=bob", 1),
        ("user=ann", 0),
        ("manual=true", 1),
        ("manual=false", 2),
    ]:
        assert len(listed(ask, f"job_id=origin&{query}")) == expected, query


def now() -> datetime:
    return datetime.now(UTC)


def test_results_can_be_left_out_of_a_list(ask: Any) -> None:
    job_id = ask.added()
    ask.ran(job_id)

    (execution,) = listed(ask, f"job_id={job_id}&results=false")

    assert set(execution) == LISTED - {"result", "result_data"}


def test_an_execution_knows_those_around_it(ask: Any) -> None:
    job_id = ask.added(name="three times")
    first, second, third = (ask.ran(job_id)["execution_id"] for _ in range(3))

    seen = ask("GET", f"/api/v1/executions/{second}").json

    assert seen["previous"]["execution_id"] == first
    assert seen["next"]["execution_id"] == third
    assert (seen["next"]["job_name"], seen["next"]["state"]) == ("three times", "succeeded")
    assert seen["usual_duration"] == seen["previous"]["duration"]
    assert ask("GET", f"/api/v1/executions/{first}").json["previous"] is None
    assert ask("GET", f"/api/v1/executions/{third}").json["next"] is None


LINES = 4000


@pytest.fixture
def long_output(ask: Any) -> str:
    """The path of the output of an execution, some 400 kB in pieces of at most 16 KiB."""
    job_id = ask.added(
        name='Long <b> " output', job_class_string="web_jobs.greet.Tell", pub_args=["begin", LINES]
    )
    path: str = f"/api/v1/executions/{ask.ran(job_id)['execution_id']}/output"
    return path


def text_of(pieces: list[Any]) -> str:
    return "".join(piece["text"] for piece in pieces)


def test_a_long_output_is_told_in_parts(ask: Any, long_output: str) -> None:
    whole = ask("GET", long_output).json
    pieces: list[Any] = []
    after = 0
    while after < whole["last"]:
        part = ask("GET", f"{long_output}?after={after}&size=20000").json
        assert 0 < len(text_of(part["output"])) < 20000 + 16384
        pieces += part["output"]
        after = part["next"]

    assert pieces == whole["output"]
    assert (whole["next"], whole["ended"]) == (whole["last"], True)
    assert text_of(pieces).splitlines()[-1].startswith(f"line {LINES - 1} ")


def test_the_end_of_an_output_is_told(ask: Any, long_output: str) -> None:
    whole = ask("GET", long_output).json["output"]

    def before(query: str) -> Any:
        return ask("GET", f"{long_output}?{query}").json["output"]

    assert before(f"before={2**31}&limit=2") == whole[-2:]
    assert before(f"before={whole[-1]['sequence']}&limit=1") == whole[-2:-1]
    assert before(f"before={2**31}&size=1") == whole[-1:]
    assert before(f"before={2**31}") == whole
    assert before("before=1") == []


def test_an_output_is_a_file_to_be_saved(ask: Any, long_output: str) -> None:
    answer = ask("GET", f"{long_output}?format=text")

    assert answer.body.decode() == text_of(ask("GET", long_output).json["output"])
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    name = answer.headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="Long-b-output-\d{8}-\d{6}.txt"', name)


def test_a_long_output_is_sent_compressed(ask: Any, long_output: str) -> None:
    plain = ask("GET", f"{long_output}?format=text").body

    answer = ask("GET", f"{long_output}?format=text", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.body == plain  # as the client unpacks it


def test_one_stream_alone_is_told(ask: Any) -> None:
    run = ask.ran(ask.added(pub_args=[1, 2, 3, 4]))
    path = f"/api/v1/executions/{run['execution_id']}/output"

    errors = ask("GET", f"{path}?stream=err").json["output"]

    assert {piece["stream"] for piece in errors} == {"err"}
    assert "do not fit" in text_of(errors)
    assert ask("GET", f"{path}?stream=out").json["output"] == []


def test_an_output_that_cannot_be_read_to_its_end_is_cut_off(
    ask: Any, long_output: str, services: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = services.executions.output

    def failing(execution_id: str, wanted: Any) -> Any:
        output = read(execution_id, wanted)

        def portions() -> Any:
            yield [chunk for portion in output.portions for chunk in portion]
            raise RuntimeError("the database is gone")

        return replace(output, portions=portions())

    monkeypatch.setattr(type(services.executions), "output", lambda _, *args: failing(*args))

    with pytest.raises(http.client.IncompleteRead):
        ask("GET", f"{long_output}?format=text")


def test_the_output_of_an_unknown_execution_is_not_found(ask: Any) -> None:
    assert ask("GET", "/api/v1/executions/x/output").status == 404
    assert ask("GET", "/api/v1/executions/x/output?format=text").status == 404


def test_a_run_that_gave_nothing_back_is_told_from_one_that_did_not_succeed(ask: Any) -> None:
    nothing = ask.ran(ask.added(job_class_string="web_jobs.greet.Tell", pub_args=["x"]))
    failed = ask.ran(ask.added(pub_args=[1, 2, 3, 4]))

    assert (nothing["state"], nothing["result"]) == ("succeeded", "null")
    assert (failed["state"], failed["result"]) == ("failed", "")


@pytest.fixture
def reported(services: Any) -> Any:
    """Gives the address of an execution with this report."""

    def reported(*items: Any) -> str:
        run = an_execution(job_name='Weekly <b> " figures', report=to_data(items))
        services.executions._store.write(lambda session: session.executions.add([run]))
        return f"/api/v1/executions/{run.id}"

    return reported


def test_a_report_is_given_as_a_file_in_each_form(ask: Any, reported: Any) -> None:
    path = reported(
        Title("Figures & more"),
        Table([["a", 1]], ["name", "count"]),
        Image(b"GIF89a", "image/gif", alt="a curve"),
        Plot({"in": [3, 4]}, ["Mon", "Tue"]),
    )
    execution = ask("GET", path).json
    at = datetime.fromisoformat(execution["scheduled_time"])

    json_form = ask("GET", f"{path}/report")
    assert json_form.json["report"] == execution["report"]
    assert json_form.json["job_name"] == 'Weekly <b> " figures'
    html = ask("GET", f"{path}/report?format=html")
    assert "<title>Weekly &lt;b&gt; &quot; figures</title>" in html.text
    assert "<h2>Figures &amp; more</h2>" in html.text
    assert re.findall(r'src="(.{14})', html.text) == ["data:image/gif", "data:image/png"]
    text = ask("GET", f"{path}/report?format=text")
    assert text.text.startswith("Figures & more\n==============\n")
    csv = ask("GET", f"{path}/report?format=csv")
    assert csv.text == "name,count\r\na,1\r\n"
    plot = ask("GET", f"{path}/report?format=csv&table=2")
    assert plot.text == ",in\r\nMon,3\r\nTue,4\r\n"

    for answer, media_type, ending in [
        (json_form, "application/json; charset=utf-8", "-report.json"),
        (html, "text/html; charset=utf-8", "-report.html"),
        (text, "text/plain; charset=utf-8", "-report.txt"),
        (csv, "text/csv; charset=utf-8", "-table-1.csv"),
        (plot, "text/csv; charset=utf-8", "-table-2.csv"),
    ]:
        assert (answer.status, answer.headers["content-type"]) == (200, media_type)
        assert answer.headers["content-disposition"] == (
            f'attachment; filename="Weekly-b-figures-{at:%Y%m%d-%H%M%S}{ending}"'
        )
        assert "script" not in answer.headers["content-security-policy"]


def test_one_table_of_a_report_is_given_in_each_form(ask: Any, reported: Any) -> None:
    path = reported(Title("T"), Table([["a"]]), Plot([3], ["Mon"], unit="kg"))

    alone = ask("GET", f"{path}/report?table=2")
    assert alone.json["report"] == [
        {"type": "table", "header": ["", "value (kg)"], "rows": [["Mon", 3]]}
    ]
    assert "-table-2.json" in alone.headers["content-disposition"]
    text = ask("GET", f"{path}/report?table=2&format=text").text
    assert text == "     value (kg)\n---  ----------\nMon           3\n"
    html = ask("GET", f"{path}/report?table=1&format=html").text
    assert "<td" in html
    assert "<h2>" not in html


def test_a_report_without_items_is_one(ask: Any, reported: Any) -> None:
    path = reported()

    assert ask("GET", f"{path}/report").json["report"] == []
    assert ask("GET", f"{path}/report?format=text").text == "\n"
    assert "<body>" in ask("GET", f"{path}/report?format=html").text


@pytest.mark.parametrize("form", ["json", "html", "text", "csv"])
def test_what_is_not_in_a_report_is_not_found(ask: Any, reported: Any, form: str) -> None:
    silent = ask.ran(ask.added())["execution_id"]
    answer = ask("GET", f"/api/v1/executions/{silent}/report?format={form}")
    assert answer.status == 404
    assert answer.told == f"There is no report of the execution '{silent}'."
    assert ask("GET", f"/api/v1/executions/nowhere/report?format={form}").status == 404
    path = reported(Table([["a"]]))
    answer = ask("GET", f"{path}/report?format=csv&table=2")
    assert answer.status == 404
    assert answer.told.startswith("There is no table 2 in the report (it has 1) of '")


def test_files_and_pictures_of_a_report_are_given_one_by_one(ask: Any, reported: Any) -> None:
    path = reported(Image(b"GIF89a", "image/gif"), Table([[File(b"<script>", 'fünf "5".html')]]))

    picture = ask("GET", f"{path}/report/files/1")
    assert picture.body == b"GIF89a"
    assert 'filename="picture-1.gif"' in picture.headers["content-disposition"]
    file = ask("GET", f"{path}/report/files/2")
    assert (file.status, file.body) == (200, b"<script>")
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == (
        "attachment; filename=\"f_nf _5_.html\"; filename*=UTF-8''f%C3%BCnf%20%225%22.html"
    )

    for number in ("0", "3", "01", "x", "9999999"):
        answer = ask("GET", f"{path}/report/files/{number}")
        assert answer.status == 404
        assert "(it has 2)" in answer.told
    silent = ask.ran(ask.added())["execution_id"]
    assert ask("GET", f"/api/v1/executions/{silent}/report/files/1").status == 404
    assert ask("GET", f"{path}/report/files/1?x=1").status == 400


@pytest.mark.parametrize(
    ("query", "field"),
    [("format=xml", "format"), ("table=0", "table"), ("x=1", "x")],
)
def test_a_wrong_parameter_of_a_report_is_named(ask: Any, query: str, field: str) -> None:
    answer = ask("GET", f"/api/v1/executions/x/report?{query}")

    assert answer.status == 400
    assert list(answer.json["fields"]) == [field]
