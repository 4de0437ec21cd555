"""The audit log."""

from typing import Final

from botsched.domain.audit import Event
from botsched.web.spec.operations import PAGING, PERIOD, Paths, operation, parameter
from botsched.web.spec.schemas import (
    Schema,
    array,
    instant,
    listing,
    named,
    nullable,
    record,
    text,
    word,
)

TAG = "Audit log"
ABOUT = "Who did what."

_JOB: Final = "empty when no job is concerned."

SCHEMAS: Final[dict[str, Schema]] = {
    "Event": record(
        "One line of the audit log.",
        {
            "job_id": text(f"The id of the job; {_JOB}"),
            "job_name": text(f"The name of the job; {_JOB}"),
            "event": word("What was done.", Event),
            "user": text("Who did it."),
            "created_time": instant("When."),
            "description": text("In words."),
            "changes": nullable(
                array(named("Change"), "What is otherwise since then; null for nothing to tell.")
            ),
        },
    ),
    "Change": record(
        "What one field was, and is since.",
        {
            "field": text("Of a job: the key of requests."),
            "before": {"description": "Any value."},
            "after": {"description": "Any value."},
        },
    ),
}

PATHS: Final[Paths] = {
    "/api/v1/logs": {
        "get": operation(
            "listEvents",
            "List events, the newest first",
            listing("logs", "Event"),
            parameters=[
                *PERIOD,
                parameter("job_id", text("Those of this job.")),
                parameter("event", word("Those of this kind.", Event)),
                parameter("user", text("Those of this user.")),
                parameter("text", text("Part of the job's name, the user or `description`.")),
                *PAGING,
            ],
        )
    }
}
