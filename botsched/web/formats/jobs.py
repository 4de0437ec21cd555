"""Jobs as JSON, with ndscheduler's keys and ours, and the bodies that add or change one."""

from typing import Any, Final

from botsched.domain import rules
from botsched.domain.job import Job, JobPolicy, Policy
from botsched.domain.paging import Page
from botsched.errors import InvalidError
from botsched.scheduling.drafts import JobChanges, JobDraft
from botsched.web.body import Fields
from botsched.web.encoding import to_text
from botsched.web.formats.schedules import read_wanted, required_timing, schedule_data
from botsched.web.formats.times import time_text

READ_ONLY: Final = frozenset(
    {
        "job_id",
        "job_class_name",
        "schedule",
        "next_run_time",
        "created_time",
        "updated_time",
        "paused",
        "paused_until",
        "effective",
    }
)
"""Keys of our answers that clients may send back; they change nothing."""

_MOST_KNOWN: Final = 50_000


def job_data(job: Job, defaults: Policy) -> dict[str, Any]:
    """A job as JSON data; what it does not say itself is as the ``defaults`` say."""
    return {
        "job_id": job.id,
        "name": job.name,
        "job_class_string": job.job_class,
        "pub_args": job.arguments,
        "next_run_time": time_text(job.next_run) or "",
        **schedule_data(job.schedule),
        "paused": job.paused,
        "paused_until": time_text(job.paused_until),
        **rules.to_data(job.policy),
        "effective": rules.effective(job.policy.over(defaults)),
        "version": job.version,
        "created_time": time_text(job.created_at),
        "updated_time": time_text(job.updated_at),
    }


class JobTexts:
    """Jobs as JSON text. A job is a frozen value, so the text of one and the same stays true."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[Job, str]] = {}

    def page(self, page: Page[Job], defaults: Policy) -> bytes:
        """A whole answer; ``defaults`` are always the same."""
        if len(self._texts) > _MOST_KNOWN:
            self._texts = {}
        jobs = ",\n".join(self._text(job, defaults) for job in page.items)
        return f'{{"jobs": [{jobs}], "next_cursor": {to_text(page.next_cursor)}}}\n'.encode()

    def _text(self, job: Job, defaults: Policy) -> str:
        known = self._texts.get(job.id)
        if known is not None and known[0] is job:
            return known[1]
        text = to_text(job_data(job, defaults))
        self._texts[job.id] = (job, text)
        return text


def read_draft(fields: Fields) -> JobDraft:
    """A new job from a body. Raises MalformedError or InvalidError for all faults at once."""
    name = fields.text("name", required=True)
    job_class = fields.text("job_class_string", required=True)
    arguments = fields.arguments("pub_args")
    wanted = read_wanted(fields)
    given = _rules(fields)
    paused = fields.flag("paused")
    fields.done(ignored=READ_ONLY | {"version"})
    timing = required_timing(wanted)
    if paused:
        raise InvalidError({"paused": "a new job runs; pause it with POST /api/v1/jobs/ID/pause"})
    policy = rules.changed(JobPolicy(), given)
    assert name is not None
    assert job_class is not None
    bounds = wanted.bounds
    return JobDraft(name, job_class, timing, arguments or [], wanted.timezone, bounds, policy)


def read_changes(fields: Fields) -> JobChanges:
    """Changes of a job from a body. Raises MalformedError or InvalidError for all faults at once.

    ``null`` gives a policy back to the server's default.
    """
    wanted = read_wanted(fields)
    changes = JobChanges(
        name=fields.text("name"),
        job_class=fields.text("job_class_string"),
        arguments=fields.arguments("pub_args"),
        timing=wanted.timing,
        timezone=wanted.timezone,
        bounds=wanted.bounds,
        rules=_rules(fields),
        version=fields.whole("version", 1, 2**31),
    )
    fields.done(ignored=READ_ONLY)
    return changes


def _rules(fields: Fields) -> dict[str, Any]:
    """Those keys of the rules that are given."""
    read = {name: fields.value(name, kind) for name, kind in rules.REQUESTED.items()}
    return {name: value for name, value in read.items() if fields.has(name)}
