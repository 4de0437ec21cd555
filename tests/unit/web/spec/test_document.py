"""The OpenAPI document by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from botsched.web.spec.document import AREAS, document
from tests.support import spec

DOCUMENT = document()
OPERATIONS = [
    (f"{verb} {path}", operation)
    for path, item in DOCUMENT["paths"].items()
    for verb, operation in item.items()
    if verb != "parameters"
]


def test_the_document_is_valid() -> None:
    faults = OpenAPIV31SpecValidator(DOCUMENT).iter_errors()

    assert [f"{fault.json_path}: {fault.message:.300}" for fault in faults] == []


def test_every_operation_has_a_name_of_its_own_and_is_told_in_words() -> None:
    names = [operation["operationId"] for _, operation in OPERATIONS]

    assert len(set(names)) == len(names)
    assert [name for name, operation in OPERATIONS if not operation["summary"]] == []


def test_every_schema_is_used_and_no_two_areas_give_one_of_the_same_name() -> None:
    used = {each["$ref"] for each in objects(DOCUMENT) if "$ref" in each}
    given = [name for area in AREAS for name in area.SCHEMAS]

    assert {f"#/components/schemas/{name}" for name in given} <= used
    assert len(set(given)) == len(given)


def test_every_key_is_told_in_words() -> None:
    silent = [
        f"{name}.{key}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for key, member in schema.get("properties", {}).items()
        if not ("const" in member or member.get("description"))
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (name, content["application/json"])
        for name, operation in OPERATIONS
        for part in [operation.get("requestBody", {}), *operation["responses"].values()]
        if "example" in (content := part.get("content", {})).get("application/json", {})
    ],
)
def test_examples_are_as_their_schemas_say(name: str, content: dict[str, Any]) -> None:
    spec.check(name, {"application/json": content}, content["example"])


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in a JSON value."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from objects(each)
