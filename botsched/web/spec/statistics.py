"""What has been going on, and what comes."""

from typing import Final

from botsched.domain.execution import ACTIVE, FINAL, Cause, Fate, State
from botsched.scheduling.timelines import MOST_LANES
from botsched.web.spec.operations import PERIOD, Paths, moment, operation, parameter
from botsched.web.spec.schemas import (
    Schema,
    array,
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

TAG = "Statistics"
ABOUT = "What has been going on, and what comes. However long the history is, little of it is read."

_BY_STATE: Final[Schema] = {
    "type": "object",
    "description": "How many there are of each state; states without any are left out.",
    "propertyNames": {"enum": [str(state) for state in State]},
    "additionalProperties": {"type": "integer"},
}
_JOB: Final = {
    "job_id": job_identifier("The id of the job."),
    "name": text("The name of the job."),
}
_PAST_JOB: Final = {**_JOB, "exists": flag("False for a job that was deleted.")}
_EXECUTION: Final = {
    "execution_id": identifier("The id of the execution."),
    "state": word("Where it stands.", State),
    "cause": word("Why it is in its state, for programs.", Cause),
}
_LISTS: Final[dict[str, Schema]] = {
    "buckets": array(
        record(
            "A stretch of time.",
            {
                "from": instant("Its beginning."),
                "to": instant("Its end."),
                "runs": whole("Executions that were to run, and ended in it."),
                "failures": whole(
                    "Those of them that failed, timed out, were lost or could not be started."
                ),
                "states": _BY_STATE,
            },
        ),
        "Executions by the time they ended, in order.",
    ),
    "running": array(
        record(
            "An execution that goes on.",
            {
                **_JOB,
                **_EXECUTION,
                "scheduled_time": instant("When it was to start."),
                "started_time": nullable(instant("When it started.")),
                "user": nullable(text("Who asked for it.")),
                "attempt": whole("1 for the first attempt of a run, 2 for the next one, ..."),
                "progress": nullable(number("How far it is, from 0 to 1.")),
                "progress_text": nullable(text("The same in its own words.")),
            },
        ),
        "What runs now: the first 20.",
    ),
    "failures": array(
        record(
            "A job that failed, and its last failure.",
            {
                **_PAST_JOB,
                **_EXECUTION,
                "description": text("Why it failed, in words."),
                "started_time": nullable(instant("When it started.")),
                "ended_time": nullable(instant("When it ended.")),
                "failures": whole("How many failures the job had in the period."),
                "in_a_row": whole(
                    "How many it had since its last success; 0 when it succeeded afterwards."
                ),
            },
        ),
        "Jobs that failed in the period, the latest first, at most 20.",
    ),
    "most_failing": array(
        record("A job.", {**_PAST_JOB, "failures": whole("How many it had.")}),
        "The 10 jobs with the most failures.",
    ),
    "slowest": array(
        record(
            "A job.",
            {
                **_PAST_JOB,
                "runs": whole("How many runs of it were looked at."),
                "median_seconds": number("Half of its latest runs took no longer."),
                "longest_seconds": number("The longest of those that were looked at."),
            },
        ),
        "The 10 jobs that take longest on the average.",
    ),
    "next": array(
        record(
            "A job.",
            {
                **_JOB,
                "next_run_time": instant("When it runs."),
                "schedule": text("Its schedule in words."),
            },
        ),
        "The 10 jobs that run next.",
    ),
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Statistics": record(
        "A period in numbers, and what is now.",
        {
            "from": instant("The beginning of the period."),
            "to": instant("The end of the period."),
            "now": instant("When this was counted."),
            "complete": flag("False when the earliest stretches were too much to be counted."),
            "counted_from": instant("From when on `buckets` count."),
            "bucket_seconds": whole("How long a stretch is."),
            "states": record(
                "How many executions ended in which state.",
                {state: whole("") for state in State if state in FINAL},
            ),
            "fates": record(
                "How many due instants had which fate, of executions that ended since "
                "`fates_from`.",
                {fate: whole("") for fate in Fate},
            ),
            "skipped": {
                "type": "object",
                "description": "Of those that were skipped or coalesced, how many by which cause.",
                "propertyNames": {"enum": [str(cause) for cause in Cause]},
                "additionalProperties": {"type": "integer"},
            },
            "fates_from": instant(
                "The beginning of the period; or later, when only the latest 50,000 executions "
                "were looked at, for `fates` and `slowest`."
            ),
            "active": record(
                "How many executions have not ended.",
                {state: whole("") for state in State if state in ACTIVE},
            ),
            "failed_jobs": whole("How many jobs failed in the period."),
            "jobs": record(
                "How many jobs there are.",
                {
                    "total": whole("All."),
                    "paused": whole("Those that are paused."),
                    "failing": whole("Those whose last run went wrong, or that missed one."),
                },
            ),
            **_LISTS,
        },
    ),
    "JobStatistics": record(
        "A job in numbers, of its latest runs; null where there are none.",
        {
            "job_id": job_identifier("The id of the job."),
            "runs": array(
                record(
                    "A run.",
                    {
                        "execution_id": identifier("The id of the execution."),
                        "state": word("How it ended.", State),
                        "started_time": instant("When it started."),
                        "seconds": number("How long it took."),
                        "lateness": number("How many seconds after its instant it started."),
                    },
                ),
                "The newest first.",
            ),
            "median_seconds": nullable(number("Half of the runs took no longer.")),
            "p90_seconds": nullable(number("Nine of ten took no longer.")),
            "longest_seconds": nullable(number("The longest.")),
            "success_rate": nullable(number("Which part of them succeeded, from 0 to 1.")),
            "median_lateness": nullable(number("In seconds.")),
            "longest_lateness": nullable(number("In seconds.")),
            "failures_in_a_row": whole("How many failed since the last success."),
        },
    ),
    "Timeline": record(
        "Lanes of jobs on one axis of time.",
        {
            "from": instant("Where the axis begins."),
            "to": instant("Where it ends."),
            "now": instant("Where now is."),
            "lanes": array(named("Lane"), "What runs now first."),
            "more_jobs": whole("How many more jobs have something in the period, at least."),
        },
    ),
    "Lane": record(
        "A job on the axis.",
        {
            **_PAST_JOB,
            "paused": flag("Whether it is paused."),
            "past": array(
                record(
                    "Executions that ended close to each other, or one that goes on.",
                    {
                        "from": instant("When the first began."),
                        "to": nullable(instant("When the last ended; null while it goes on.")),
                        "count": whole("How many they are."),
                        "states": _BY_STATE,
                        "execution_id": nullable(
                            text("The latest of them; null where they were only counted.")
                        ),
                    },
                ),
                "In order.",
            ),
            "due": array(
                record(
                    "One due instant to come, or several close to each other.",
                    {
                        "from": instant("The first."),
                        "to": instant("The last."),
                        "count": whole("How many they are."),
                    },
                ),
                "In order.",
            ),
        },
    ),
}

PATHS: Final[Paths] = {
    "/api/v1/statistics": {
        "get": operation(
            "getStatistics",
            "Tell what happened in a period, what is going on, and what comes",
            named("Statistics"),
            told="A period of at most 366 days.",
            parameters=PERIOD,
        )
    },
    "/api/v1/timeline": {
        "get": operation(
            "getTimeline",
            "Place executions and due instants on one axis of time",
            named("Timeline"),
            told="At most 31 days.",
            parameters=[
                moment("from", "Where the axis begins; 6 hours ago without it."),
                moment("to", "Where it ends; in 6 hours without it."),
                parameter("jobs", whole("How many; 30 without it.", minimum=1, maximum=MOST_LANES)),
            ],
        )
    },
    "/api/v1/jobs/{job_id}/statistics": {
        "get": operation(
            "getJobStatistics",
            "Tell how long the latest runs of a job took",
            named("JobStatistics"),
            parameters=[
                parameter("count", whole("How many; 100 without it.", minimum=1, maximum=500))
            ],
            errors=[404],
        )
    },
}
