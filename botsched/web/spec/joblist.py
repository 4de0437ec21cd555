"""Many jobs: what a list is asked for, what stands beside each, tags, and one deed on many."""

from typing import Any, Final

from botsched.domain.execution import State
from botsched.domain.paging import JobState
from botsched.scheduling.bulk import Deed
from botsched.scheduling.joblist import Extra
from botsched.web.formats.joblist import SORTS, ids_kind
from botsched.web.spec.operations import PAGING, Paths, body, operation, parameter
from botsched.web.spec.schemas import (
    Schema,
    array,
    fields,
    flag,
    identifier,
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

TAG = "Many jobs"
ABOUT = "What jobs are found by, and one deed on many."

PARAMETERS: Final = [
    parameter("text", text("Part of the name, class, arguments, notes or tags.")),
    parameter("job_class", text("Exactly this class.")),
    parameter("paused", flag("Only those that are paused, or that are not.")),
    parameter("state", text(f"Any of {', '.join(JobState)}, with commas between.")),
    parameter("tag", text("All of these tags, with commas between.")),
    parameter("leads_to", text("Those after which this job may run: its id.")),
    parameter("managed_by", text("Those that this set of files manages.")),
    parameter("sort", word("By what they are sorted; with `-`, the other way round.", SORTS)),
    parameter("total", flag("Count all that match.")),
    parameter("include", text(f"{' and '.join(Extra)} of each, with a comma between.")),
    parameter("offset", whole("Leave out so many first; goes with `limit`.", minimum=0)),
    *PAGING,
]
INCLUDE: Final = parameter("include", text(f"{' and '.join(Extra)}, with a comma between."))

BESIDE: Final[dict[str, Schema]] = {
    "last": {
        **nullable(named("Glance")),
        "description": "With `include=last`: the last outcome; null when there is none.",
    },
    "runs": array(named("Glance"), "With `include=runs`: the last 20 executions, newest first."),
}
"""What a job has only when it is asked for."""

_DONE: Final = record(
    "What became of it for one job.",
    {
        "job_id": job_identifier("The job."),
        "done": flag("Whether it was done."),
        "error": nullable(text("Why it was not done; null when it was.")),
        "execution_id": nullable(identifier("With `run`: the execution.")),
    },
)

SCHEMAS: Final[dict[str, Schema]] = {
    "Glance": record(
        "An execution in short.",
        {
            "execution_id": identifier("The execution, which may be deleted already."),
            "state": word("Where it stands.", State),
            "time": instant("Its end, or its last update."),
            "duration": nullable(number("How many seconds it ran; null when that is not known.")),
        },
    ),
    "JobList": record(
        "A page.",
        {
            "jobs": array(named("Job"), "The jobs, in order."),
            "next_cursor": nullable(
                text("The `cursor` of the following page; null on the last one.")
            ),
            "total": nullable(whole("How many match; null unless asked for.")),
        },
    ),
    "Tags": record(
        "All tags, by name.",
        {
            "tags": array(
                record(
                    "A tag.", {"name": text("The tag."), "jobs": whole("How many jobs bear it.")}
                ),
                "By name.",
            )
        },
    ),
    "Bulk": fields(
        "One deed on many jobs.",
        {
            "action": word("What is to be done.", Deed),
            "job_ids": {**ids_kind().schema, "description": "The jobs."},
            "until": nullable(text("With `pause`: when they go on by themselves.")),
        },
        required=["action", "job_ids"],
    ),
    "BulkResult": record(
        "What became of it.",
        {
            "action": word("What was to be done.", Deed),
            "done": whole("For how many jobs it was done."),
            "refused": whole("For how many it was not."),
            "results": array(_DONE, "For each job, in the order of the request."),
        },
    ),
}

_EXAMPLE: Final[dict[str, Any]] = {
    "action": "pause",
    "job_ids": ["01a1fb65e53d76379161b5fbc3baa356"],
    "until": "2030-01-31T18:30",
}

PATHS: Final[Paths] = {
    "/api/v1/jobs/bulk": {
        "post": operation(
            "bulkJobs",
            "Pause, resume, run or delete many jobs",
            named("BulkResult"),
            told="Each job by itself: that one is refused keeps no other from being done.",
            body=body(named("Bulk"), _EXAMPLE),
        )
    },
    "/api/v1/tags": {"get": operation("listTags", "List the tags of all jobs", named("Tags"))},
}
