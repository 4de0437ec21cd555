"""The job classes there are."""

from typing import Final

from botsched.job.declared import Kind
from botsched.web.spec.operations import Paths, operation
from botsched.web.spec.schemas import Schema, array, flag, named, nullable, record, text, word

TAG = "Job classes"
ABOUT = "What is in the job folders."

_PLAIN: Final[Schema] = {"type": ["string", "number", "boolean"]}

SCHEMAS: Final[dict[str, Schema]] = {
    "Argument": record(
        "An argument of a job class.",
        {
            "type": text("What it is, as its class says: free text."),
            "kind": word("What the type means; `any` for a word without a meaning.", Kind),
            "description": text("What it is for."),
            "name": nullable(text("Its name, if it has one.")),
            "required": {
                "type": ["boolean", "null"],
                "description": "True when a job without it is refused, false when it may be left "
                "off; null when nothing says so, and the run has no default for it.",
            },
            "default": {"description": "What the run takes when it is left off; null for none."},
            "choices": array(_PLAIN, "The only values of a choice."),
            "multiline": flag("Whether a larger field suits it."),
            "repeated": flag("Whether as many as one likes may follow."),
        },
    ),
    "JobClass": record(
        "A job class.",
        {
            "job_class_string": text("Its name in jobs.", example="jobs.disk_usage.DiskUsage"),
            "name": text("Its name for people."),
            "notes": text("What it is for."),
            "arguments": array(named("Argument"), "What it takes."),
            "example_arguments": text("An example, mostly as JSON."),
            "report_title": text("The title of its report."),
            "enabled": flag("Whether it is offered for choosing."),
            "module": text("The module that holds it."),
            "file": text("The file that holds it."),
            "checked": flag("Whether arguments that are not of their types are refused."),
        },
    ),
    "ImportFailure": record(
        "A module or a class that could not be loaded.",
        {
            "module": text("The name of the module, or of the folder."),
            "file": text("The file."),
            "error": text("What is wrong, in one line."),
            "traceback": nullable(text("Where it came up.")),
            "class_name": nullable(text("The class, when only one is concerned.")),
        },
    ),
}

_LOADED: Final[dict[str, Schema]] = {
    "classes": array(named("JobClass")),
    "failures": array(named("ImportFailure")),
}

PATHS: Final[Paths] = {
    "/api/v1/classes": {
        "get": operation(
            "listClasses",
            "List the job classes, and what could not be loaded",
            record(
                "What is in the job folders.",
                _LOADED,
            ),
        )
    },
    "/api/v1/classes/reload": {
        "post": operation(
            "reloadClasses",
            "Load the job folders anew, changed or not",
            record(
                "What is in the job folders now.",
                {
                    "loaded": flag("False when the former modules stay in use."),
                    **_LOADED,
                },
            ),
            told="For what no look at the modules shows, as a library that was installed.",
        )
    },
}
