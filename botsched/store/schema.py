"""The tables. A change here is a new revision, with a step in ``revisions``."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
)

from botsched.domain.ids import LONGEST_JOB_ID
from botsched.settings.model import TableNames
from botsched.store.types import LONG_TEXT, Instant, Json, RulesJson, ScheduleJson, text

REVISION = 5

JOB_ID = text(LONGEST_JOB_ID)


class Schema:
    """All tables, under the names that the user chose.

    Names of indexes carry their table's name: some databases want them unique in all.
    """

    def __init__(self, names: TableNames) -> None:
        self.metadata = MetaData()
        self.meta = Table(
            "scheduler_meta",
            self.metadata,
            Column("name", text(50), primary_key=True),
            Column("value", text(200), nullable=False),
        )
        self.jobs = _jobs(names.jobs, self.metadata)
        self.job_history = _job_history("scheduler_job_history", self.metadata)
        self.executions = _executions(names.executions, self.metadata)
        self.output = Table(
            "scheduler_output",
            self.metadata,
            Column("execution_id", text(32), primary_key=True),
            Column("sequence", Integer, primary_key=True, autoincrement=False),
            Column("stream", text(3), nullable=False),
            Column("at", Instant, nullable=False),
            Column("text", LONG_TEXT, nullable=False),
        )
        self.removed = Table(
            "scheduler_removed",
            self.metadata,
            Column("job_id", JOB_ID, primary_key=True),
            Column("until", Instant, nullable=False),
        )
        self.outbox = _outbox("scheduler_outbox", self.metadata)
        self.audit = _audit(names.logs, self.metadata)
        self.files = Table(
            names.files,
            self.metadata,
            Column("filename", text(200), primary_key=True),
            Column("user", text(255), nullable=False),
            Column("created_at", Instant, nullable=False),
            Column("entries", Integer, nullable=False),
            Column("description", text(500), nullable=False),
        )
        self.lease = Table(
            "scheduler_lease",
            self.metadata,
            Column("name", text(50), primary_key=True),
            Column("holder", text(255), nullable=False),
            Column("token", BigInteger, nullable=False),
            Column("renewed_at", Instant, nullable=False),
            Column("expires_at", Instant, nullable=False),
        )
        self.controls = Table(
            "scheduler_controls",
            self.metadata,
            Column("name", text(50), primary_key=True),
            Column("value", Json, nullable=False),
            Column("updated_at", Instant, nullable=False),
            Column("updated_by", text(255), nullable=False),
        )


def _jobs(name: str, metadata: MetaData) -> Table:
    return Table(
        name,
        metadata,
        Column("id", JOB_ID, primary_key=True),
        Column("name", text(255), nullable=False),
        Column("job_class", text(500), nullable=False),
        Column("arguments", Json, nullable=False),
        Column("schedule", ScheduleJson, nullable=False),
        Column("coalesce", Boolean),
        Column("grace_seconds", Double),
        Column("max_instances", Integer),
        Column("time_limit_seconds", Double),
        Column("next_due", Instant),
        Column("paused_at", Instant),
        Column("paused_by", text(255)),
        Column("created_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
        Column("version", Integer, nullable=False),
        Column("rules", RulesJson),
        Column("paused_until", Instant),
        Column("keep_days", Integer),
        Column("keep_count", Integer),
        # When it is due, or when what keeps it from running ends; null: paused until told.
        Column("look_at", Instant),
        Column("since", Instant),
        Column("tags", Json),
        Column("notes", LONG_TEXT),
        Column("managed_by", text(255)),
        # The last outcome: written with the end of the execution, no part of the job's version.
        Column("last_state", text(20)),
        Column("last_execution", text(32)),
        Column("last_at", Instant),
        Index(f"ix_{name}_next_due", "next_due"),
        Index(f"ix_{name}_look_at", "look_at"),
        Index(f"ix_{name}_name", "name", "id"),
    )


def _job_history(name: str, metadata: MetaData) -> Table:
    """What each version of a job said about when it is due, from ``since`` on."""
    return Table(
        name,
        metadata,
        Column("job_id", JOB_ID, primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("event", text(20), nullable=False),
        Column("user", text(255), nullable=False),
        Column("at", Instant, nullable=False),
        Column("since", Instant, nullable=False),
        Column("name", text(255), nullable=False),
        Column("schedule", ScheduleJson, nullable=False),
        Column("paused", Boolean, nullable=False),
    )


def _executions(name: str, metadata: MetaData) -> Table:
    table = Table(
        name,
        metadata,
        Column("id", text(32), primary_key=True),
        Column("job_id", JOB_ID, nullable=False),
        Column("job_name", text(255), nullable=False),
        Column("job_class", text(500), nullable=False),
        Column("arguments", Json, nullable=False),
        Column("state", text(20), nullable=False),
        Column("cause", text(20), nullable=False),
        Column("reason", LONG_TEXT, nullable=False),
        Column("scheduled_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
        Column("due", Instant),
        Column("due_last", Instant),
        Column("due_count", BigInteger, nullable=False),
        Column("user", text(255)),
        Column("started_at", Instant),
        Column("ended_at", Instant),
        Column("hostname", text(255)),
        Column("boot_id", text(36)),
        Column("pid", Integer),
        Column("pid_started", BigInteger),
        Column("result", Json),
        Column("report", Json),
        Column("output_bytes", BigInteger, nullable=False),
        Column("output_dropped", BigInteger, nullable=False),
        Column("cpu_seconds", Double),
        Column("max_rss", BigInteger),
        Column("attempt", Integer, nullable=False, server_default="1"),
        Column("retry_of", text(32)),
        Column("caused_by", text(32)),
        Column("not_before", Instant),
        Column("token", BigInteger),
        Column("progress", Double),
        Column("progress_text", text(255)),
        # No instant of a job can be recorded twice, whatever restarts or runs beside us.
        Index(f"ux_{name}_job_due", "job_id", "due", unique=True),
        Index(f"ix_{name}_updated", "updated_at", "id"),
        Index(f"ix_{name}_job_updated", "job_id", "updated_at", "id"),
        Index(f"ix_{name}_state", "state", "updated_at", "id"),
    )
    # What follows from an end is recorded once, whatever restarts or runs beside us.
    _unique_where_given(f"ux_{name}_attempt", table.c.retry_of, table.c.attempt)
    _unique_where_given(f"ux_{name}_caused_by", table.c.caused_by, table.c.job_id)
    return table


def _unique_where_given(name: str, key: Column[Any], other: Column[Any]) -> Index:
    """An index that leaves out the rows without the key, where a database can: nearly all rows."""
    given = key.is_not(None)
    return Index(name, key, other, unique=True, sqlite_where=given, postgresql_where=given)


def _outbox(name: str, metadata: MetaData) -> Table:
    return Table(
        name,
        metadata,
        Column("id", text(32), primary_key=True),
        Column("execution_id", text(32), nullable=False),
        Column("profile", text(255), nullable=False),
        Column("state", text(10), nullable=False),
        Column("recipients", Json),
        Column("attempts", Integer, nullable=False),
        Column("next_attempt_at", Instant),
        Column("last_error", LONG_TEXT),
        Column("created_at", Instant, nullable=False),
        Column("ended_at", Instant),
        Column("job_id", JOB_ID),
        Column("kind", text(10), nullable=False, server_default="run"),
        Column("why", Json),
        # What is counted for limits: mails to the same people, and those by a rule of a job.
        Column("audience", text(32)),
        Column("rule", Integer),
        Column("thread", text(32)),
        Column("held_until", Instant),
        Column("digest_id", text(32)),
        Column("resent_of", text(32)),
        Column("requeued_at", Instant),
        Column("subject", text(500)),
        Column("log", Json),
        Index(f"ix_{name}_next_attempt", "profile", "next_attempt_at"),
        Index(f"ix_{name}_execution", "execution_id"),
        Index(f"ix_{name}_created", "created_at", "id"),
        Index(f"ix_{name}_state", "state", "created_at", "id"),
        Index(f"ix_{name}_profile", "profile", "state", "held_until"),
        Index(f"ix_{name}_job", "job_id", "created_at", "id"),
        Index(f"ix_{name}_audience", "audience", "created_at"),
        Index(f"ix_{name}_digest", "digest_id"),
    )


def _audit(name: str, metadata: MetaData) -> Table:
    return Table(
        name,
        metadata,
        Column("id", text(32), primary_key=True),
        Column("event", text(20), nullable=False),
        Column("user", text(255), nullable=False),
        Column("job_id", JOB_ID, nullable=False),
        Column("job_name", text(255), nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("description", LONG_TEXT, nullable=False),
        Column("changes", Json),
        Index(f"ix_{name}_created", "created_at", "id"),
        Index(f"ix_{name}_job", "job_id", "created_at", "id"),
    )
