"""What the addresses under ``/ecs`` take and give, as a document of Swagger 2.0."""

from collections.abc import Iterable, Mapping
from http.client import responses
from typing import Any, Final

from botsched import __version__
from botsched.domain.ecstasks import MOST_TASKS
from botsched.web.ecs.values import MOST_MESSAGES, TASK_PATTERN
from botsched.web.spec.schemas import Schema, array, fields, flag, instant, record, text, whole

PAGE: Final = 10
"""How many jobs a page has when nobody says how many."""

MOST_JOBS: Final = 1000

_ABOUT: Final = (
    "Jobs that start tasks of Amazon ECS, in the words of ECS Scheduler. The same jobs, and what "
    "became of each run, are in the REST API under /api/v1 and on the page."
)
_MOMENT: Final = "ISO 8601; UTC without an offset."

_MESSAGES: Final = whole(
    "sqs: start a task for so many messages.", minimum=1, maximum=MOST_MESSAGES
)


def _nullable(schema: Schema) -> Schema:
    """The schema, or null: which Swagger 2.0 cannot say itself."""
    return {**({"allOf": [schema]} if "$ref" in schema else schema), "x-nullable": True}


_DEFINITIONS: Final[dict[str, Schema]] = {
    "Link": record(
        "Where a thing is.",
        {
            "rel": text("What it is."),
            "title": text("The same in words."),
            "href": text("Its address."),
        },
    ),
    "Override": fields(
        "What is different for one container of a task.",
        {
            "containerName": text("A container of the task definition."),
            "environment": {
                "type": "object",
                "description": "Environment variables by name.",
                "additionalProperties": {"type": "string"},
            },
        },
        ["containerName"],
    ),
    "Trigger": {
        "type": "object",
        "description": "What decides whether, and how many, tasks start. Types of your own may "
        "have other fields.",
        "required": ["type"],
        "properties": {
            "type": text("`sqs`, or a type of your own.", example="sqs"),
            "queueName": text("sqs: the queue; needed."),
            "messagesPerTask": _nullable(_MESSAGES),
        },
    },
    "Task": fields(
        "A task that was started.",
        {"taskId": text("Its ARN."), "hostId": text("The ARN of the container instance.")},
        ["taskId"],
    ),
}

_SETTABLE: Final[dict[str, Schema]] = {
    "taskDefinition": text(
        "The task definition: a family, a family with :REVISION, or an ARN.",
        pattern=f"^{TASK_PATTERN}$",
        example="sleeper-task",
    ),
    "schedule": text(
        "Up to eight fields `second minute hour day_of_week week day month year`; `?` for a second,"
        " minute or hour is drawn once.",
        example="? */5",
    ),
    "scheduleStart": text(f"When the schedule begins. {_MOMENT}"),
    "scheduleEnd": text(f"When it ends. {_MOMENT}"),
    "timezone": text("The time zone of the schedule; UTC without it.", example="Europe/Brussels"),
    "taskCount": whole("How many tasks at least.", minimum=1, maximum=MOST_TASKS, default=1),
    "maxCount": whole("How many tasks at most.", minimum=1, maximum=MOST_TASKS),
    "trigger": {"$ref": "#/definitions/Trigger"},
    "suspended": flag("Whether it is paused."),
    "overrides": array({"$ref": "#/definitions/Override"}, "What is different, by container."),
}
_ID: Final = text("Its id; that of the task definition if none is given.", example="sleeper-task")
_LINK: Final = {"$ref": "#/definitions/Link"}
_RUNS: Final[dict[str, Schema]] = {
    "lastRun": instant("When it last ran."),
    "lastRunTasks": array({"$ref": "#/definitions/Task"}, "What it started then."),
    "estimatedNextRun": instant("When it will run next, as far as can be foreseen."),
}


_SENT: Final[dict[str, Schema]] = {
    **{name: _nullable(schema) for name, schema in {"id": _ID, **_SETTABLE}.items()},
    **{name: {"description": "Passed over."} for name in ("link", *_RUNS)},
}
_BODIES: Final[dict[str, Schema]] = {
    "Job": fields(
        "A job; what is not set is left off.",
        {"id": _ID, "link": _LINK, **_SETTABLE, **_RUNS},
        ["id", "link", "taskCount"],
    ),
    "NewJob": fields(
        "A job to be added.",
        _SENT | {name: _SETTABLE[name] for name in ("taskDefinition", "schedule")},
        ["taskDefinition", "schedule"],
    ),
    "JobChanges": fields(
        "What is to be changed; null takes a thing away, but a schedule stays.", _SENT
    ),
    "Jobs": fields(
        "A page of jobs.",
        {
            "jobs": array({"$ref": "#/definitions/Job"}),
            "prev": text("The address of the page before."),
            "next": text("The address of the page behind."),
        },
        ["jobs"],
    ),
    "Reference": record("A job that was added or changed.", {"id": _ID, "link": _LINK}),
    "Deleted": record("A job that was deleted.", {"id": _ID}),
    "Resources": record(
        "Where to begin.", {"resources": array(record("One of them.", {"link": _LINK}))}
    ),
    "Error": fields(
        "What is wrong.",
        {
            "message": text("In one sentence, with the cure."),
            "messages": {
                "type": "object",
                "description": "By field, when single ones are at fault.",
                "additionalProperties": array({"type": "string"}),
            },
        },
        ["message"],
    ),
}

_REFUSALS: Final[Mapping[int, str]] = {
    400: "A field or a parameter is missing, unknown, of a wrong type, or makes no sense.",
    401: "No login, or a wrong one. The proxy says this.",
    403: "Not through the proxy, or sent by a page of another site.",
    404: "There is no such job.",
    409: "There is such a job already; or somebody changed it at the same time.",
    413: "The body is too large.",
    415: "The body is said to be something else than JSON.",
    429: "Too many failed logins. The proxy says this.",
    500: "A defect; the server's log has the details.",
    503: "The server has no cluster, or lacks boto3; or the database is away.",
}
_ALWAYS: Final = (400, 401, 403, 429, 500, 503)


def document() -> dict[str, Any]:
    """The document as JSON data."""
    return {
        "swagger": "2.0",
        "info": {"title": "ECS jobs of bots-scheduler", "version": __version__,
                 "description": _ABOUT},
        "basePath": "/ecs",
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"login": {"type": "basic"}},
        "security": [{"login": []}],
        "paths": _paths(),
        "definitions": _DEFINITIONS | _BODIES,
        "responses": {str(status): _refusal(status) for status in _REFUSALS},
    }  # fmt: skip


def _paths() -> dict[str, Any]:
    job_id = {"name": "job_id", "in": "path", "required": True, "type": "string"}
    return {
        "/": {"get": _operation("home", "List the resources", {200: "Resources"})},
        "/spec": {"get": _operation("spec", "This document", {200: None})},
        "/jobs": {
            "get": _operation("listJobs", "List a page of jobs", {200: "Jobs"}, query=_PAGING),
            "post": _operation(
                "addJob", "Add a job", {201: "Reference"}, 409, 413, 415, body="NewJob"
            ),
        },
        "/jobs/{job_id}": {
            "parameters": [job_id],
            "get": _operation("getJob", "Look at a job", {200: "Job"}, 404),
            "put": _operation(
                "changeJob", "Change a job", {200: "Reference"}, 404, 409, 413, 415,
                body="JobChanges",
            ),
            "delete": _operation("deleteJob", "Delete a job", {200: "Deleted"}, 404, 409),
        },
    }  # fmt: skip


_PAGING: Final = (
    {"name": "skip", "in": "query", "type": "integer", "default": 0, "minimum": 0,
     "description": "How many jobs to pass over."},
    {"name": "count", "in": "query", "type": "integer", "default": PAGE, "minimum": 1,
     "maximum": MOST_JOBS, "description": "How many jobs to give."},
)  # fmt: skip


def _operation(
    name: str,
    told: str,
    answer: Mapping[int, str | None],
    *refusals: int,
    query: Iterable[Mapping[str, Any]] = (),
    body: str | None = None,
) -> dict[str, Any]:
    """A method of an address; ``answer`` names the definition by the status, ``body`` its own."""
    parameters = list(query)
    if body:
        schema = {"$ref": f"#/definitions/{body}"}
        parameters.append({"name": "body", "in": "body", "required": True, "schema": schema})
    given = {str(status): _answer(definition) for status, definition in answer.items()}
    refused = {
        str(status): {"$ref": f"#/responses/{status}"} for status in sorted({*_ALWAYS, *refusals})
    }
    return {
        "operationId": name,
        "summary": told,
        **({"parameters": parameters} if parameters else {}),
        "responses": given | refused,
    }


def _answer(definition: str | None) -> dict[str, Any]:
    schema = {"type": "object"} if definition is None else {"$ref": f"#/definitions/{definition}"}
    return {"description": "Done.", "schema": schema}


def _refusal(status: int) -> dict[str, Any]:
    told = f"{responses[status]}. {_REFUSALS[status]}"
    return {"description": told, "schema": {"$ref": "#/definitions/Error"}}
