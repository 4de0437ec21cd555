"""Whether the record holds."""

from typing import Final

from botsched.domain.execution import Cause, Fate
from botsched.domain.verification import Kind
from botsched.web.spec.operations import PERIOD, Paths, operation, parameter
from botsched.web.spec.schemas import (
    Schema,
    array,
    flag,
    instant,
    named,
    nullable,
    record,
    text,
    whole,
    word,
)

TAG = "Verification"
ABOUT = "Whether every instant at which a job was due has exactly one fate."

_COUNTED: Final = {
    "missing": "How many were due without a record.",
    "doubled": "How many are recorded more than once.",
    "unexplained": "How many records are not as the schedule or the program would have made them.",
    "open": "How many are due and rightly not recorded yet.",
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Verdict": record(
        "What came out.",
        {
            "clean": flag("True when `missing`, `doubled` and `unexplained` are 0."),
            "from": instant("The beginning of the period."),
            "to": instant("The end of the period; the future is left out."),
            "jobs": whole("How many jobs were verified, deleted ones too."),
            "partly": whole("Of how many an earlier part of the period is not known any more."),
            "due": whole("How many instants were due: the sum of `fates`, `missing` and `open`."),
            "fates": record(
                "How many instants had which fate.", {fate: whole("") for fate in Fate}
            ),
            "skipped": {
                "type": "object",
                "description": "Of those that were skipped, how many by which cause.",
                "propertyNames": {"enum": [str(cause) for cause in Cause]},
                "additionalProperties": {"type": "integer"},
            },
            **{kind: whole(_COUNTED[kind]) for kind in Kind},
            "findings": array(named("Finding"), "The first 100 of each of the four."),
        },
    ),
    "Finding": record(
        "So many instants of a job, and what is the matter with them.",
        {
            "kind": word("What it is.", Kind),
            "job_id": text("The id of the job."),
            "job_name": text("The name of the job."),
            "first": instant("The first of the instants."),
            "last": instant("The last of them."),
            "count": whole("How many they are."),
            "why": text("What is the matter."),
            "execution_id": nullable(text("The execution that is to blame, or null.")),
        },
    ),
}

PATHS: Final[Paths] = {
    "/api/v1/verify": {
        "get": operation(
            "verify",
            "Verify a period, of all jobs or one",
            named("Verdict"),
            told="Long periods of many jobs take seconds.",
            parameters=[*PERIOD, parameter("job", text("The id or the name of a job."))],
            errors=[404, 409],
        )
    }
}
