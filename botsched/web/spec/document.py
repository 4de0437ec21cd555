"""The whole document, put together of what each module says of its own paths."""

import re
from collections.abc import Mapping
from http.client import responses
from types import ModuleType
from typing import Any, Final

from botsched import __version__
from botsched.web.spec import (
    classes,
    controls,
    events,
    executions,
    files,
    health,
    instances,
    joblist,
    jobs,
    logs,
    mails,
    profiles,
    schedules,
    secrets,
    sets,
    spec,
    statistics,
    system,
    verification,
)
from botsched.web.spec.operations import ERROR, Paths, json, place
from botsched.web.spec.schemas import Schema, fields, text

AREAS: Final[tuple[ModuleType, ...]] = (
    jobs,
    joblist,
    sets,
    schedules,
    executions,
    controls,
    events,
    logs,
    mails,
    verification,
    statistics,
    files,
    classes,
    secrets,
    instances,
    profiles,
    system,
    health,
    spec,
)
"""Each has ``TAG`` and ``ABOUT``, its ``PATHS``, and ``SCHEMAS`` by name."""

ABOUT: Final = """\
Everything the scheduler does can be asked for over HTTP, through the proxy and with the login of
the page. Bodies are JSON of at most 1 MiB and say so in `Content-Type`. Times are ISO 8601; answers
give them in UTC. A parameter or a key that is not known is an error, and every error has one shape.
"""

REFUSALS: Final[Mapping[int, str]] = {
    400: "Malformed: no JSON, a wrong type, an unknown or missing field or parameter.",
    401: "No login, or a wrong one. The proxy says this.",
    403: "Not through the proxy, or sent by a page of another site.",
    404: "There is no such job, execution, mail, file or address.",
    409: "It exists, but its state forbids this, or somebody else changed it first.",
    413: "The body is too large.",
    415: "The body is not JSON; or, for an upload, not a form.",
    422: "Understood, but it makes no sense.",
    429: "Too many failed logins (the proxy says this), or too many event streams of one user.",
    500: "A defect; the server's log has the details.",
    503: "The database is away, the job folders are being loaded, or too many event streams are "
    "open; `Retry-After` says when to ask again.",
}

ERROR_SCHEMA: Final[Schema] = {
    **fields(
        "What is wrong.",
        {
            "error": text("In words, with the cure."),
            "fields": {
                "type": "object",
                "description": "By field or parameter, when single ones are at fault.",
                "additionalProperties": {"type": "string"},
            },
        },
        required=["error"],
    ),
    "example": {
        "error": "minute: '99' is out of range; give 0 to 59",
        "fields": {"minute": "'99' is out of range; give 0 to 59"},
    },
}


def document() -> dict[str, Any]:
    """The document as JSON data."""
    schemas: dict[str, Schema] = {"Error": ERROR_SCHEMA}
    for area in AREAS:
        schemas |= area.SCHEMAS
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bots-scheduler",
            "version": __version__,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This server"}],
        "security": [{"login": []}],
        "tags": [{"name": area.TAG, "description": area.ABOUT} for area in AREAS],
        "paths": {path: item for area in AREAS for path, item in _items(area.TAG, area.PATHS)},
        "components": {
            "securitySchemes": {"login": {"type": "http", "scheme": "basic"}},
            "schemas": schemas,
            "responses": {str(status): _refusal(status, told) for status, told in REFUSALS.items()},
        },
    }


def _items(tag: str, paths: Paths) -> list[tuple[str, dict[str, Any]]]:
    """Paths with their operations, each under its tag, and what stands in braces."""
    return [
        (path, _placed(path) | {verb: {"tags": [tag], **each} for verb, each in verbs.items()})
        for path, verbs in paths.items()
    ]


def _placed(path: str) -> dict[str, Any]:
    places = [place(name) for name in re.findall(r"{(\w+)}", path)]
    return {"parameters": places} if places else {}


def _refusal(status: int, told: str) -> dict[str, Any]:
    retry = {"description": "Seconds after which to ask again.", "schema": {"type": "integer"}}
    return {
        "description": f"{responses[status]}. {told}",
        "content": json(ERROR),
        **({"headers": {"Retry-After": retry}} if status in {429, 503} else {}),
    }
