"""Executions as JSON, with ndscheduler's keys and ours."""

from collections.abc import Iterable, Mapping
from typing import Any

from botsched.domain.execution import Execution, OutputChunk
from botsched.domain.job import Job
from botsched.domain.outbox import Mail
from botsched.web.encoding import to_text
from botsched.web.formats.schedules import cron_data
from botsched.web.formats.times import time_text


def execution_data(execution: Execution, job: Job | None) -> dict[str, Any]:
    """An execution as lists show it; ``job`` is the present one, None when it was deleted.

    ``result`` is JSON text, as ndscheduler has it, and empty for none; ``result_data`` the value.
    """
    result = execution.result
    return {
        "execution_id": execution.id,
        "state": execution.state,
        "hostname": execution.hostname or "",
        "pid": execution.pid,
        "task_id": execution.id,
        "description": execution.reason,
        "result": "" if result is None else to_text(result),
        "scheduled_time": time_text(execution.scheduled_at),
        "updated_time": time_text(execution.updated_at),
        "job": _job_data(execution, job),
        "cause": execution.cause,
        "fate": execution.fate,
        "due_time": time_text(execution.due),
        "due_last": time_text(execution.due_last),
        "due_count": execution.due_count,
        "started_time": time_text(execution.started_at),
        "ended_time": time_text(execution.ended_at),
        "user": execution.user,
        "attempt": execution.attempt,
        "retry_of": execution.retry_of,
        "caused_by": execution.caused_by,
        "not_before": time_text(execution.not_before),
        "result_data": result,
        "output_bytes": execution.output_bytes,
        "output_dropped": execution.output_dropped,
        "cpu_seconds": execution.cpu_seconds,
        "max_rss": execution.max_rss,
    }


def executions_data(
    executions: Iterable[Execution], jobs: Mapping[str, Job]
) -> list[dict[str, Any]]:
    """Executions with their jobs, as far as those exist."""
    return [execution_data(execution, jobs.get(execution.job_id)) for execution in executions]


def whole_execution_data(
    execution: Execution, job: Job | None, mails: Iterable[Mail]
) -> dict[str, Any]:
    """One execution with all there is to know of it, but for its output."""
    return execution_data(execution, job) | {
        "report": execution.report,
        "mails": [_mail_data(mail) for mail in mails],
    }


def chunk_data(chunk: OutputChunk) -> dict[str, Any]:
    """A piece of output."""
    return {
        "sequence": chunk.sequence,
        "stream": chunk.stream,
        "time": time_text(chunk.at),
        "text": chunk.text,
    }


def _job_data(execution: Execution, job: Job | None) -> dict[str, Any]:
    """Name, class and arguments are those of the run; the schedule is that of the present job."""
    return {
        "job_id": execution.job_id,
        "name": execution.job_name,
        "task_name": execution.job_class,
        "pub_args": execution.arguments,
        **cron_data(None if job is None else job.schedule),
    }


def _mail_data(mail: Mail) -> dict[str, Any]:
    return {
        "profile": mail.profile,
        "state": mail.state,
        "attempts": mail.attempts,
        "next_attempt_time": time_text(mail.next_attempt_at),
        "ended_time": time_text(mail.ended_at),
        "last_error": mail.last_error,
    }
