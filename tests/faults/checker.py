"""Compares what the diary says with what the program recorded.

The due instants are worked out anew, without the product's help; the audit log gives the moments
at which jobs were added, changed and deleted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.faults.client import Client, KnownJob
from tests.faults.times import Period

_RAN = {("succeeded", "returned"), ("failed", "raised")}
_DID_NOT_RUN = {"skipped", "missed", "scheduled error"}
_FAILED = {"failed", "timeout", "lost", "scheduled error"}
_FINAL = {"succeeded", "failed", "timeout", "stopped", *_DID_NOT_RUN, "lost"}


@dataclass
class Verdict:
    """What was found; ``faults`` says in words what is wrong, and is empty when all is well."""

    due: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    doubled: int = 0
    unexplained: int = 0
    followed: int = 0
    acknowledged: int = 0
    writes_lost: int = 0
    ran_twice: int = 0
    left_behind: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Verdict") -> None:
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                getattr(self, name).update(value)
            else:
                setattr(self, name, getattr(self, name) + value)


class Checker:
    """Reads the record by REST; ``starts`` holds the ids that the jobs themselves wrote down."""

    def __init__(self, client: Client, starts: Iterable[str]) -> None:
        self._client = client
        self._starts = Counter(starts)
        self._found = Verdict()
        self._rows: dict[str, dict[str, Any]] = {}

    def check(self) -> Verdict:
        diary = self._client.diary
        present = {job["job_id"]: job for job in self._client.get("jobs")["jobs"]}
        for job in diary.jobs.values():
            events = self._everything("logs", job.id)
            self._check_writes(job, present.get(job.id), events)
            self._check_instants(job, events)
        for execution_id in diary.runs:
            row = self._rows.get(execution_id)
            if row is None or row["state"] not in _FINAL:
                self._lost(f"run {execution_id}, asked for, is {row and row['state']}")
        self._found.acknowledged = sum(diary.acknowledged.values())
        self._check_runs()
        self._check_consequences()
        return self._found

    def _check_writes(
        self, job: KnownJob, present: dict[str, Any] | None, events: list[dict[str, Any]]
    ) -> None:
        seen = Counter(event["event"] for event in events)
        diary = self._client.diary
        for event in {*seen, *(event for of, event in diary.acknowledged if of == job.id)}:
            acknowledged = diary.acknowledged[job.id, event]
            if seen[event] < acknowledged:
                self._lost(f"{job.name}: {seen[event]} of {acknowledged} times {event}")
            if seen[event] > acknowledged + diary.doubtful[job.id, event]:
                self._unexplained(f"{job.name}: {event} more often than asked for")
        if job.deleted is not (present is None):
            self._lost(f"{job.name}: deleted {job.deleted}, there {present is not None}")
        if present is not None and present["name"] != job.name:
            self._lost(f"{job.name} is called {present['name']}")
        if present is not None and present["paused"] is not job.paused:
            self._lost(f"{job.name}: paused {job.paused}, in truth {present['paused']}")

    def _check_instants(self, job: KnownJob, events: list[dict[str, Any]]) -> None:
        due = {
            instant: period for period in self._periods(job, events)
            for instant in period.instants()
        }  # fmt: skip
        self._found.due += len(due)
        covered: Counter[int] = Counter()
        for row in self._everything("executions", job.id):
            self._rows[row["execution_id"]] = row
            if row["due_time"] is not None:
                self._found.fates[row["fate"]] += row["due_count"]
                covered.update(self._instants_of(job, row, due))
        for instant in sorted(due.keys() - covered.keys()):
            self._found.missing += 1
            self._fault(f"{job.name}: no fate for {instant}")
        for instant, count in covered.items():
            if count > 1:
                self._found.doubled += count - 1
                self._fault(f"{job.name}: {count} fates for {instant}")

    def _instants_of(self, job: KnownJob, row: dict[str, Any], due: dict[int, Period]) -> list[int]:
        """Those instants, from its first to its last, that a row stands for."""
        first = moment(row["due_time"])
        last = moment(row["due_last"] or row["due_time"])
        meant = [instant for instant in due if first <= instant <= last]
        if len(meant) != row["due_count"]:
            self._unexplained(
                f"{job.name}: {row['due_time']} to {row['due_last']} ({row['state']}, "
                f"{row['cause']}) counts {row['due_count']} and not {len(meant)}"
            )
        return meant

    def _periods(self, job: KnownJob, events: list[dict[str, Any]]) -> list[Period]:
        """The times between additions, changes and the end, which is a deletion or a pause."""
        marks = sorted(
            (moment(event["created_time"]), event["event"]) for event in events
            if event["event"] in {"added", "modified", "deleted", "paused"}
        )  # fmt: skip
        changes = [at for at, event in marks if event in {"added", "modified"}]
        if len(changes) != len(job.timings):
            self._unexplained(f"{job.name}: {len(changes)} schedules, {len(job.timings)} known")
            return []
        periods = []
        since = changes[0]
        for number, (start, timing) in enumerate(zip(changes, job.timings, strict=True)):
            if number and timing.fields != job.timings[number - 1].fields:
                since = start
            end = changes[number + 1] if number + 1 < len(changes) else marks[-1][0]
            periods.append(Period(timing, start, end, since))
        return periods

    def _check_runs(self) -> None:
        for execution_id, count in self._starts.items():
            if count > 1:
                self._found.ran_twice += count - 1
                self._fault(f"execution {execution_id} was started {count} times")
            row = self._rows.get(execution_id)
            if row is None or row["state"] in _DID_NOT_RUN:
                self._unexplained(f"execution {execution_id} ran, and is {row and row['state']}")
        for execution_id, row in self._rows.items():
            if row["state"] not in _FINAL:
                self._unexplained(f"execution {execution_id} is {row['state']} for ever")
            if (row["state"], row["cause"]) in _RAN and execution_id not in self._starts:
                self._unexplained(f"execution {execution_id} {row['state']}, and never ran")

    def _check_consequences(self) -> None:
        """Each failure has its next attempt or its mail, each success its run, exactly once."""
        attempts = Counter((row["retry_of"], row["attempt"]) for row in self._rows.values())
        followers = Counter(row["caused_by"] for row in self._rows.values())
        for execution_id, row in self._rows.items():
            job = self._client.diary.jobs[row["job"]["job_id"]]
            first, next_attempt = row["retry_of"] or execution_id, row["attempt"] + 1
            if row["state"] in _FAILED and next_attempt <= job.attempts:
                self._check_followed(execution_id, "attempts", attempts[first, next_attempt])
            elif row["state"] in _FAILED:
                mails = self._client.get(f"executions/{execution_id}")["mails"]
                self._check_followed(execution_id, "mails", len(mails))
            if row["state"] == "succeeded" and job.leads:
                self._check_followed(execution_id, "runs", followers[execution_id])

    def _check_followed(self, execution_id: str, by: str, count: int) -> None:
        self._found.followed += 1
        if count != 1:
            self._unexplained(f"execution {execution_id} is followed by {count} {by}")

    def _everything(self, kind: str, job_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self._client.get(
                kind, job_id=job_id, limit="1000", cursor=cursor,
                time_range_start="2000-01-01T00:00:00Z",
            )  # fmt: skip
            found += page[kind]
            cursor = page["next_cursor"]
        return found

    def _lost(self, text: str) -> None:
        self._found.writes_lost += 1
        self._fault(text)

    def _unexplained(self, text: str) -> None:
        self._found.unexplained += 1
        self._fault(text)

    def _fault(self, text: str) -> None:
        self._found.faults.append(text)


def moment(text: str) -> float:
    """Seconds since the epoch."""
    return datetime.fromisoformat(text).timestamp()
