"""How the parts of the program are."""

from typing import Final

from botsched.scheduling.instances import Role
from botsched.settings.model import Dbms
from botsched.web.spec.operations import Paths, operation
from botsched.web.spec.schemas import (
    Schema,
    array,
    fields,
    flag,
    instant,
    named,
    nullable,
    number,
    record,
    text,
    whole,
    word,
)

TAG = "System"
ABOUT = "What each part of the program says of itself."

_DISK: Final = nullable(
    record(
        "The disk that holds it, in bytes; null when it is not known.",
        {"total": whole("Its size."), "free": whole("What is free.")},
    )
)
_OUTLETS: Final = ("smtp", "webhook", "command", "channel")
_SECRETLESS: Final[Schema] = {
    "type": "object",
    "description": "The settings in effect, without secrets, in groups.",
    "additionalProperties": True,
}

_SECTIONS: Final[dict[str, Schema]] = {
    "versions": record(
        "What runs.",
        {
            "program": text("The version of the program."),
            "python": text("The version of Python."),
            "platform": text("The system below."),
            "libraries": {
                "type": "object",
                "description": "The version of each library that is installed, by its name.",
                "additionalProperties": {"type": "string"},
            },
        },
    ),
    "server": record(
        "This server.",
        {
            "pid": whole("Its process."),
            "role": word("Whether it schedules or stands by.", Role),
            "uptime": whole("For how many seconds it has been running."),
            "memory": whole("Memory of its process, in bytes."),
            "threads": whole("Threads of its process."),
            "cpu_seconds": number("Processor time it used."),
            "load": array({"type": "number"}, "Load of the machine over 1, 5 and 15 minutes."),
            "cores": nullable(whole("Processors of the machine.")),
        },
    ),
    "instances": array(named("Instance"), "The servers on the database, the latest first."),
    "proxy": nullable(
        record(
            "The proxy; null without one.",
            {
                "state": word(
                    "How it is.", ("starting", "running", "restarting", "given up", "stopped")
                ),
                "pid": nullable(whole("Its process; null while there is none.")),
                "port": whole("The public port."),
                "restarts": whole("How often it died and was started again."),
                "certificate": record(
                    "What it shows to browsers.",
                    {
                        "file": text("The file."),
                        "own_authority": flag("Whether it is signed by the proxy itself."),
                        "expires_time": nullable(
                            instant("When it, or that authority, ends; null when not known.")
                        ),
                    },
                ),
            },
        )
    ),
    "scheduler": record(
        "What is due.",
        {
            "fault": nullable(text("Why nothing is scheduled, if so.")),
            "jobs": whole("How many jobs there are."),
            "next_time": nullable(instant("When a job is to be looked at next.")),
            "late": number("By how many seconds that has passed."),
        },
    ),
    "workers": record(
        "What runs jobs.",
        {
            "slots": whole("How many executions run at a time."),
            "running": whole("How many run."),
            "waiting": whole("How many wait for a slot."),
            "starter": record(
                "The process that starts jobs.",
                {
                    "state": word("How it is.", ("ready", "loading", "restarting")),
                    "pid": nullable(whole("Its process.")),
                },
            ),
        },
    ),
    "outbox": array(
        record(
            "The mails through an SMTP profile, or another channel.",
            {
                "profile": text("Its name."),
                "selected": flag(
                    "Whether it is there: selected by `--smtp-profile`, or a channel."
                ),
                "kind": nullable(word("What it is; null when it is not there.", _OUTLETS)),
                "fallback": nullable(text("What stands in while it fails.")),
                "owed": whole("How many mails are still to be delivered."),
                "failing": whole("How many of them were tried in vain."),
                "held": whole("How many others wait for their hour."),
                "dead": whole("How many were given up."),
                "oldest_time": nullable(instant("Since when the oldest is owed.")),
                "next_attempt_time": nullable(instant("When the next is tried.")),
                "failing_error": nullable(text("What the last failed of.")),
                "dead_error": nullable(text("Why the last was given up.")),
                "dead_time": nullable(instant("When that was.")),
            },
        ),
        "Profiles and channels that are there, owe mails or gave some up.",
    ),
    "database": record(
        "The database.",
        {
            "kind": word("Its kind.", Dbms),
            "name": text("Where it is."),
            "version": text("The version of its software."),
            "revision": whole("The revision of the tables."),
            "size": whole("Bytes it takes."),
            "disk": _DISK,
            "read_seconds": number("How long a read took."),
            "write_seconds": number("How long a commit took."),
        },
    ),
    "tables": array(
        record(
            "A table.",
            {
                "table": text("Its name."),
                "rows": whole("How many rows it has."),
                "exact": flag("Whether that was counted, or is what the database estimates."),
            },
        ),
        "The tables.",
    ),
    "jobs": record(
        "The job folders.",
        {
            "folders": array(
                record(
                    "A job folder.",
                    {
                        "folder": text("Where it is."),
                        "modules": array(
                            record(
                                "A module.",
                                {
                                    "module": text("Its name."),
                                    "classes": array({"type": "string"}, "Its job classes."),
                                },
                            ),
                            "The modules with job classes.",
                        ),
                    },
                ),
                "In the order of `--jobs`.",
            ),
            "failures": array(named("ImportFailure"), "What could not be loaded."),
            "homeless": array(
                record(
                    "A class that is in no job folder.",
                    {
                        "job_class_string": text("Its name."),
                        "jobs": whole("How many jobs have it."),
                    },
                ),
                "Classes of jobs that are nowhere.",
            ),
        },
    ),
    "data": record(
        "The data folder.",
        {
            "folder": text("Where it is."),
            "writable": flag("Whether files can be put there."),
            "disk": _DISK,
        },
    ),
    "hold": named("Hold"),
    "windows": array(
        {"type": "object", "additionalProperties": True},
        "Maintenance windows of all jobs, as `GET /api/v1/windows` gives them.",
    ),
    "settings": _SECRETLESS,
}

_UNANSWERED: Final = named("Unanswered")

SCHEMAS: Final[dict[str, Schema]] = {
    "Unanswered": record(
        "A part that did not answer, or failed.", {"error": text("Why, in words.")}
    ),
    "System": fields(
        "What each part of the program says of itself.",
        {
            "time": instant("The time by the clock of the server."),
            **{
                name: {
                    "anyOf": [section, _UNANSWERED],
                    "description": section.get("description", "The hold."),
                }
                for name, section in _SECTIONS.items()
            },
        },
        required=["time", *_SECTIONS],
    ),
}

PATHS: Final[Paths] = {
    "/api/v1/system": {
        "get": operation(
            "getSystem",
            "How each part of the program is",
            named("System"),
            told="No part is waited for longer than 3 seconds; one that fails, or does not answer, "
            "has an `error` in place of what it says.",
        )
    }
}
