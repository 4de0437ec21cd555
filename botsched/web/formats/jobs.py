"""Jobs as JSON, with ndscheduler's keys and ours, and the bodies that add or change one."""

from typing import Any, Final

from botsched.domain import rules
from botsched.domain.job import Job, JobPolicy, Policy
from botsched.domain.labels import notes_kind, tags_kind
from botsched.domain.mailrules import MailDefaults
from botsched.domain.outcome import Glance
from botsched.domain.window import window_data
from botsched.scheduling.drafts import JobChanges, JobDraft
from botsched.scheduling.joblist import JobList
from botsched.web.body import Fields
from botsched.web.encoding import to_text
from botsched.web.formats.schedules import read_wanted, required_timing, schedule_data
from botsched.web.formats.times import time_text

READ_ONLY: Final = frozenset(
    {
        "job_class_name",
        "schedule",
        "next_run_time",
        "created_time",
        "updated_time",
        "paused",
        "paused_until",
        "managed_by",
        "effective",
        "last",
        "runs",
    }
)
"""Keys of our answers that clients may send back; they change nothing."""

_MOST_KNOWN: Final = 50_000
_TAGS: Final = tags_kind()
_NOTES: Final = notes_kind()


def job_data(job: Job, defaults: Policy) -> dict[str, Any]:
    """A job as JSON data; what it does not say itself is as the ``defaults`` say."""
    return {
        "job_id": job.id,
        "name": job.name,
        "job_class_string": job.job_class,
        "pub_args": job.arguments,
        "tags": list(job.tags),
        "notes": job.notes,
        "managed_by": job.managed_by,
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

    def page(self, jobs: JobList, defaults: Policy) -> bytes:
        """A whole answer; ``defaults`` are always the same."""
        if len(self._texts) > _MOST_KNOWN:
            self._texts = {}
        items = jobs.page.items
        texts = ",\n".join(
            _with(self._text(job, defaults), extras_data(job.id, jobs)) for job in items
        )
        rest = to_text({"next_cursor": jobs.page.next_cursor, "total": jobs.total})[1:]
        return f'{{"jobs": [{texts}], {rest}\n'.encode()

    def _text(self, job: Job, defaults: Policy) -> str:
        known = self._texts.get(job.id)
        if known is not None and known[0] is job:
            return known[1]
        text = to_text(job_data(job, defaults))
        self._texts[job.id] = (job, text)
        return text


def _with(text: str, more: dict[str, Any]) -> str:
    """An object as text, with these members, too."""
    return f"{text[:-1]}, {to_text(more)[1:]}" if more else text


def extras_data(job_id: str, jobs: JobList) -> dict[str, Any]:
    """What was asked for beside a job."""
    data: dict[str, Any] = {}
    if jobs.last is not None:
        last = jobs.last.get(job_id)
        data["last"] = None if last is None else glance_data(last)
    if jobs.runs is not None:
        data["runs"] = [glance_data(each) for each in jobs.runs.get(job_id, [])]
    return data


def glance_data(glance: Glance) -> dict[str, Any]:
    """An execution in short."""
    return {
        "execution_id": glance.execution_id,
        "state": glance.state,
        "time": time_text(glance.at),
        "duration": glance.seconds,
    }


def read_draft(fields: Fields) -> JobDraft:
    """A new job from a body. Raises MalformedError or InvalidError for all faults at once."""
    name = fields.text("name", required=True)
    job_id = fields.text("job_id", nullable=True)
    job_class = fields.text("job_class_string", required=True)
    arguments = fields.arguments("pub_args")
    wanted = read_wanted(fields)
    given = _rules(fields)
    tags, notes = fields.value("tags", _TAGS), fields.value("notes", _NOTES)
    paused = fields.flag("paused")
    fields.done(ignored=READ_ONLY | {"version"})
    timing = required_timing(wanted)
    policy = rules.changed(JobPolicy(), given)
    assert name is not None
    assert job_class is not None
    bounds, arguments = wanted.bounds, [] if arguments is None else arguments
    return JobDraft(
        name, job_class, timing, arguments, wanted.timezone, bounds, policy,
        tags or (), notes or "", job_id, bool(paused), wanted.trigger,
    )  # fmt: skip


def read_changes(fields: Fields) -> JobChanges:
    """Changes of a job from a body. Raises MalformedError or InvalidError for all faults at once.

    ``null`` gives a policy back to the server's default, and takes tags and notes away.
    """
    wanted = read_wanted(fields)
    tags, notes = fields.value("tags", _TAGS), fields.value("notes", _NOTES)
    changes = JobChanges(
        name=fields.text("name"),
        job_class=fields.text("job_class_string"),
        arguments=fields.arguments("pub_args"),
        timing=wanted.timing,
        timezone=wanted.timezone,
        bounds=wanted.bounds,
        rules=_rules(fields),
        version=fields.whole("version", 1, 2**31),
        tags=tags or () if fields.has("tags") else None,
        notes=notes or "" if fields.has("notes") else None,
        trigger=wanted.trigger,
    )
    fields.done(ignored=READ_ONLY | {"job_id"})
    return changes


def _rules(fields: Fields) -> dict[str, Any]:
    """Those keys of the rules that are given."""
    read = {name: fields.value(name, kind) for name, kind in rules.REQUESTED.items()}
    return {name: value for name, value in read.items() if fields.has(name)}


def mail_defaults_data(defaults: MailDefaults) -> dict[str, Any]:
    """What rules of mail leave open, as JSON data."""
    return {
        "quiet": list(map(window_data, defaults.quiet)),
        "most_a_day": defaults.most_a_day,
        "most_a_day_to": defaults.most_a_day_to,
        "digest_at": f"{defaults.digest_at:%H:%M}",
        "timezone": str(defaults.timezone),
    }
