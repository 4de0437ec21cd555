"""One operation of the document: its parameters, its body, and all that may be answered."""

from collections.abc import Iterable, Mapping
from http.client import responses
from typing import Any, Final

from botsched.web.query import LARGEST_PAGE
from botsched.web.spec.schemas import Schema, identifier, job_identifier, named, text, whole

Operation = dict[str, Any]
Paths = Mapping[str, Mapping[str, Operation]]

ALWAYS: Final = (400, 401, 403, 413, 415, 429, 500, 503)
"""What may be answered to any request."""

PLACES: Final[Mapping[str, Schema]] = {
    "job_id": job_identifier("The id of a job."),
    "execution_id": identifier("The id of an execution."),
    "identifier": job_identifier("The id of an execution; with POST, of a job."),
    "number": whole("Which one, counted from 1.", minimum=1),
    "mail_id": identifier("The id of a mail."),
    "name": text("The name of a data file.", example="hosts.txt"),
}
"""The names in braces that stand in paths."""


def operation(
    name: str,
    summary: str,
    answer: Schema,
    *,
    told: str = "",
    status: int = 200,
    parameters: Iterable[dict[str, Any]] = (),
    body: dict[str, Any] | None = None,
    errors: Iterable[int] = (),
    also: Iterable[str] = (),
    form: str = "application/json",
) -> Operation:
    """An operation: ``name`` is for programs, ``summary`` for people, ``answer`` of success.

    ``errors`` are those beside ``ALWAYS`` and what parameters and bodies bring about; ``form`` is
    the media type of the answer, ``also`` those of other forms of it.
    """
    asked = list(parameters)
    senseless = {422} if asked or body else set()
    refusals = sorted({*ALWAYS, *errors, *senseless})
    content = {form: {"schema": answer}, **{each: {"schema": {"type": "string"}} for each in also}}
    return {
        "operationId": name,
        "summary": summary,
        **({"description": told} if told else {}),
        **({"parameters": asked} if asked else {}),
        **({"requestBody": body} if body else {}),
        "responses": {
            str(status): {"description": responses[status], "content": content},
            **{str(each): refusal(each) for each in refusals},
        },
    }


def json(schema: Schema, example: Any = None) -> dict[str, Any]:
    """Content as JSON."""
    return {"application/json": {"schema": schema} | ({"example": example} if example else {})}


def body(schema: Schema, example: Any = None, *, required: bool = True) -> dict[str, Any]:
    """A JSON body."""
    return {"required": required, "content": json(schema, example)}


def parameter(name: str, schema: Schema) -> dict[str, Any]:
    """A parameter of the address, described as its schema is."""
    inner = {key: value for key, value in schema.items() if key != "description"}
    return {"name": name, "in": "query", "description": schema["description"], "schema": inner}


def place(name: str) -> dict[str, Any]:
    """A parameter in the path."""
    schema = dict(PLACES[name])
    told = schema.pop("description")
    return {"name": name, "in": "path", "required": True, "description": told, "schema": schema}


def refusal(status: int) -> dict[str, Any]:
    """One of the answers that say what is wrong."""
    return {"$ref": f"#/components/responses/{status}"}


def moment(name: str, told: str) -> dict[str, Any]:
    """A parameter that is a time; offset and time of day may be missing."""
    return parameter(name, text(f"{told} ISO 8601; UTC without an offset.", example="2026-03-01"))


PERIOD: Final = (
    moment("time_range_start", "The beginning. Without it, 24 hours before the end."),
    moment("time_range_end", "The end. Without it, there is none."),
)
PAGING: Final = (
    parameter("limit", whole("At most so many; all without it.", minimum=1, maximum=LARGEST_PAGE)),
    parameter("cursor", text("The `next_cursor` of the page before.")),
)
ERROR: Final = named("Error")
