"""A day in the life of a shop, for pictures of the page and tests of what it draws.

``fill`` writes jobs and what became of each of their due instants into a database that no program
uses yet; ``stir`` then has some jobs run. The folder ``SHOP`` holds their classes.
"""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.execution import Cause, Execution, OutputChunk, State
from botsched.domain.ids import new_id
from botsched.domain.job import Job, JobPolicy, Missed
from botsched.domain.words import in_words
from botsched.settings.model import DatabaseSettings
from botsched.store.session import Session
from botsched.store.store import Store
from tests.browser.demomails import mails_of
from tests.support.program import Program

SHOP = Path(__file__).parent / "shop"
ZONE = ZoneInfo("Europe/Brussels")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SECOND = timedelta(seconds=1)
SINCE = timedelta(days=40)
"""So far back goes the history of a job that is not due too often for that."""

OUTAGE = timedelta(hours=9, minutes=20), timedelta(hours=9, minutes=8)
"""From when to when, before now, no server ran."""


@dataclass(frozen=True)
class Plan:
    """A job: ``seconds`` its runs take about, growing by a share of ``growth`` over time.

    Of its runs a share ``fails`` and ``slow`` runs into the time limit; all fail for ``broken``
    until now. ``back`` is how far its history goes.
    """

    name: str
    job_class: str
    arguments: tuple[str | int, ...]
    crontab: str
    seconds: float
    tags: tuple[str, ...] = ()
    notes: str = ""
    fails: float = 0.0
    slow: float = 0.0
    growth: float = 0.0
    broken: timedelta = timedelta()
    back: timedelta = SINCE
    paused: bool = False


PLANS = [
    Plan("Check the front page", "Check", ("https://shop.example/",), "* * * * *", 0.7,
         ("monitoring",), "Wakes the operator when customers see nothing.", fails=0.002, back=DAY),
    Plan("Check the payment gateway", "Check", ("https://pay.example/ping",), "*/5 * * * *", 1.3,
         ("monitoring", "payments"), fails=0.03, back=3 * DAY),
    Plan("Import orders from the marketplace", "Copy", ("marketplace", "orders"), "*/15 * * * *",
         42, ("orders",), "Orders of the last quarter of an hour.", fails=0.02, back=7 * DAY),
    Plan("Send invoices", "Send", ("invoices",), "*/30 * * * *", 9, ("mail", "payments"),
         "One mail for each order that was paid.", broken=3.1 * HOUR, back=14 * DAY),
    Plan("Update stock levels", "Copy", ("warehouse", "shop"), "7 * * * *", 95, ("orders",),
         fails=0.01, growth=0.5),
    Plan("Back up the shop database", "Copy", ("shop", "s3://backup/shop"), "30 2 * * *", 1900,
         ("backup", "database"), "Kept for 30 days. Restore: see the handbook, chapter 4.",
         growth=0.6),
    Plan("Back up customer files", "Copy", ("files", "s3://backup/files"), "0 3 * * *", 2700,
         ("backup",), slow=0.05, growth=0.2),
    Plan("Export sales to the data warehouse", "Copy", ("sales", "warehouse"), "15 */4 * * *",
         640, ("reports",), fails=0.05),
    Plan("Rebuild the search index", "Long", ("products", 90), "40 */6 * * *", 1150, ("search",),
         "Customers find new products only after this.", slow=0.04, growth=0.3),
    Plan("Delete abandoned baskets", "Copy", ("baskets", "/dev/null"), "20 4 * * *", 14,
         ("cleaning", "database")),
    Plan("Copy photos to the edge", "Copy", ("photos", "edge"), "10 * * * *", 3000, ("files",),
         growth=0.05, back=5 * DAY),
    Plan("Rotate logs", "Copy", ("/var/log/shop", "archive"), "5 0 * * *", 6, ("cleaning",)),
    Plan("Renew certificates", "Check", ("https://acme.example/",), "25 5 * * 1,4", 21,
         ("security",)),
    Plan("Weekly sales report", "Copy", ("sales", "report"), "0 6 * * 1", 75, ("reports",)),
    Plan("Vacuum the database", "Copy", ("shop", "shop"), "0 4 * * 0", 840, ("database",)),
    Plan("Currency rates", "Copy", ("ecb.example", "rates"), "10 16 * * 1-5", 3, ("payments",)),
    Plan("Newsletter", "Send", ("newsletters",), "0 10 * * 2", 310, ("mail",),
         "Paused until the new design is done.", paused=True),
]  # fmt: skip

REASONS = {
    "Check": "No answer within 10 s.",
    "Copy": "PermissionError: [Errno 13] Permission denied: 'incoming/2026-11.csv'",
    "Send": "SMTP server mail.shop.example refused the login: 535 5.7.8 bad password",
    "Long": "MemoryError: the index did not fit.",
}


def fill(database: DatabaseSettings, now: datetime) -> None:
    """Write the jobs and their history; the same each time, but for the hour of the day."""
    chance = random.Random(4)
    jobs = {plan: _job(plan, now) for plan in PLANS}
    rows = [row for plan, job in jobs.items() for row in _history(plan, job, now, chance)]
    rows.sort(key=lambda row: row.updated_at)
    rows = [replace(row, id=new_id()) for row in rows]

    def write(session: Session) -> None:
        for job in jobs.values():
            session.jobs.add(job, "ann")
            session.audit.add(
                _event(Event.ADDED, job, job.created_at, f"schedule: {in_words(job.schedule)}")
            )
        session.executions.add(rows)
        for row in rows:
            session.output.add(row.id, list(_output(row)))
        session.outbox.add(mails_of(rows, now))
        for job in jobs.values():
            if job.paused_at is not None:
                session.audit.add(_event(Event.PAUSED, job, job.paused_at))

    with closing(Store(database)) as store:
        store.write(write)


def stir(program: Program) -> None:
    """Have a job run for longer than any test, and upload files, once the program runs."""
    jobs = {job["name"]: job["job_id"] for job in program.get("jobs")["jobs"]}
    program.run_now(jobs["Rebuild the search index"])
    program.upload("countries.txt", "# Where we deliver to\nBE\nDE\nFR\nLU\nNL\n")
    program.upload("marketplaces.csv", "name,key\nnorth,12\nsouth,17\n")


def _job(plan: Plan, now: datetime) -> Job:
    schedule = CrontabSchedule.of(plan.crontab, ZONE)
    added = now - plan.back
    paused = now - 2 * DAY if plan.paused else None
    return Job(
        id=new_id(),
        name=plan.name,
        job_class=f"shop.work.{plan.job_class}",
        arguments=list(plan.arguments),
        schedule=schedule,
        policy=JobPolicy(
            missed=Missed.SKIP if "monitoring" in plan.tags else None, max_instances=1
        ),
        next_due=schedule.next_after(paused or now),
        created_at=added,
        updated_at=paused or added,
        paused_at=paused,
        paused_by="ben" if paused else None,
        tags=tuple(sorted(plan.tags)),
        notes=plan.notes,
    )


def _history(plan: Plan, job: Job, now: datetime, chance: random.Random) -> Iterator[Execution]:
    """One row for each due instant, but that the outage is one row and a late run."""
    down, up = (now - each for each in OUTAGE)
    end = job.paused_at or now
    free = due = job.created_at
    while (due := job.schedule.next_after(due) or end) < end:
        if down < due < up:
            last = job.schedule.last_until(up, due) or due
            yield from _found_late(job, due, last, up)
            free, due = up + 30 * SECOND, last
            continue
        run = _run(plan, job, due, now, chance)
        if due < free:
            yield _skipped(job, due)
        elif run.ended_at is not None and due <= down < run.ended_at:
            yield _lost(run, up)
        elif run.ended_at is not None and run.ended_at < now:
            free = run.ended_at
            yield run


def _run(plan: Plan, job: Job, due: datetime, now: datetime, chance: random.Random) -> Execution:
    age = 1 - (now - due) / plan.back
    seconds = plan.seconds * chance.uniform(0.85, 1.2) * (1 + plan.growth * age)
    state, cause, reason = State.SUCCEEDED, Cause.RETURNED, ""
    if chance.random() < plan.slow:
        state, cause, seconds = State.TIMEOUT, Cause.TIME_LIMIT, plan.seconds * 2.5
        reason = f"Stopped after its time limit of {seconds:.0f} s."
    elif chance.random() < plan.fails or now - due < plan.broken:
        state, cause, reason = State.FAILED, Cause.RAISED, REASONS[plan.job_class]
        seconds *= chance.uniform(0.2, 0.6)
    begun = due + chance.uniform(0.02, 0.4) * SECOND
    ended = begun + seconds * SECOND
    return replace(
        Execution.of(job, cause, reason, due),
        state=state, due=due, started_at=begun, ended_at=ended, updated_at=ended,
        hostname="shop-1", pid=4711, cpu_seconds=seconds * 0.4, max_rss=2**26,
        output_bytes=len(_printed(state, reason)),
    )  # fmt: skip


def _skipped(job: Job, due: datetime) -> Execution:
    reason = "1 earlier run has not ended; 1 at a time is allowed."
    row = Execution.of(job, Cause.OVERLAP, reason, due)
    return replace(row, state=State.SKIPPED, due=due, ended_at=due)


def _found_late(job: Job, due: datetime, last: datetime, up: datetime) -> Iterator[Execution]:
    if job.policy.missed is Missed.SKIP:
        reason = "Found more than 60 s late: the scheduler did not run, or was busy."
        yield _not_run(job, State.MISSED, Cause.GRACE, reason, due, last, up)
        return
    if due < last:
        before = job.schedule.last_until(last - SECOND, due) or due
        reason = f"Folded into the run due at {last:%Y-%m-%d %H:%M:%S} UTC."
        yield _not_run(job, State.SKIPPED, Cause.COALESCED, reason, due, before, up)
    begun, late = up + 3 * SECOND, (up - last).total_seconds()
    run = Execution.of(job, Cause.RETURNED, f"Found {late:.0f} s late.", last)
    ended = {
        "started_at": begun,
        "ended_at": begun + 20 * SECOND,
        "updated_at": begun + 20 * SECOND,
    }
    yield replace(run, state=State.SUCCEEDED, due=last, hostname="shop-1", pid=4711, **ended)


def _not_run(
    job: Job, state: State, cause: Cause, reason: str, due: datetime, last: datetime, at: datetime
) -> Execution:
    row = Execution.of(job, cause, reason, due)
    count = job.schedule.count(due, last)
    return replace(
        row, state=state, due=due, due_last=last, due_count=count, ended_at=at, updated_at=at
    )


def _lost(run: Execution, up: datetime) -> Execution:
    reason = "The server ended while it ran, without being told to; what became of it is not known."
    changes = {"state": State.LOST, "cause": Cause.CRASH, "reason": reason}
    return replace(run, **changes, ended_at=up, updated_at=up)


def _printed(state: State, reason: str) -> str:
    told = "\x1b[32mdone\x1b[0m" if state is State.SUCCEEDED else f"\x1b[31m{reason}\x1b[0m"
    return f"connecting\nreading\n{told}\n"


def _output(row: Execution) -> Iterator[OutputChunk]:
    if row.output_bytes and row.started_at is not None:
        text = _printed(row.state, row.reason)
        yield OutputChunk(1, "out", row.started_at + SECOND, text)


def _event(event: Event, job: Job, at: datetime, told: str = "") -> AuditEvent:
    return AuditEvent(event, "ben" if event is Event.PAUSED else "ann", at, job.id, job.name, told)
