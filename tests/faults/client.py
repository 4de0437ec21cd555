"""A client that keeps a diary of what it asked for and of what the server acknowledged.

What got no answer, or an error of the server, is in doubt: it may have been done or not. That is
found out by looking, once nothing of it can be under way any more.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from tests.faults.times import EVERY_MINUTE, Timing, cron_seconds, every_seconds
from tests.support.program import Answer, Program

TIMINGS = (
    cron_seconds(1),
    cron_seconds(2),
    cron_seconds(5),
    every_seconds(1),
    every_seconds(3),
    EVERY_MINUTE,
)


@dataclass
class KnownJob:
    """A job as the diary has it; ``timings`` holds one for its start and each change after it.

    A ``base`` job is never deleted, and a ``rare`` one runs only where a fault needs it. After a
    failure another attempt follows, up to ``attempts`` in all; after a success, if ``leads``, a
    run of another job.
    """

    id: str
    name: str
    timings: list[Timing]
    base: bool = False
    rare: bool = False
    attempts: int = 1
    leads: bool = False
    paused: bool = False
    deleted: bool = False
    doubt: "Doubt | None" = None


@dataclass
class Doubt:
    """A write that may have been done: how to see it, and what it makes of the job."""

    event: str
    done: Callable[[dict[str, Any] | None], bool]
    apply: Callable[[], None]


@dataclass
class Diary:
    """What was asked for. ``acknowledged`` and ``doubtful`` count audit events by job and event."""

    jobs: dict[str, KnownJob] = field(default_factory=dict)
    lost_adds: dict[str, Timing] = field(default_factory=dict)
    runs: set[str] = field(default_factory=set)
    acknowledged: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubtful: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: bool = False
    unavailable: int = 0
    named: int = 0

    @property
    def alive(self) -> list[KnownJob]:
        return [job for job in self.jobs.values() if not job.deleted]


class Client:
    """Asks a program for this and that, by a generator of random numbers."""

    def __init__(self, program: Program, chance: random.Random) -> None:
        self._program = program
        self._chance = chance
        self.may_change = True
        self.diary = Diary()

    def ask(self, method: str, path: str, body: Any = None) -> Answer | None:
        """An answer that is not an error of the server; else None."""
        try:
            answer = self._program.ask(method, f"/api/v1/{path}", body)
        except (OSError, HTTPException):
            return None
        if answer.status >= 500:
            self.diary.unavailable += answer.status == 503
            return None
        return answer

    def get(self, path: str, **parameters: str) -> Any:
        """An answer that has to come."""
        return self._program.get(f"{path}?{urlencode(parameters)}" if parameters else path)

    def add(self, job_class: str, timing: Timing, *arguments: Any, base: bool = False,
            rare: bool = False, **fields: Any) -> str | None:  # fmt: skip
        """Give the id of a new job, if that is acknowledged."""
        name = self._name(job_class)
        wanted = {"name": name, "job_class_string": f"own.tests_of_it.{job_class}"}
        answer = self.ask("POST", "jobs", wanted | {"pub_args": arguments} | timing.fields | fields)
        if answer is None:
            self.diary.lost_adds[name] = timing
            return None
        assert answer.status == 201, answer.text
        job = KnownJob(answer.json["job_id"], name, [timing], base, rare)
        job.attempts = fields.get("retry", {}).get("attempts", 1)
        job.leads = "then_run" in fields
        self.diary.jobs[job.id] = job
        self.diary.acknowledged[job.id, "added"] += 1
        return job.id

    def do_something(self) -> None:
        """One of all that clients do."""
        actions = [self.run, self.run, self.pause_or_resume, self.pause_or_resume,
                   self.stop_some, self.look]  # fmt: skip
        if self.may_change:
            actions.append(self.edit)
        if self._chance.random() < (0.3 if self.diary.held else 0.01):
            self.hold(held=not self.diary.held)
            return
        jobs = [job for job in self.diary.alive if job.doubt is None and not job.rare]
        changing = [job for job in jobs if not job.base]
        if len(changing) < 4 and self.may_change and self._chance.random() < 0.5:
            self.add("Quick", self._chance.choice(TIMINGS))
        elif len(changing) > 2 and self.may_change and self._chance.random() < 0.1:
            self.delete(self._chance.choice(changing))
        elif jobs:
            self._chance.choice(actions)(self._chance.choice(jobs))

    def run(self, job: KnownJob) -> None:
        answer = self.ask("POST", f"jobs/{job.id}/run")
        if answer is None:
            self.diary.doubtful[job.id, "custom_run"] += 1
            return
        assert answer.status == 200, answer.text
        self.diary.runs.add(answer.json["execution_id"])
        self.diary.acknowledged[job.id, "custom_run"] += 1

    def edit(self, job: KnownJob) -> None:
        """Change the name always, so that it can be told, and the schedule sometimes."""
        name = self._name("Edited")
        timing = job.timings[-1]
        if not job.base and self._chance.random() < 0.6:
            timing = self._chance.choice(TIMINGS)

        def apply() -> None:
            job.name = name
            job.timings.append(timing)

        body = {"name": name}
        if timing is not job.timings[-1]:
            body |= timing.fields
        answer = self.ask("PUT", f"jobs/{job.id}", body)
        done = Doubt("modified", lambda seen: seen is not None and seen["name"] == name, apply)
        self._note(job, answer, done)

    def pause_or_resume(self, job: KnownJob) -> None:
        self.pause(job, paused=not job.paused)

    def pause(self, job: KnownJob, *, paused: bool) -> None:
        def apply() -> None:
            job.paused = paused

        verb, event = ("pause", "paused") if paused else ("resume", "resumed")
        answer = self.ask("POST", f"jobs/{job.id}/{verb}")
        done = Doubt(event, lambda seen: seen is not None and seen["paused"] is paused, apply)
        self._note(job, answer, done)

    def hold(self, *, held: bool) -> None:
        """Hold all jobs, or release them; what is in doubt is asked for once more."""
        if held:
            answer = self.ask("PUT", "hold", {"reason": "A fault is looked for."})
        else:
            answer = self.ask("DELETE", "hold")
        if answer is not None:
            assert answer.status == 200, answer.text
            self.diary.held = held

    def delete(self, job: KnownJob) -> None:
        def apply() -> None:
            job.deleted = True

        answer = self.ask("DELETE", f"jobs/{job.id}")
        self._note(job, answer, Doubt("deleted", lambda seen: seen is None, apply))

    def stop_some(self, job: KnownJob) -> None:
        """Stop a run of the job, if there is one; nothing follows from what a user stops."""
        if job.attempts == 1:
            self.stop_runs(job, 1)

    def stop_runs(self, job: KnownJob, most: int = 100) -> None:
        states = "state=running,scheduled"
        found = self.ask("GET", f"executions?job_id={job.id}&{states}&limit={most}")
        if found is None or found.status != 200:
            return
        for row in found.json["executions"]:
            answer = self.ask("DELETE", f"executions/{row['execution_id']}")
            if answer is None:
                self.diary.doubtful[job.id, "stopped"] += 1
            elif answer.status == 200:
                self.diary.acknowledged[job.id, "stopped"] += 1

    def look(self, job: KnownJob) -> None:
        self.ask("GET", f"executions?job_id={job.id}&limit=20")
        self.ask("GET", "jobs")

    def resolve(self) -> None:
        """See what became of what is in doubt, now that nothing of it can be under way.

        It stays in doubt while there is no answer.
        """
        answer = self.ask("GET", "jobs")
        if answer is None:
            return
        present = {job["job_id"]: job for job in answer.json["jobs"]}
        for job_id, seen in present.items():
            if job_id not in self.diary.jobs and seen["name"] in self.diary.lost_adds:
                timing = self.diary.lost_adds[seen["name"]]
                self.diary.jobs[job_id] = KnownJob(job_id, seen["name"], [timing])
                self.diary.doubtful[job_id, "added"] += 1
        self.diary.lost_adds = {}
        for job in self.diary.jobs.values():
            if job.doubt is not None:
                if job.doubt.done(present.get(job.id)):
                    job.doubt.apply()
                job.doubt = None

    def _note(self, job: KnownJob, answer: Answer | None, doubt: Doubt) -> None:
        if answer is None:
            job.doubt = doubt
            self.diary.doubtful[job.id, doubt.event] += 1
            return
        assert answer.status == 200, answer.text
        doubt.apply()
        self.diary.acknowledged[job.id, doubt.event] += 1

    def _name(self, kind: str) -> str:
        self.diary.named += 1
        return f"{kind} {self.diary.named}"
