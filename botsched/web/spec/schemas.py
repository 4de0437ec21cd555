"""Schemas as the document needs them: JSON Schema with a description, nothing left open."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from botsched.domain.ids import LONGEST_JOB_ID

Schema = dict[str, Any]


def text(told: str, **more: Any) -> Schema:
    """A text."""
    return {"type": "string", "description": told, **more}


def whole(told: str, **more: Any) -> Schema:
    """A whole number."""
    return {"type": "integer", "description": told, **more}


def number(told: str, **more: Any) -> Schema:
    """A number."""
    return {"type": "number", "description": told, **more}


def flag(told: str) -> Schema:
    """True or false."""
    return {"type": "boolean", "description": told}


def word(told: str, words: Iterable[str]) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": [str(each) for each in words], "description": told}


def instant(told: str, **more: Any) -> Schema:
    """An instant as answers give it: with its offset."""
    return text(told, format="date-time", **more)


def identifier(told: str) -> Schema:
    """The id of an execution: 32 hexadecimal digits."""
    return text(told, maxLength=32, example="01a1fb65e53d76379161b5fbc3baa356")


def job_identifier(told: str) -> Schema:
    """The id of a job: chosen when it was added, or made then of 32 hexadecimal digits."""
    return text(told, maxLength=LONGEST_JOB_ID, example="01a1fb65e53d76379161b5fbc3baa356")


def array(items: Schema, told: str = "") -> Schema:
    """A list."""
    return {"type": "array", "items": items} | ({"description": told} if told else {})


def record(told: str, properties: Mapping[str, Schema], optional: Container[str] = ()) -> Schema:
    """An object of an answer: no other keys are there, and all but the optional ones."""
    return fields(told, properties, [name for name in properties if name not in optional])


def fields(told: str, properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """An object of a request: any of these keys, and no others."""
    needed = list(required)
    return {
        "type": "object",
        "description": told,
        "properties": dict(properties),
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    if "type" not in schema:
        told = {"description": schema["description"]} if "description" in schema else {}
        return {"anyOf": [schema, {"type": "null"}], **told}
    given = schema["type"]
    either = {"type": [*([given] if isinstance(given, str) else given), "null"]}
    return schema | either | ({"enum": [*schema["enum"], None]} if "enum" in schema else {})


def named(name: str, told: str = "") -> Schema:
    """A schema of the document, by its name."""
    return {"$ref": f"#/components/schemas/{name}"} | ({"description": told} if told else {})


def listing(key: str, name: str) -> Schema:
    """A page of a list."""
    more = nullable(text("The `cursor` of the following page; null on the last one."))
    return record("A page.", {key: array(named(name)), "next_cursor": more})
