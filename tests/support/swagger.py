"""Holds requests to /ecs and their answers against its Swagger document."""

import json
import re
from functools import cache
from typing import Any

from jsonschema import Draft4Validator

from botsched.web.ecs.spec import document
from tests.support.spec import FORMATS

BASE = "/ecs"


@cache
def described() -> dict[str, Any]:
    """The document, made once."""
    return document()


def check_answer(method: str, path: str, status: int, body: bytes) -> None:
    """Fail when an answer is not as the document says."""
    found = operation_of(method, path)
    if found is None:
        return
    where, operation = found
    answers = operation["responses"]
    assert str(status) in answers, f"{where}: nothing is said of {status}: {body[:200]!r}"
    answer = answers[str(status)]
    if "$ref" in answer:
        answer = described()["responses"][answer["$ref"].rpartition("/")[2]]
    if method != "HEAD":
        check(f"{where}, {status}", answer["schema"], json.loads(body))


def check_request(method: str, path: str, body: bytes | None) -> None:
    """Fail when the body of a request that was taken is not as the document says."""
    found = operation_of(method, path)
    if found is None:
        return
    where, operation = found
    taken = [each for each in operation.get("parameters", []) if each["in"] == "body"]
    assert bool(taken) == (body is not None), f"{where}: a body {body!r}"
    for each in taken:
        check(f"{where}, body", each["schema"], json.loads(body or b""))


def operation_of(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """What is said of a request, and where; None when nothing is."""
    verb = "get" if method == "HEAD" else method.lower()
    bare = path.partition("?")[0]
    if not f"{bare}/".startswith(f"{BASE}/"):
        return None
    bare = bare.removeprefix(BASE) or "/"
    for known, item in described()["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(known)), bare):
            return (f"{verb} {known}", item[verb]) if verb in item else None
    return None


def check(where: str, schema: dict[str, Any], value: Any) -> None:
    """Fail with the first fault of a JSON value, and where in it."""
    whole = schema | {"definitions": described()["definitions"]}
    validator = Draft4Validator(with_null(whole), format_checker=FORMATS)
    fault = next(validator.iter_errors(value), None)
    assert fault is None, (
        f"{where}: {fault.json_path}: {fault.message:.500} (botsched/web/ecs/spec)"
    )


def with_null(schema: Any) -> Any:
    """The same in JSON Schema, which has null."""
    if isinstance(schema, list):
        return [with_null(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: with_null(each) for name, each in schema.items() if name != "x-nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("x-nullable") else plain
