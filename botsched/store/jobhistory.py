"""What is known of the past of jobs: their versions, and up to when their record was removed.

By these the record of executions can be verified.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, bindparam, delete, func, insert, select, update

from botsched.domain.jobversion import Change, JobVersion
from botsched.domain.news import Notes, Topic

KEPT_SINCE = "versions kept since"
"""The name under which an upgrade notes its time."""


class JobHistory:
    """Versions as rows, and the last removed instant of each job."""

    def __init__(
        self, connection: Connection, versions: Table, removed: Table, meta: Table, notes: Notes
    ) -> None:
        self._connection = connection
        self._versions = versions
        self._removed = removed
        self._meta = meta
        self._notes = notes

    def add(self, version: JobVersion) -> None:
        """Store a version. Raises DuplicateError when the job has one with its number."""
        self._connection.execute(insert(self._versions), _values(version))
        self._notes[Topic.JOB, version.job_id] = version.change

    def of(self, job_id: str) -> list[JobVersion]:
        """The versions of a job, in order; none for a job that nobody knows any more."""
        return self.of_several([job_id]).get(job_id, [])

    def last(self, job_id: str) -> JobVersion | None:
        """The last version of a job; None for a job that nobody knows, or knows any more."""
        columns = self._versions.c
        query = select(self._versions).where(columns.job_id == job_id)
        query = query.order_by(columns.version.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _version(row)

    def of_several(self, job_ids: list[str]) -> dict[str, list[JobVersion]]:
        """The versions of those of some jobs that are known, each in order."""
        columns = self._versions.c
        query = select(self._versions).where(columns.job_id.in_(job_ids))
        found: dict[str, list[JobVersion]] = {}
        for row in self._connection.execute(query.order_by(columns.job_id, columns.version)):
            found.setdefault(row.job_id, []).append(_version(row))
        return found

    def job_ids(self, after: str = "", limit: int = 500) -> list[str]:
        """Some of the jobs that are known, those that were deleted too, in order of their ids."""
        column = self._versions.c.job_id
        query = select(column).where(column > after).distinct().order_by(column).limit(limit)
        return list(self._connection.execute(query).scalars())

    def kept_since(self) -> datetime | None:
        """When versions began to be kept; None when that was from the beginning."""
        query = select(self._meta.c.value).where(self._meta.c.name == KEPT_SINCE)
        value = self._connection.execute(query).scalar_one_or_none()
        return None if value is None else datetime.fromisoformat(value)

    def removed_until(self, job_ids: list[str]) -> dict[str, datetime]:
        """For each job the last instant whose row was removed; earlier ones may lack theirs."""
        columns = self._removed.c
        query = select(columns.job_id, columns.until).where(columns.job_id.in_(job_ids))
        return {row.job_id: row.until for row in self._connection.execute(query)}

    def cut_off(self, last: Mapping[str, datetime]) -> None:
        """Note that the rows of these jobs are removed up to an instant of each.

        Versions that were over by then are not needed any more, and go.
        """
        columns = self._removed.c
        known = self.removed_until(list(last))
        new = [{"job_id": job, "until": until} for job, until in last.items() if job not in known]
        if new:
            self._connection.execute(insert(self._removed), new)
        later = [
            {"job": job, "last": last[job]} for job, until in known.items() if until < last[job]
        ]
        if later:
            statement = update(self._removed).where(columns.job_id == bindparam("job"))
            self._connection.execute(statement.values(until=bindparam("last")), later)
        self._forget_versions(last)

    def remove_until(self, job_id: str, moment: datetime) -> None:
        """Note that no row later than then is removed: those were none of instants."""
        columns = self._removed.c
        later = and_(columns.job_id == job_id, columns.until > moment)
        self._connection.execute(update(self._removed).where(later).values(until=moment))

    def forget(self, job_ids: Collection[str]) -> None:
        """Delete all that is known of these jobs."""
        for table in (self._versions, self._removed):
            self._connection.execute(delete(table).where(table.c.job_id.in_(job_ids)))

    def _forget_versions(self, last: Mapping[str, datetime]) -> None:
        columns = self._versions.c
        several = select(columns.job_id).where(columns.job_id.in_(list(last)))
        several = several.group_by(columns.job_id).having(func.count() > 1)
        for job_id in list(self._connection.execute(several).scalars()):
            versions = self.of(job_id)
            over = [old for old, later in pairwise(versions) if later.since <= last[job_id]]
            if over:
                gone = columns.version <= over[-1].version
                statement = delete(self._versions).where(columns.job_id == job_id, gone)
                self._connection.execute(statement)


def _values(version: JobVersion) -> dict[str, Any]:
    return {
        "job_id": version.job_id,
        "version": version.version,
        "event": version.change,
        "user": version.user,
        "at": version.at,
        "since": version.since,
        "name": version.name,
        "schedule": version.schedule,
        "paused": version.paused,
    }


def _version(row: Row[Any]) -> JobVersion:
    return JobVersion(
        job_id=row.job_id,
        version=row.version,
        change=Change(row.event),
        user=row.user,
        at=row.at,
        since=row.since,
        name=row.name,
        schedule=row.schedule,
        paused=row.paused,
    )
