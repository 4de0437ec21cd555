"""Jobs: list, add, look at, change, delete, pause, resume, run."""

from typing import Any, Final

from botsched.domain import rules
from botsched.domain.ids import JOB_ID_PATTERN
from botsched.domain.job import Missed
from botsched.domain.labels import notes_kind, tags_kind
from botsched.web.spec import joblist, schedules
from botsched.web.spec.operations import Paths, body, operation
from botsched.web.spec.schemas import (
    Schema,
    array,
    fields,
    flag,
    instant,
    job_identifier,
    named,
    nullable,
    number,
    record,
    text,
    whole,
    word,
)

TAG = "Jobs"
ABOUT = "What is to run, and when."

_ARGUMENTS: Final[Schema] = {
    "type": ["array", "object"],
    "description": "The arguments: a list by position, an object by name.",
    "example": ["/", 90],
}
_CLASS: Final = text("`<folder>.<module>.<Class>`.", example="jobs.disk_usage.DiskUsage")
_NAME: Final = text(
    "1 to 255 characters; several jobs may bear the same.", example="Space on /", minLength=1
)

_RULES_TOLD: Final = {
    "missed": "What is run of missed instants; null: as `--job-coalesce` says.",
    "missed_limit": "With `all`: how many at most, the latest ones; null: 1000.",
    "misfire": "How many seconds late a missed instant may still run; null: as `--job-misfire` "
    "says.",
    "grace": "How many seconds late an instant still counts as on time; null: 60, or `misfire` "
    "when that is less.",
    "max_instances": "How many runs at a time: the number of `allow`, or beside `queue` another "
    "than 1.",
    "time_limit": "After how many seconds a run is ended; null: never.",
    "retry": "How a run that fails is made again: `attempts` in all, `delay` in seconds before the "
    "second, `factor` by which each further wait is longer, at most `max_delay`, and `jitter`, the "
    "share by which chance lengthens it. What is left off is as usual; null: not at all.",
    "then_run": "The ids of jobs that run after each success of this one; null: none.",
    "on_failure_run": "The ids of jobs that run after a failure of its last attempt; null: none.",
    "keep_days": "Its executions are deleted so many days after their end; null: as `--keep-days` "
    "says.",
    "keep_count": "Only so many of its executions are kept; null: as `--keep-count` says.",
    "windows": "Maintenance windows of this job; null for none.",
    "mail": "When mails are sent, and to whom: a list of rules, each with what it is sent `on`, "
    "the `profiles` and addresses `to`, and how often; an empty list: none is sent; null: as "
    "usual, see `effective`.",
    "coalesce": "`missed` in a word of old: true is `latest`, false is `all`.",
    "overlap": 'What becomes of an instant that comes while earlier runs have not ended: `"skip"`, '
    '`{"queue": 5}` (up to five wait) or `{"allow": 3}` (three at a time); null: as '
    "`--job-max-instances` says.",
}
_RULES: Final[dict[str, Schema]] = {
    name: nullable(kind.schema | {"description": _RULES_TOLD[name]})
    for name, kind in rules.REQUESTED.items()
}
_TAGS: Final = tags_kind().schema | {"description": "Words by which it is found, small letters."}
_NOTES: Final = notes_kind().schema | {"description": "What it is for, in any number of lines."}
_SETTABLE: Final[dict[str, Schema]] = {
    "pub_args": _ARGUMENTS,
    "tags": nullable(_TAGS),
    "notes": nullable(_NOTES),
    **schedules.WRITTEN,
    **_RULES,
}
_VERSION: Final = whole("Grows with each change.", minimum=1)


def _passed_over(told: str) -> Schema:
    """What answers hold and requests may send back, to no effect."""
    return {"description": told, "readOnly": True}


_SENT_BACK: Final[dict[str, Schema]] = {
    name: _passed_over("Passed over, so that a whole job may be sent back.")
    for name in (
        "job_class_name", "schedule", "effective", "next_run_time", "paused_until", "managed_by",
        "created_time", "updated_time", "last", "runs",
    )
}  # fmt: skip

_EFFECTIVE: Final = record(
    "The rules as they hold in the end, with the server's defaults where the job says nothing.",
    {
        "missed": word("`skip`, `latest` or `all`.", Missed),
        "missed_limit": whole("How many missed instants run at most."),
        "misfire": nullable(number("Seconds; null: however late.")),
        "grace": number("Seconds."),
        "max_instances": whole("Runs at a time."),
        "time_limit": nullable(number("Seconds; null: none.")),
        "overlap": rules.REQUESTED["overlap"].schema | {"description": "As in a job."},
        "mail": rules.REQUESTED["mail"].schema | {"description": "As in a job."},
    },
)

_MAIL_DEFAULTS: Final = record(
    "What rules of mail leave open.",
    {
        "quiet": array({"type": "object"}, "Windows in which mails are held, as those of a job."),
        "most_a_day": nullable(whole("Mails a day, of a rule about a job; null: any number.")),
        "most_a_day_to": nullable(whole("Mails a day to the same people; null: any number.")),
        "digest_at": text("When what is more is told.", example="08:00"),
        "timezone": text("The time zone of these."),
    },
)

_JOB: Final = record(
    "A job.",
    {
        "job_id": job_identifier("The id of the job."),
        "name": _NAME,
        "job_class_string": _CLASS,
        "pub_args": _ARGUMENTS,
        "tags": _TAGS,
        "notes": _NOTES,
        "managed_by": nullable(text("The set of files that says what it is; null: only users do.")),
        "next_run_time": {
            "description": "The next instant that is to run; empty when the job is paused, all "
            "jobs are held, or it is never due again.",
            "anyOf": [{"type": "string", "format": "date-time"}, {"const": ""}],
        },
        **schedules.READ,
        "paused": flag("Whether its instants are skipped."),
        "paused_until": nullable(
            instant("When a paused job goes on by itself; null: when somebody resumes it.")
        ),
        **_RULES,
        "effective": _EFFECTIVE,
        "version": _VERSION,
        "created_time": instant("When it was added."),
        "updated_time": instant("When it was last changed."),
    },
)

SCHEMAS: Final[dict[str, Schema]] = {
    "Job": _JOB | {"properties": _JOB["properties"] | joblist.BESIDE},
    "JobDraft": fields(
        "A new job. It needs a schedule in one of its forms: at least one of the eight fields, or "
        "`crontab`, `ecs`, `every`, `at` or `schedules`.",
        {
            "name": _NAME,
            "job_class_string": _CLASS,
            **_SETTABLE,
            **_SENT_BACK,
            "job_id": nullable(
                text("Its id; null: one is made.", pattern=f"^{JOB_ID_PATTERN}$", example="space")
            ),
            "paused": nullable(flag("Whether it begins paused; null: no.")),
            "version": _passed_over("Passed over."),
        },
        required=["name", "job_class_string"],
    ),
    "JobChanges": fields(
        "What is to be changed; all else stays. Keys of the schedule replace it as a whole, but "
        "not its bounds and its jitter. Null gives a rule back to the server's default.",
        {
            "name": _NAME,
            "job_class_string": _CLASS,
            **_SETTABLE,
            "version": nullable(
                whole("Refuse the change when the job has been changed since.", minimum=1)
            ),
            **_SENT_BACK,
            "job_id": _passed_over("Passed over."),
            "paused": _passed_over("Passed over."),
        },
    ),
    "JobId": record("The job.", {"job_id": job_identifier("The id of the job.")}),
    "Run": fields(
        "How to run it.",
        {"pub_args": _ARGUMENTS | {"description": "Other arguments, for this run only."}},
    ),
    "Pause": fields(
        "Until when.",
        {
            "until": nullable(
                text(
                    "It goes on by itself at this instant. Without an offset, on the clock of the "
                    "job's zone. Null: when somebody resumes it.",
                    example="2030-01-31T18:30",
                )
            )
        },
    ),
}

_DRAFT: Final[dict[str, Any]] = {
    "name": "Space on /",
    "job_class_string": "jobs.disk_usage.DiskUsage",
    "pub_args": ["/", 90],
    "minute": "*/5",
}
_PAUSED: Final = (
    "What falls due meanwhile is recorded as skipped. Done once more, it puts the new end in place "
    "of the present one."
)

PATHS: Final[Paths] = {
    "/api/v1/jobs": {
        "get": operation(
            "listJobs",
            "List jobs",
            named("JobList"),
            parameters=joblist.PARAMETERS,
        ),
        "post": operation(
            "addJob",
            "Add a job",
            named("JobId"),
            status=201,
            body=body(named("JobDraft"), _DRAFT),
            errors=[409],
        ),
    },
    "/api/v1/jobs/{job_id}": {
        "get": operation(
            "getJob", "Look at a job", named("Job"), parameters=[joblist.INCLUDE], errors=[404]
        ),
        "put": operation(
            "changeJob",
            "Change what is given, and leave the rest",
            named("JobId"),
            body=body(named("JobChanges"), {"minute": "*/10", "version": 1}),
            errors=[404, 409],
        ),
        "delete": operation(
            "deleteJob",
            "Delete a job; its executions stay",
            named("JobId"),
            errors=[404, 409],
        ),
        "patch": operation(
            "pauseJob",
            "Pause a job",
            named("JobId"),
            told=_PAUSED,
            body=body(named("Pause"), required=False),
            errors=[404],
        ),
        "options": operation("resumeJob", "Resume a job", named("JobId"), errors=[404]),
    },
    "/api/v1/jobs/{job_id}/pause": {
        "post": operation(
            "pauseJobByPost",
            "Pause a job, by a verb that every client has",
            named("JobId"),
            told=_PAUSED,
            body=body(named("Pause"), {"until": "2030-01-31T18:30"}, required=False),
            errors=[404],
        )
    },
    "/api/v1/defaults": {
        "get": operation(
            "getDefaults",
            "Tell the rules and the time zone of jobs that do not say otherwise",
            record(
                "The defaults.",
                {
                    "rules": _EFFECTIVE,
                    "timezone": text("A time zone."),
                    "mail": _MAIL_DEFAULTS,
                },
            ),
        )
    },
    "/api/v1/jobs/{job_id}/resume": {
        "post": operation(
            "resumeJobByPost",
            "Resume a job, by a verb that every client has",
            named("JobId"),
            errors=[404],
        )
    },
    "/api/v1/jobs/{job_id}/run": {
        "post": operation(
            "runJob",
            "Run a job now, beside its schedule",
            named("ExecutionId"),
            told="Answers at once; the job runs in the background.",
            body=body(named("Run"), {"pub_args": ["/", 80]}, required=False),
            errors=[404],
        )
    },
}
