"""Executions as JSON, with ndscheduler's keys and ours."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from botsched.domain.execution import Execution, OutputChunk, State
from botsched.domain.job import Job
from botsched.domain.maillist import ListedMail
from botsched.scheduling.executions import Related
from botsched.scheduling.outputs import Output
from botsched.web.encoding import to_text
from botsched.web.formats.mails import mail_data
from botsched.web.formats.schedules import cron_data, trigger_data
from botsched.web.formats.times import time_text

RESULT_KEYS: Final = frozenset({"result", "result_data"})


def execution_data(
    execution: Execution, job: Job | None, *, results: bool = True
) -> dict[str, Any]:
    """An execution as lists show it; ``job`` is the present one, None when it was deleted.

    ``duration`` is in seconds. ``result`` is JSON text, as ndscheduler has it, and empty until the
    execution has succeeded; ``result_data`` the value.
    """
    result, succeeded = execution.result, execution.state is State.SUCCEEDED
    data = {
        "execution_id": execution.id,
        "state": execution.state,
        "hostname": execution.hostname or "",
        "pid": execution.pid,
        "task_id": execution.id,
        "description": execution.reason,
        "result": to_text(result) if result is not None or succeeded else "",
        "scheduled_time": time_text(execution.scheduled_at),
        "updated_time": time_text(execution.updated_at),
        "job": _job_data(execution, job),
        "cause": execution.cause,
        "fate": execution.fate,
        "due_time": time_text(execution.due),
        "due_last": time_text(execution.due_last),
        "due_count": execution.due_count,
        "duration": execution.duration,
        "progress": execution.progress,
        "progress_text": execution.progress_text,
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
    return data if results else {name: data[name] for name in data if name not in RESULT_KEYS}


def executions_data(
    executions: Iterable[Execution], jobs: Mapping[str, Job], *, results: bool = True
) -> list[dict[str, Any]]:
    """Executions with their jobs, as far as those exist."""
    return [execution_data(each, jobs.get(each.job_id), results=results) for each in executions]


def whole_execution_data(
    execution: Execution, job: Job | None, mails: Iterable[ListedMail], related: Related
) -> dict[str, Any]:
    """One execution with all there is to know of it, but for its output."""
    return execution_data(execution, job) | {
        "report": execution.report,
        "mails": list(map(mail_data, mails)),
        "usual_duration": related.usual_seconds,
        "previous": _brief(related.previous),
        "next": _brief(related.next),
        "attempts": [_brief(each) for each in related.attempts],
        "follows": _brief(related.cause),
        "followed_by": [_brief(each) for each in related.followers],
    }


def output_data(output: Output, after: int) -> Iterator[bytes]:
    """Pieces of output as one JSON object, in parts of it."""
    yield f'{{"last": {output.last}, "ended": {to_text(output.ended)}, "output": ['.encode()
    separator, following = "", after
    for chunks in output.portions:
        if chunks:
            pieces = ", ".join(to_text(chunk_data(chunk)) for chunk in chunks)
            yield f"{separator}{pieces}".encode("utf-8", "replace")
            separator, following = ", ", chunks[-1].sequence
    yield f'], "next": {following}}}\n'.encode()


def output_text(output: Output) -> Iterator[bytes]:
    """The same as plain text."""
    for chunks in output.portions:
        yield "".join(chunk.text for chunk in chunks).encode("utf-8", "replace")


def file_name(execution: Execution, ending: str = ".txt") -> str:
    """What a file with the output of an execution is called, in letters that every system has.

    Files with other things that it left have other endings.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", execution.job_name).strip("-.")[:60] or "output"
    return f"{name}-{execution.scheduled_at:%Y%m%d-%H%M%S}{ending}"


def chunk_data(chunk: OutputChunk) -> dict[str, Any]:
    """A piece of output."""
    return {
        "sequence": chunk.sequence,
        "stream": chunk.stream,
        "time": time_text(chunk.at),
        "text": chunk.text,
    }


def _brief(execution: Execution | None) -> dict[str, Any] | None:
    """Another execution, as far as it has to be known for a link to it."""
    if execution is None:
        return None
    return {
        "execution_id": execution.id,
        "job_id": execution.job_id,
        "job_name": execution.job_name,
        "state": execution.state,
        "attempt": execution.attempt,
        "scheduled_time": time_text(execution.scheduled_at),
        "duration": execution.duration,
    }


def _job_data(execution: Execution, job: Job | None) -> dict[str, Any]:
    """Name, class and arguments are those of the run; the schedule is that of the present job."""
    schedule = None if job is None else job.schedule
    return {
        "job_id": execution.job_id,
        "name": execution.job_name,
        "task_name": execution.job_class,
        "pub_args": execution.arguments,
        "job_class_string": execution.job_class,
        **cron_data(schedule),
        **trigger_data(schedule),
    }
