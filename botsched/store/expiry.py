"""Which executions have been kept long enough, found job by job through their index."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)

from botsched.domain.execution import FINAL
from botsched.domain.jobversion import Change
from botsched.domain.keeping import Expired, JobRecord, Keep
from botsched.store.jobhistory import JobHistory
from botsched.store.schema import Schema

PORTION = 500
"""Jobs looked at in one read."""


class Expiry:
    """Looks for executions to be deleted, and deletes them with all that belongs to them.

    No statement here reads more rows than it gives, but for the few that must stay.
    """

    def __init__(self, connection: Connection, schema: Schema, history: JobHistory) -> None:
        self._connection = connection
        self._schema = schema
        self._history = history

    def is_limited_by_jobs(self) -> bool:
        """Whether any job says how long its executions are kept."""
        jobs = self._schema.jobs.c
        query = select(jobs.id).where(or_(jobs.keep_days > 0, jobs.keep_count > 0)).limit(1)
        return self._connection.execute(query).first() is not None

    def portion(self, after: str, count: int | None) -> list[JobRecord]:
        """The next jobs that have executions, by id, behind ``after``; empty at the end.

        ``count`` is how many executions are kept of jobs that do not say it.
        """
        query = _portion(self._schema, count, self._connection.dialect.name)
        return [_record(row) for row in self._connection.execute(query, {"after": after})]

    def expired(self, job: JobRecord, keep: Keep, now: datetime, limit: int) -> list[Expired]:
        """Executions of a job that are to be deleted, the oldest first."""
        old = self._old(job, keep, now)
        if not old:
            return []
        run, mail = self._schema.executions.c, self._schema.outbox.c
        owing = self._owing().where(mail.execution_id == run.id).exists()
        query = (
            select(run.id, run.job_id, func.coalesce(run.due_last, run.due))
            .where(run.job_id == job.job_id, or_(*old), run.state.in_(FINAL), ~owing)
            .order_by(run.updated_at, run.id)
            .limit(limit)
        )
        return [Expired(*row) for row in self._connection.execute(query)]

    def delete(self, expired: list[Expired]) -> None:
        """Delete executions, their output and mails, and note up to when the record is gone.

        Those stay of which a mail was sent once more since they were found.
        """
        owing = self._owing().where(
            self._schema.outbox.c.execution_id.in_([each.id for each in expired])
        )
        kept = set(self._connection.execute(owing).scalars())
        expired = [each for each in expired if each.id not in kept]
        ids = [each.id for each in expired]
        for column in (
            self._schema.executions.c.id,
            self._schema.output.c.execution_id,
            self._schema.outbox.c.execution_id,
        ):
            self._connection.execute(delete(column.table).where(column.in_(ids)))
        removed: dict[str, datetime] = {}
        for each in expired:
            if each.due is not None:
                removed[each.job_id] = max(each.due, removed.get(each.job_id, each.due))
        if removed:
            self._history.cut_off(removed)

    def forgotten_jobs(self, before: datetime, limit: int) -> list[str]:
        """Jobs that were deleted before then, and have no execution any more.

        Those are not among them that were added again.
        """
        version, run = self._schema.job_history.c, self._schema.executions.c
        job = self._schema.jobs.c
        query = (
            select(version.job_id)
            .where(version.event == Change.DELETED, version.at < before)
            .where(~exists().where(run.job_id == version.job_id))
            .where(~exists().where(job.id == version.job_id))
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def _owing(self) -> Select[Any]:
        """Executions by id of which mails, or the digests that tell them, are still to be sent.

        A digest, and what repeats it, are about one execution of those that they tell.
        """
        mail = self._schema.outbox
        digest, unsent = mail.alias("digest").c, mail.alias("unsent").c
        # Not by "exists", for which PostgreSQL reads the whole outbox twice, to be prepared.
        untold = select(unsent.id).where(
            digest.id == mail.c.digest_id,
            unsent.execution_id == digest.execution_id,
            unsent.ended_at.is_(None),
        )
        owed = untold.limit(1).scalar_subquery().is_not(None)
        told_later = and_(mail.c.digest_id.is_not(None), owed)
        return select(mail.c.execution_id).where(or_(mail.c.ended_at.is_(None), told_later))

    def _old(self, job: JobRecord, keep: Keep, now: datetime) -> list[ColumnElement[bool]]:
        """Conditions that hold for what is beyond the limits; none when nothing can be."""
        updated = self._schema.executions.c.updated_at
        conditions = []
        if keep.age is not None and job.oldest < now - keep.age:
            conditions.append(updated < now - keep.age)
        if keep.count is not None and (newest := self._first_beyond(job.job_id, keep.count)):
            place = tuple_(updated, self._schema.executions.c.id)
            conditions.append(and_(updated <= newest[0], place <= tuple_(*newest)))
        return conditions

    def _first_beyond(self, job_id: str, count: int) -> tuple[datetime, str] | None:
        """The place of the newest execution that is one too many."""
        run = self._schema.executions.c
        query = select(run.updated_at, run.id).where(run.job_id == job_id)
        query = query.order_by(run.updated_at.desc(), run.id.desc()).offset(count).limit(1)
        row = self._connection.execute(query).first()
        return None if row is None else (row[0], row[1])


def _portion(schema: Schema, count: int | None, dialect: str) -> Select[Any]:
    run, jobs = schema.executions.c, schema.jobs
    found = _grouped(schema) if dialect == "mysql" else _stepped(schema)
    oldest = select(func.min(run.updated_at)).where(run.job_id == found.c.job_id).scalar_subquery()
    beyond: ColumnElement[Any] = null()
    if count is not None:
        newest = select(run.id).where(run.job_id == found.c.job_id)
        newest = newest.order_by(run.updated_at.desc(), run.id.desc())
        beyond = newest.offset(count).limit(1).scalar_subquery()
    return (
        select(found.c.job_id, oldest, beyond, jobs.c.keep_days, jobs.c.keep_count)
        .select_from(found.outerjoin(jobs, jobs.c.id == found.c.job_id))
        .where(found.c.job_id.is_not(None))
        .order_by(found.c.job_id)
    )


def _stepped(schema: Schema) -> FromClause:
    """Job ids that have executions: from each to the next by one look into their index."""
    run = schema.executions.c
    first = select(func.min(run.job_id).label("job_id"), literal(1).label("step"))
    found = first.where(run.job_id > bindparam("after")).cte("found", recursive=True)
    following = select(func.min(run.job_id)).where(run.job_id > found.c.job_id).scalar_subquery()
    step = select(following, found.c.step + 1)
    return found.union_all(step.where(found.c.step < PORTION, found.c.job_id.is_not(None)))


def _grouped(schema: Schema) -> FromClause:
    """The same for MySQL, which takes these steps by itself, and reads all rows for the above."""
    job_id = schema.executions.c.job_id
    query = select(job_id).where(job_id > bindparam("after")).group_by(job_id).order_by(job_id)
    return query.limit(PORTION).subquery("found")


def _record(row: Row[Any]) -> JobRecord:
    job_id, oldest, beyond, days, count = tuple(row)
    age = None if days is None else timedelta(days=days)
    return JobRecord(job_id, oldest, beyond is not None, Keep(age, count))
