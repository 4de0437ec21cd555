"""For monitoring."""

from typing import Any, Final

from botsched.scheduling.instances import Role
from botsched.web.spec.operations import Operation, Paths, json, operation
from botsched.web.spec.schemas import Schema, named, nullable, record, text, word

TAG = "Monitoring"
ABOUT = "Does the server answer, and can it do its work."

_ROLE: Final = word("Whether this server schedules or stands by.", Role)
_CHECKS: Final[Schema] = {
    "type": "object",
    "description": "By the name of a part: `ok`, or what is wrong.",
    "additionalProperties": {"type": "string"},
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Health": record("The server answers.", {"status": {"const": "ok"}, "role": _ROLE}),
    "Ready": record(
        "All that is needed for running jobs works.",
        {
            "status": {"const": "ok"},
            "role": _ROLE,
            "checks": _CHECKS,
            "held": nullable(
                {"type": "boolean", "description": "Whether all jobs are held, which is no fault."}
            ),
        },
    ),
    "NotReady": record("What does not work.", {"error": text("In words."), "checks": _CHECKS}),
}

_READY: Final[Operation] = operation(
    "getReadiness", "Whether all that is needed for running jobs works", named("Ready")
)
_NOT_READY: Final[dict[str, Any]] = {
    "description": "Something that is needed does not work, or the server is stopping.",
    "content": json({"anyOf": [named("NotReady"), named("Error")]}),
}
_READY["responses"]["503"] = _NOT_READY

PATHS: Final[Paths] = {
    "/healthz": {
        "get": operation("getHealth", "Whether the server answers", named("Health")),
    },
    "/readyz": {"get": _READY},
    "/metrics": {
        "get": operation(
            "getMetrics",
            "All figures, in the text format of Prometheus",
            {"type": "string"},
            told="No part is waited for longer than 3 seconds. One that does not answer has no "
            "figures, and its `bots_scheduler_part_up` is 0.",
            form="text/plain",
        )
    },
}
