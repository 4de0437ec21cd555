"""Jobs as rows of their table, and back."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from botsched.domain import rules
from botsched.domain.clock import NEVER
from botsched.domain.job import Job, JobPolicy


def values_of(job: Job) -> dict[str, Any]:
    """The columns of a job, without those of its last outcome."""
    return {
        "id": job.id,
        "name": job.name,
        "job_class": job.job_class,
        "arguments": job.arguments,
        "schedule": job.schedule,
        "coalesce": rules.coalesce_of(job.policy),
        "grace_seconds": _seconds(job.policy.misfire),
        "max_instances": job.policy.max_instances,
        "time_limit_seconds": _seconds(job.policy.time_limit),
        "rules": job.policy,
        "next_due": job.next_due,
        "paused_at": job.paused_at,
        "paused_by": job.paused_by,
        "paused_until": job.paused_until,
        "keep_days": job.policy.keep_days,
        "keep_count": job.policy.keep_count,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "version": job.version,
        "look_at": job.paused_until if job.paused else job.next_due,
        "since": job.since,
        "tags": job.tags or None,
        "notes": job.notes or None,
        "managed_by": job.managed_by,
    }


def job_of(row: Row[Any]) -> Job:
    """Taken apart by position, in the order of the columns: names cost four times as much."""
    (
        id_, name, job_class, arguments, schedule, coalesce, misfire, max_instances, time_limit,
        next_due, paused_at, paused_by, created_at, updated_at, version, kept, paused_until,
        keep_days, keep_count, look_at, since, tags, notes, managed_by, *_,
    ) = tuple(row)  # fmt: skip
    return Job(
        id_,
        name,
        job_class,
        arguments,
        schedule,
        _policy(
            coalesce, misfire, max_instances, time_limit, keep_days, keep_count, kept or JobPolicy()
        ),
        next_due,
        created_at,
        updated_at,
        paused_at,
        paused_by,
        version,
        paused_until,
        parked_until(next_due, look_at) if paused_at is None else None,
        since,
        tuple(tags or ()),
        notes or "",
        managed_by,
    )


def parked_until(next_due: datetime | None, look_at: datetime | None) -> datetime | None:
    """Until when a job that is not paused is not run, if it is kept from that."""
    return None if look_at == next_due else look_at or NEVER


@lru_cache(maxsize=1024)
def _policy(
    coalesce: bool | None,
    misfire: float | None,
    max_instances: int | None,
    time_limit: float | None,
    keep_days: int | None,
    keep_count: int | None,
    kept: JobPolicy,
) -> JobPolicy:
    return replace(
        kept,
        missed=kept.missed or rules.missed_of(coalesce),
        misfire=_duration(misfire),
        max_instances=max_instances,
        time_limit=_duration(time_limit),
        keep_days=keep_days,
        keep_count=keep_count,
    )


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
