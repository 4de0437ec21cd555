"""The audit log."""

from typing import Final

from botsched.domain.audit import Event
from botsched.web.spec.operations import PAGING, PERIOD, Paths, operation, parameter
from botsched.web.spec.schemas import Schema, instant, listing, record, text, word

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
        },
    )
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
