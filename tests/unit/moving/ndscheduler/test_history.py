import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from botsched.domain.audit import Event
from botsched.domain.execution import FINAL, Cause, Execution, State
from botsched.moving.ndscheduler.history import (
    Events,
    JobFacts,
    Scrubber,
    execution_of,
    former_job,
    moment_of,
    readable,
)
from tests.support.ndscheduler import BEGUN, JOB_IDS, PASSWORD, event, execution

NO_SECRET = Scrubber([])
JOBS = {JOB_IDS[0]: JobFacts("Say hello", "jobs.shell.Shell", ["echo"])}


def made(**changes: Any) -> Execution:
    return execution_of(execution(0, **changes), JOBS, NO_SECRET)


def test_an_execution_is_as_it_was() -> None:
    run = made()

    assert run == Execution(
        id="0" * 32,
        job_id=JOB_IDS[0],
        job_name="Say hello",
        job_class="jobs.shell.Shell",
        arguments=["echo"],
        state=State.SUCCEEDED,
        cause=Cause.IMPORTED,
        reason="Imported from ndscheduler. hostname: oldhost | pid: 4711",
        scheduled_at=BEGUN,
        updated_at=BEGUN + timedelta(seconds=3),
        started_at=BEGUN,
        ended_at=BEGUN + timedelta(seconds=3),
        hostname="oldhost",
        pid=4711,
        result={"returncode": 0},
    )
    assert run.due is None
    assert run.duration == 3


@pytest.mark.parametrize(
    ("number", "state", "began"),
    [
        (0, State.LOST, False),
        (1, State.LOST, True),
        (2, State.LOST, True),
        (3, State.STOPPED, True),
        (4, State.FAILED, True),
        (5, State.SUCCEEDED, True),
        (6, State.TIMEOUT, True),
        (7, State.SCHEDULED_ERROR, False),
    ],
)
def test_every_state_has_ended_here(number: int, state: State, *, began: bool) -> None:
    run = made(state=number)

    assert run.state is state
    assert run.state in FINAL
    assert (run.started_at is not None) is began
    assert ("never recorded" in run.reason) is (number < 3)


@pytest.mark.parametrize("changes", [{"state": 8}, {"state": None}, {"scheduled_time": None}])
def test_rows_that_make_no_sense_are_told(changes: dict[str, Any]) -> None:
    assert not readable(execution(0, **changes))
    assert readable(execution(0))


def test_a_job_that_nobody_knows_is_called_so() -> None:
    run = made(job_id="gone")

    assert (run.job_id, run.job_name, run.job_class) == ("gone", "unknown", "unknown")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (None, None),
        ("", None),
        ('{"a": [1, null]}', {"a": [1, None]}),
        ('"x"', "x"),
        ("Traceback (most recent call last):\n  ...", "Traceback (most recent call last):\n  ..."),
        ("NaN", "NaN"),
        ('{"a": Infinity}', '{"a": Infinity}'),
        ('"\\ud800"', '"\\ud800"'),
        ("[" * 100_000, "[" * 100_000),
        ("a\x00b\x1b[31mc", "a\N{REPLACEMENT CHARACTER}bc"),
    ],
)
def test_a_result_is_json_or_text(text: str | None, result: Any) -> None:
    assert made(result=text).result == result


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01 12:00:00.000000",
        "2026-03-01 12:00:00",
        "2026-03-01T13:00:00+01:00",
        datetime(2026, 3, 1, 12),
        datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_times_without_an_offset_are_in_utc(value: Any) -> None:
    assert moment_of(value) == BEGUN
    assert made(scheduled_time=value).scheduled_at == BEGUN


@pytest.mark.parametrize("value", [None, "", "yesterday", 5])
def test_what_is_no_time_is_none(value: Any) -> None:
    assert moment_of(value) is None


def test_an_end_before_the_beginning_is_the_beginning() -> None:
    for updated in (BEGUN - timedelta(hours=1), None):
        run = made(updated_time=updated)
        assert run.updated_at == run.ended_at == BEGUN


@pytest.mark.parametrize("pid", [4711.0, "4711", 1 << 40, -1, None])
def test_what_is_no_number_of_a_process_is_left_out_without_looking_for_it(pid: object) -> None:
    assert made(pid=pid).pid is None


def test_long_names_fit() -> None:
    run = made(hostname="h" * 999, task_id="t1")

    assert run.hostname == "h" * 255
    assert run.reason.endswith("Task t1.")


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://nd:{PASSWORD}@h",
        json.dumps({"password": PASSWORD}),
        json.dumps({"password": PASSWORD}, ensure_ascii=False),
        "postgresql://nd:pass%20%22w%C3%B6rd%22%204711@h",
        "postgresql://nd:pass+%22w%C3%B6rd%22+4711@h",
        repr({"password": PASSWORD}),
    ],
)
def test_passwords_are_taken_out_however_they_are_written(text: str) -> None:
    scrubbed = Scrubber([PASSWORD, ""])
    run = execution_of(execution(0, result=text, description=text), JOBS, scrubbed)
    line = Events(scrubbed).event_of(event(0, description=text, job_name=text, user=text))

    for found in (repr(run), repr(line)):
        assert "4711@" not in found
        assert "rd" not in found.replace("hour", "").replace("Event", "").split("******")[1][:20]
        assert '4711\\"' not in found
        assert "******" in found


def test_lines_of_the_audit_log_are_as_they_were() -> None:
    events = Events(NO_SECRET)
    text = '<b>name</b>: <font color="red">a<b</font> => <font color="green">c &lt; d</font><br>'

    numbered = [events.event_of(event(number, event=number)) for number in range(6)]
    modified = events.event_of(event(9, event=1, description=text, user=None))

    assert [each and each[1].event for each in numbered] == [
        Event.ADDED, Event.MODIFIED, Event.DELETED, Event.PAUSED, Event.RESUMED, Event.CUSTOM_RUN,
    ]  # fmt: skip
    assert modified is not None
    assert modified[1].description == "name: a<b => c &lt; d"
    assert modified[1].user == ""
    assert modified[1].created_at == BEGUN + timedelta(minutes=9)


def test_a_description_without_their_markup_is_left_alone() -> None:
    found = Events(NO_SECRET).event_of(event(0, description="if a <b and c> d"))

    assert found is not None
    assert found[1].description == "if a <b and c> d"


def test_a_deletion_tells_what_the_job_was() -> None:
    job = {"job_class_string": "jobs.x.Y", "pub_args": ["a"], "name": "Gone", "minute": "*"}

    deleted = event(0, event=2, job_name="Gone", description=json.dumps(job))

    assert former_job(deleted, NO_SECRET) == JobFacts("Gone", "jobs.x.Y", ["a"])
    for other in ({**deleted, "event": 1}, {**deleted, "description": "[1]"}, event(0)):
        assert former_job(other, NO_SECRET) == JobFacts(other["job_name"])


@pytest.mark.parametrize("changes", [{"event": 6}, {"event": None}, {"created_time": None}])
def test_lines_that_make_no_sense_are_left_out(changes: dict[str, Any]) -> None:
    assert Events(NO_SECRET).event_of(event(0, **changes)) is None


def test_equal_lines_have_ids_of_their_own_and_the_same_ones_again() -> None:
    rows = [event(0), event(0), event(1), event(0, user="bob")]

    def ids() -> list[str]:
        events = Events(NO_SECRET)
        return [found[0] for row in rows if (found := events.event_of(row))]

    assert len(set(ids())) == 4
    assert ids() == ids()
    assert {len(each) for each in ids()} == {32}


def test_the_present_moment_plays_no_part() -> None:
    assert made(scheduled_time=datetime(2050, 1, 1, tzinfo=UTC)).scheduled_at.year == 2050
