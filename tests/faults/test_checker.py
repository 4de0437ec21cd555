"""The harness's own checker: it has to see what is wrong."""

from typing import Any

import pytest

from tests.faults.checker import Checker, Verdict
from tests.faults.client import Client, Diary, KnownJob
from tests.faults.times import cron_seconds, every_seconds

DAY = "2026-03-01T12:00:"


def at(second: float) -> str:
    return f"{DAY}{second:09.6f}+00:00"


def row(number: int, second: int, state: str = "succeeded", **more: Any) -> dict[str, Any]:
    cause = {"succeeded": "returned", "skipped": "coalesced"}.get(state, "due")
    return {
        "execution_id": f"e{number}",
        "state": state,
        "cause": cause,
        "fate": "ran",
        "due_time": at(second),
        "due_last": None,
        "due_count": 1,
        "job": {"job_id": "j"},
        "attempt": 1,
        "retry_of": None,
        "caused_by": None,
    } | more


def event(name: str, second: float) -> dict[str, Any]:
    return {"event": name, "created_time": at(second)}


class Record(Client):
    """What the program would answer: a job due every second, from 0.5 to 3.5 seconds past."""

    def __init__(self) -> None:
        self.diary = Diary(jobs={"j": KnownJob("j", "Job", [cron_seconds(1)], paused=True)})
        self.diary.acknowledged.update({("j", "added"): 1, ("j", "paused"): 1})
        self.job = {"job_id": "j", "name": "Job", "paused": True}
        self.rows = [row(1, 1), row(2, 2), row(3, 3)]
        self.events = [event("paused", 3.5), event("added", 0.5)]
        self.mails: list[Any] = [{}]

    def get(self, path: str, **parameters: str) -> Any:
        if path.startswith("executions/"):
            return {"mails": self.mails}
        found = {"jobs": [self.job], "logs": self.events, "executions": self.rows}[path]
        return {path: found, "next_cursor": None}


@pytest.fixture
def record() -> Record:
    return Record()


def check(record: Record, *starts: str) -> Verdict:
    return Checker(record, starts or ("e1", "e2", "e3")).check()


def test_what_is_right_is_right(record):
    found = check(record)
    assert found.faults == []
    assert (found.due, found.acknowledged) == (3, 2)


def test_a_row_for_several_instants_covers_them(record):
    record.rows[:2] = [row(1, 1, "skipped", due_last=at(2), due_count=2)]
    assert check(record, "e3").faults == []


def test_a_missing_instant_is_seen(record):
    del record.rows[1]
    assert check(record, "e1", "e3").missing == 1


def test_a_doubled_instant_is_seen(record):
    record.rows.append(row(4, 1, "skipped", due_last=at(2), due_count=2))
    assert check(record).doubled == 2


def test_a_wrong_count_is_seen(record):
    record.rows[:2] = [row(1, 1, "skipped", due_last=at(2), due_count=3)]
    assert check(record, "e3").unexplained == 1


def test_a_row_for_no_instant_is_seen(record):
    record.rows.append(row(4, 9, "skipped"))
    assert check(record).unexplained == 1


def test_a_changed_schedule_counts_from_its_change(record):
    job = record.diary.jobs["j"]
    job.timings.append(every_seconds(2))
    record.diary.acknowledged["j", "modified"] += 1
    record.events.append(event("modified", 1.7))
    record.rows = [row(1, 1), row(3, 3)]
    assert check(record, "e1", "e3").faults == []


def test_a_lost_change_is_seen(record):
    record.diary.acknowledged["j", "resumed"] += 1
    assert check(record).writes_lost == 1


def test_a_job_that_came_back_is_seen(record):
    record.diary.jobs["j"].deleted = True
    assert check(record).writes_lost == 1


def test_a_lost_run_is_seen(record):
    record.diary.runs.add("e9")
    assert check(record).writes_lost == 1


def test_a_run_that_never_ended_is_seen(record):
    record.rows[2] |= {"state": "running"}
    assert check(record).unexplained == 1


def test_a_run_that_was_started_twice_is_seen(record):
    assert check(record, "e1", "e2", "e3", "e3").ran_twice == 1


def test_a_run_without_a_record_is_seen(record):
    assert check(record, "e1", "e2", "e3", "e9").unexplained == 1


def test_a_success_that_never_ran_is_seen(record):
    assert check(record, "e1", "e2").unexplained == 1


def test_an_attempt_that_never_came_is_seen(record):
    record.diary.jobs["j"].attempts = 2
    record.rows[2] |= {"state": "failed", "cause": "raised"}
    assert check(record).unexplained == 1
    record.rows.append(row(4, 3, due_time=None, attempt=2, retry_of="e3"))
    assert check(record, "e1", "e2", "e3", "e4").faults == []


def test_a_mail_that_is_owed_to_nobody_is_seen(record):
    record.rows[2] |= {"state": "failed", "cause": "raised"}
    assert check(record).faults == []
    record.mails = []
    assert check(record).unexplained == 1


def test_a_run_that_follows_twice_is_seen(record):
    record.diary.jobs["j"].leads = True
    record.rows = record.rows[:1]
    record.events[0] = event("paused", 1.5)
    record.diary.jobs["k"] = KnownJob("k", "Led", [cron_seconds(1)])
    led = row(4, 1, due_time=None, caused_by="e1", job={"job_id": "k"})
    record.rows.append(led)
    found = Checker(record, ("e1", "e4")).check()
    assert not [fault for fault in found.faults if "followed" in fault]
    record.rows.append(led | {"execution_id": "e5"})
    found = Checker(record, ("e1", "e4", "e5")).check()
    assert [fault for fault in found.faults if "followed by 2 runs" in fault]
