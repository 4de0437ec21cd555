"""Jobs as JSON, with ndscheduler's keys and ours, and the bodies that add or change one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from botsched.domain import rules
from botsched.domain.cron import FIELDS
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.interval import UNITS
from botsched.domain.job import Job, JobPolicy, Policy
from botsched.domain.paging import Page
from botsched.domain.schedule import Schedule, in_words
from botsched.errors import InvalidError
from botsched.scheduling.drafts import JobChanges, JobDraft
from botsched.scheduling.timing import Timing, timing_of
from botsched.web.body import Fields
from botsched.web.encoding import to_text
from botsched.web.errors import MalformedError

READ_ONLY: Final = frozenset(
    {
        "job_id",
        "job_class_name",
        "schedule",
        "next_run_time",
        "created_time",
        "updated_time",
        "paused",
        "effective",
    }
)
"""Keys of our answers that clients may send back; they change nothing."""

_MOST_KNOWN: Final = 50_000


def time_text(moment: datetime | None) -> str | None:
    """An instant in ISO 8601 with its offset."""
    return None if moment is None else moment.isoformat()


def cron_data(schedule: Schedule | None) -> Mapping[str, str | None]:
    """All eight cron fields: null when the schedule is of another form, empty without one."""
    if isinstance(schedule, CronSchedule):
        return schedule.effective
    return dict.fromkeys(FIELDS, "" if schedule is None else None)


def _form(schedule: Schedule) -> dict[str, Any]:
    """The forms other than cron fields, null where they are not meant."""
    timing = timing_of(schedule)
    return {
        "crontab": timing.crontab,
        "every": None if timing.every is None else {timing.every[1]: timing.every[0]},
        "at": time_text(timing.at),
    }


def job_data(job: Job, defaults: Policy) -> dict[str, Any]:
    """A job as JSON data; what it does not say itself is as the ``defaults`` say."""
    return {
        "job_id": job.id,
        "name": job.name,
        "job_class_string": job.job_class,
        "pub_args": job.arguments,
        "next_run_time": "" if job.paused else time_text(job.next_due) or "",
        **cron_data(job.schedule),
        "timezone": job.schedule.timezone.key,
        **_form(job.schedule),
        "schedule": in_words(job.schedule),
        "paused": job.paused,
        **rules.to_data(job.policy),
        "effective": rules.effective(job.policy.over(defaults)),
        "version": job.version,
        "created_time": time_text(job.created_at),
        "updated_time": time_text(job.updated_at),
    }


class JobTexts:
    """Jobs as JSON text. A job is a frozen value, so the text of one and the same stays true."""

    def __init__(self, defaults: Policy) -> None:
        self._defaults = defaults
        self._texts: dict[str, tuple[Job, str]] = {}

    def page(self, page: Page[Job]) -> bytes:
        """A whole answer."""
        if len(self._texts) > _MOST_KNOWN:
            self._texts = {}
        jobs = ",\n".join(map(self._text, page.items))
        return f'{{"jobs": [{jobs}], "next_cursor": {to_text(page.next_cursor)}}}\n'.encode()

    def _text(self, job: Job) -> str:
        known = self._texts.get(job.id)
        if known is not None and known[0] is job:
            return known[1]
        text = to_text(job_data(job, self._defaults))
        self._texts[job.id] = (job, text)
        return text


def read_draft(fields: Fields) -> JobDraft:
    """A new job from a body. Raises MalformedError or InvalidError for all faults at once."""
    name = fields.text("name", required=True)
    job_class = fields.text("job_class_string", required=True)
    timing = _timing(fields)
    arguments = fields.arguments("pub_args")
    timezone = _timezone(fields)
    given = _rules(fields)
    paused = fields.flag("paused")
    fields.done(ignored=READ_ONLY | {"version"})
    if timing is None:
        forms = f"give at least one of {', '.join(FIELDS)}, or crontab, every, at"
        raise MalformedError.of({"schedule": f"missing; {forms}"})
    if paused:
        raise InvalidError({"paused": "a new job runs; pause it with POST /api/v1/jobs/ID/pause"})
    policy = rules.changed(JobPolicy(), given)
    assert name is not None
    assert job_class is not None
    return JobDraft(name, job_class, timing, arguments or [], timezone, policy)


def read_changes(fields: Fields) -> JobChanges:
    """Changes of a job from a body. Raises MalformedError or InvalidError for all faults at once.

    ``null`` gives a policy back to the server's default.
    """
    changes = JobChanges(
        name=fields.text("name"),
        job_class=fields.text("job_class_string"),
        arguments=fields.arguments("pub_args"),
        timing=_timing(fields),
        timezone=_timezone(fields),
        rules=_rules(fields),
        version=fields.whole("version", 1, 2**31),
    )
    fields.done(ignored=READ_ONLY)
    return changes


def _timing(fields: Fields) -> Timing | None:
    """The schedule that is given; None when there is none."""
    cron = fields.cron(FIELDS)
    timing = Timing(
        cron=cron or None,
        crontab=fields.text("crontab", nullable=True) or None,
        every=_every(fields),
        at=fields.moment("at"),
    )
    return None if timing == Timing() else timing


def _every(fields: Fields) -> tuple[int, str] | None:
    """An object with one unit and its number."""
    members = fields.members("every", UNITS)
    if members is None:
        return None
    if len(members) != 1:
        raise MalformedError.of({"every": f"give one of {', '.join(UNITS)} with its number"})
    [(unit, number)] = members.items()
    return number, unit


def _timezone(fields: Fields) -> str | None:
    """Null, as some clients send for what is not set, is the same as nothing."""
    return fields.text("timezone", nullable=True)


def _rules(fields: Fields) -> dict[str, Any]:
    """Those keys of the rules that are given."""
    read = {name: fields.value(name, kind) for name, kind in rules.REQUESTED.items()}
    return {name: value for name, value in read.items() if fields.has(name)}
