"""Sets of jobs that files describe."""

from typing import Final

from botsched.scheduling.sets import Deed
from botsched.web.formats.sets import MOST_JOBS, SEEN_SCHEMA
from botsched.web.spec.operations import Paths, body, operation
from botsched.web.spec.schemas import (
    Schema,
    array,
    fields,
    flag,
    job_identifier,
    named,
    nullable,
    record,
    text,
    whole,
    word,
)

TAG = "Sets of jobs"
ABOUT = "Jobs as files under version control: what is to be done for them to be so, and doing it."

_SET: Final = text("1 to 255 characters.", minLength=1, maxLength=255, example="nightly")
_JOBS: Final = array(named("JobDraft")) | {
    "description": "All jobs of the set; each needs its `job_id`. What one does not say is as in a "
    "new job, but whether it is paused: that stays as it is, unless `paused` is given.",
    "minItems": 1,
    "maxItems": MOST_JOBS,
}
_CHANGE: Final = record(
    "One thing that is otherwise then.",
    {
        "field": text("The key.", example="schedule"),
        "before": {"description": "How it is; the schedule in words. Null in a new job."},
        "after": {"description": "How it will be."},
    },
)

SCHEMAS: Final[dict[str, Schema]] = {
    "JobSet": fields(
        "A set, and what is to be done.",
        {
            "set": _SET,
            "jobs": _JOBS,
            "prune": nullable(flag("Delete jobs of the set that are not among these.")),
            "take_over": nullable(flag("Take jobs that another set manages.")),
            "dry_run": nullable(flag("Only tell what would be done.")),
            "seen": nullable(
                SEEN_SCHEMA
                | {
                    "description": "`seen` of an earlier answer: refuse when jobs were changed "
                    "since."
                }
            ),
        },
        required=["set", "jobs"],
    ),
    "Plan": record(
        "What is done, or with `dry_run` would be.",
        {
            "set": _SET,
            "steps": array(
                record(
                    "What becomes of a job.",
                    {
                        "action": word("What is done with it; `keep`: nothing.", Deed),
                        "job_id": job_identifier("The id of the job."),
                        "name": text("Its name."),
                        "managed_by": nullable(text("The set that managed it before.")),
                        "changes": array(_CHANGE, "What changes; of a new job, what it says."),
                    },
                ),
                "Each job that was sent, then those that are deleted.",
            ),
            "left": array(
                record(
                    "A job of the set that is not among these, and stays.",
                    {"job_id": job_identifier("Its id."), "name": text("Its name.")},
                ),
                "Those that no file describes any more.",
            ),
            "counts": record("How many jobs.", {deed: whole("So many.") for deed in Deed}),
            "seen": SEEN_SCHEMA
            | {"description": "The versions of the jobs that it was made for, 0 for new ones."},
        },
    ),
}

PATHS: Final[Paths] = {
    "/api/v1/apply": {
        "post": operation(
            "applySet",
            "Have the jobs of a set be as they are described",
            named("Plan"),
            told="All of it is done, or nothing.",
            body=body(
                named("JobSet"),
                {
                    "set": "nightly",
                    "dry_run": True,
                    "jobs": [
                        {
                            "job_id": "space",
                            "name": "Space on /",
                            "job_class_string": "jobs.disk_usage.DiskUsage",
                            "pub_args": ["/", 90],
                            "minute": "*/5",
                        }
                    ],
                },
            ),
            errors=[409],
        )
    }
}
