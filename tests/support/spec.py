"""Holds requests and answers against what the OpenAPI document says of them."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from botsched.web.spec.document import document

FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@cache
def described() -> dict[str, Any]:
    """The document, made once."""
    return document()


def operation_of(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """What is said of a request, and where; None when nothing is."""
    verb = "get" if method == "HEAD" else method.lower()
    bare = path.partition("?")[0]
    for known in sorted(described()["paths"], key=lambda path: path.count("{")):
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(known)), bare):
            operation = described()["paths"][known].get(verb)
            return operation and (f"{verb} {known}", operation)
    return None


def check_answer(
    method: str, path: str, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Fail when an answer is not as the document says."""
    found = operation_of(method, path)
    if found is None or status == 304:
        return
    where, operation = found
    told = f"{where}, {status}: botsched/web/spec says nothing of"
    assert str(status) in operation["responses"], f"{told} this status: {body[:200]!r}"
    answer = resolved(operation["responses"][str(status)])
    media_type = headers["content-type"].partition(";")[0]
    assert media_type in answer["content"], f"{told} {media_type}"
    if method != "HEAD" and media_type == "application/json":
        check(f"{where}, {status}", answer["content"], json.loads(body))


def check_request(method: str, path: str, body: bytes | None) -> None:
    """Fail when the body of a request that was taken is not as the document says."""
    found = operation_of(method, path)
    if found is None:
        return
    where, operation = found
    taken = operation.get("requestBody", {"required": False, "content": {}})
    if body is None:
        assert not taken["required"], f"{where}: the body could be left off"
    elif "application/json" in taken["content"]:
        check(f"{where}, body", taken["content"], json.loads(body.strip() or b"{}"))


def check(where: str, content: Mapping[str, Any], value: Any) -> None:
    """Fail with the first fault of a JSON value, and where in it."""
    schema = content["application/json"]["schema"]
    fault = next(validator(json.dumps(schema)).iter_errors(value), None)
    assert fault is None, f"{where}: {fault.json_path}: {fault.message:.500} (botsched/web/spec)"


@cache
def validator(schema: str) -> Any:
    """Of a schema, given as JSON text, that may name those of the document."""
    whole = json.loads(schema) | {"components": described()["components"]}
    return Draft202012Validator(whole, format_checker=FORMATS)


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """What stands in the document where a reference leads."""
    if "$ref" not in value:
        return value
    target: Any = described()
    for part in value["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    assert isinstance(target, dict)
    return target
