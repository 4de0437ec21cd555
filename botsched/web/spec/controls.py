"""All jobs at once: the hold, and windows in which no job is run."""

from typing import Any, Final

from botsched.domain.window import windows_kind
from botsched.web.spec.operations import Paths, body, operation
from botsched.web.spec.schemas import Schema, fields, flag, instant, named, nullable, record, text

TAG = "All jobs at once"
ABOUT = "The hold, and maintenance windows of all jobs."

_REASON: Final = nullable(text("Why, in one line.", example="The disks are being changed."))
_WINDOWS: Final[Schema] = windows_kind().schema | {
    "description": "Each has a `name` and either `crontab`, when it begins, and `duration` in "
    "seconds, or `from` and `to`. The hours are on the clock of its `timezone`, UTC when there is "
    "none."
}
_EXAMPLE: Final[dict[str, Any]] = {
    "windows": [
        {
            "name": "Backup",
            "crontab": "0 2 * * sun",
            "duration": 10800,
            "timezone": "Europe/Brussels",
        },
        {"name": "Moving", "from": "2030-03-01T18:00+01:00", "to": "2030-03-02T08:00+01:00"},
    ]
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Hold": record(
        "Whether all jobs are held.",
        {
            "held": flag("Whether they are; the other keys are null when not."),
            "user": nullable(text("By whom.")),
            "since": nullable(instant("Since when.")),
            "reason": _REASON,
        },
    ),
    "Windows": record("Maintenance windows of all jobs.", {"windows": _WINDOWS}),
}

PATHS: Final[Paths] = {
    "/api/v1/hold": {
        "get": operation("getHold", "Whether all jobs are held", named("Hold")),
        "put": operation(
            "hold",
            "Hold all jobs",
            named("Hold"),
            told="Nothing is started by schedule any more. What runs goes on, and a run that a "
            "user asks for is started as ever. The hold outlasts a restart of the server.",
            body=body(
                fields(
                    "Why.",
                    {
                        "reason": _REASON,
                        **{
                            name: {"description": "Passed over.", "readOnly": True}
                            for name in ("held", "user", "since")
                        },
                    },
                ),
                {"reason": "The disks are being changed."},
                required=False,
            ),
        ),
        "delete": operation("release", "Release all jobs", named("Hold")),
    },
    "/api/v1/windows": {
        "get": operation("getWindows", "List the windows of all jobs", named("Windows")),
        "put": operation(
            "setWindows",
            "Put other windows in the place of all the present ones",
            named("Windows"),
            body=body(
                fields("All windows.", {"windows": _WINDOWS}, required=["windows"]), _EXAMPLE
            ),
        ),
    },
}
