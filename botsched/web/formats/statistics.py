"""Statistics and the axis of time as JSON."""

from collections.abc import Set
from datetime import datetime
from typing import Any

from botsched.domain.axis import Axis, Due, Lane, Mark
from botsched.domain.execution import Fate, State
from botsched.domain.job import Job
from botsched.domain.statistics import Bucket, JobShare, Run, median, quantile, width_for
from botsched.domain.words import in_words
from botsched.scheduling.statistics import Failure, JobStatistics, Overview, Slow
from botsched.web.formats.executions import execution_data
from botsched.web.formats.times import time_text

_RUNNING_KEYS = (
    "execution_id", "state", "cause", "scheduled_time", "started_time", "user", "attempt",
    "progress", "progress_text",
)  # fmt: skip
_FAILURE_KEYS = ("execution_id", "state", "cause", "description", "started_time", "ended_time")


def overview_data(overview: Overview) -> dict[str, Any]:
    """What the overview shows."""
    first, existing = overview.buckets[0].start, overview.existing
    return {
        "from": time_text(overview.start),
        "to": time_text(overview.end),
        "now": time_text(overview.now),
        "complete": first <= overview.start,
        "counted_from": time_text(first),
        "bucket_seconds": int(width_for(overview.end - overview.start).total_seconds()),
        "buckets": [_bucket_data(bucket) for bucket in overview.buckets],
        "states": _states(overview),
        "fates": {fate: overview.tally.fates[fate] for fate in Fate},
        "skipped": dict(overview.tally.skipped),
        "fates_from": time_text(overview.tally.since),
        "active": {state: overview.active[state] for state in _ACTIVE},
        "running": [_shown(run, _RUNNING_KEYS) for run in overview.running],
        "failures": [_failure_data(failure, existing) for failure in overview.failures],
        "failed_jobs": overview.failed,
        "most_failing": [
            _share_data(share, existing) | {"failures": share.count}
            for share in overview.most_failing
        ],
        "slowest": [_slow_data(slow, existing) for slow in overview.slowest],
        "next": [_next_data(job) for job in overview.upcoming],
        "jobs": {
            "total": overview.jobs,
            "paused": overview.paused,
            "failing": overview.failing,
        },
    }


_ACTIVE = (State.SCHEDULED, State.RUNNING, State.STOPPING)


def job_statistics_data(statistics: JobStatistics) -> dict[str, Any]:
    """Durations and lateness of the latest runs of a job, in seconds."""
    runs = statistics.runs
    seconds = [run.seconds for run in runs if run.seconds is not None]
    lateness = [run.lateness for run in runs if run.lateness is not None]
    succeeded = sum(run.state is State.SUCCEEDED for run in runs)
    return {
        "job_id": statistics.job_id,
        "runs": [_run_data(run) for run in runs],
        "median_seconds": median(seconds),
        "p90_seconds": quantile(seconds, 0.9),
        "longest_seconds": max(seconds, default=None),
        "success_rate": succeeded / len(runs) if runs else None,
        "median_lateness": median(lateness),
        "longest_lateness": max(lateness, default=None),
        "failures_in_a_row": statistics.in_a_row,
    }


def axis_data(axis: Axis) -> dict[str, Any]:
    """Lanes of jobs between two moments."""
    return {
        "from": time_text(axis.start),
        "to": time_text(axis.end),
        "now": time_text(axis.now),
        "lanes": [_lane_data(lane) for lane in axis.lanes],
        "more_jobs": axis.more_jobs,
    }


def _states(overview: Overview) -> dict[str, int]:
    """By state, how many executions ended."""
    counts = [bucket.states for bucket in overview.buckets]
    return {state: sum(each[state] for each in counts) for state in State if state not in _ACTIVE}


def _bucket_data(bucket: Bucket) -> dict[str, Any]:
    return {
        "from": time_text(bucket.start),
        "to": time_text(bucket.end),
        "runs": bucket.runs,
        "failures": bucket.failures,
        "states": dict(bucket.states),
    }


def _shown(execution: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    data = execution_data(execution, None, results=False)
    return {
        "job_id": execution.job_id,
        "name": execution.job_name,
        **{key: data[key] for key in keys},
    }


def _failure_data(failure: Failure, existing: Set[str]) -> dict[str, Any]:
    return _shown(failure.last, _FAILURE_KEYS) | {
        "exists": failure.share.job_id in existing,
        "failures": failure.share.count,
        "in_a_row": failure.in_a_row,
    }


def _share_data(share: JobShare, existing: Set[str]) -> dict[str, Any]:
    exists = share.job_id in existing
    return {"job_id": share.job_id, "name": share.job_name, "exists": exists}


def _slow_data(slow: Slow, existing: Set[str]) -> dict[str, Any]:
    return _share_data(slow.share, existing) | {
        "runs": slow.share.count,
        "median_seconds": slow.median,
        "longest_seconds": slow.share.longest,
    }


def _next_data(job: Job) -> dict[str, Any]:
    return {
        "job_id": job.id,
        "name": job.name,
        "next_run_time": time_text(job.next_run),
        "schedule": in_words(job.schedule),
    }


def _run_data(run: Run) -> dict[str, Any]:
    return {
        "execution_id": run.id,
        "state": run.state,
        "started_time": time_text(run.started_at),
        "seconds": run.seconds,
        "lateness": run.lateness,
    }


def _lane_data(lane: Lane) -> dict[str, Any]:
    return {
        "job_id": lane.job_id,
        "name": lane.job_name,
        "exists": lane.exists,
        "paused": lane.paused,
        "past": [_mark_data(mark) for mark in lane.past],
        "due": [_due_data(due) for due in lane.due],
    }


def _mark_data(mark: Mark) -> dict[str, Any]:
    return {
        **_span(mark.start, mark.end),
        "count": mark.count,
        "states": dict(mark.states),
        "execution_id": mark.execution_id,
    }


def _due_data(due: Due) -> dict[str, Any]:
    return {**_span(due.start, due.end), "count": due.count}


def _span(start: datetime, end: datetime | None) -> dict[str, Any]:
    return {"from": time_text(start), "to": time_text(end)}
