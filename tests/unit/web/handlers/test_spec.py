"""The OpenAPI document, served and held against what the server really takes."""

import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.spec import described

UNKNOWN = "no_such_name"

Operation = tuple[str, str, dict[str, Any]]


def operations() -> Iterator[Operation]:
    """Method, path and operation, with something in the place of what stands in braces."""
    for path, item in described()["paths"].items():
        for verb, operation in item.items():
            if verb != "parameters":
                yield verb.upper(), re.sub(r"{\w+}", "0" * 32, path), operation


def content_of(operation: dict[str, Any]) -> dict[str, Any]:
    """The kinds of bodies that are taken."""
    return operation.get("requestBody", {}).get("content", {})


OPERATIONS = list(operations())
READING = [
    (method, path, operation)
    for method, path, operation in OPERATIONS
    if method == "GET" and "application/json" in operation["responses"]["200"]["content"]
]
"""Those whose answers come to an end."""
TAKING = [each for each in OPERATIONS if "application/json" in content_of(each[2])]


def test_the_document_is_served_and_kept_by_browsers(ask: Any) -> None:
    answer = ask("GET", "/api/v1/spec")

    assert answer.json == described()
    assert answer.headers["cache-control"] == "no-cache"
    again = ask("GET", "/api/v1/spec", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(("method", "path", "operation"), READING)
def test_the_parameters_are_those_that_are_taken(
    ask: Any, method: str, path: str, operation: dict[str, Any]
) -> None:
    told = {each["name"] for each in queried(operation)}

    answer = ask(method, f"{path}?{UNKNOWN}=1")

    fault = answer.json.get("fields", {}).get(UNKNOWN, "there are none")
    assert names_in(fault) == told


@pytest.mark.parametrize(("method", "path", "operation"), TAKING)
def test_the_keys_of_a_body_are_those_that_are_taken(
    ask: Any, method: str, path: str, operation: dict[str, Any]
) -> None:
    keys = properties_of(operation)
    passed_over = {name for name, schema in keys.items() if schema.get("readOnly")}

    answer = ask(method, path, {UNKNOWN: 1, **dict.fromkeys(passed_over, 1)})

    faults = answer.json["fields"]
    assert names_in(faults[UNKNOWN]) == set(keys) - passed_over
    assert not passed_over & set(faults)


@pytest.mark.parametrize(("method", "path", "operation"), TAKING)
def test_a_body_of_a_wrong_kind_is_refused_at_each_key(
    ask: Any, method: str, path: str, operation: dict[str, Any]
) -> None:
    keys = properties_of(operation)
    typed = {name for name, schema in keys.items() if not schema.get("readOnly")}

    answer = ask(method, path, dict.fromkeys(typed, True))

    assert answer.status == 400
    flags = {name for name in typed if "boolean" in keys[name].get("type", ())}
    assert {name.partition("[")[0] for name in answer.json["fields"]} == typed - flags


@pytest.mark.parametrize(("method", "path", "operation"), READING)
def test_values_of_parameters_are_bounded_as_told(
    ask: Any, method: str, path: str, operation: dict[str, Any]
) -> None:
    for parameter in queried(operation):
        name = parameter["name"]
        taken, refused = samples(parameter["schema"])
        for value in (*taken, *refused):
            answer = ask(method, f"{path}?{name}={value}")

            assert (name in faults(answer)) == (value in refused), f"{name}={value}: {answer.text}"


@pytest.mark.parametrize(("method", "path", "operation"), TAKING)
def test_values_in_bodies_are_bounded_as_told(
    ask: Any, method: str, path: str, operation: dict[str, Any]
) -> None:
    example = content_of(operation)["application/json"].get("example", {})
    for name, schema in properties_of(operation).items():
        taken, refused = samples(schema)
        for value in taken:  # what is not known keeps anything from being done
            answer = ask(method, path, {name: value, UNKNOWN: 1})
            assert name not in faults(answer), f"{name}={value}: {answer.text}"
        for value in refused:
            answer = ask(method, path, {**example, name: value})
            assert name in faults(answer), f"{name}={value}: {answer.text}"


VALUES = [
    *("", "0", "-1", "1", "10001", "99999999999999999999", "1e3", "true", "null", "[]", "{}", "%"),
    *("2026-03-01", "2026-03-01T12:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01", "ß'\"\\;--"),
    *("a" * 3000, "WyIyMDI2LTAzIl0=", "failed,lost", "\ud800", "\0", "日本"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "operation"), READING)
def test_no_value_of_a_parameter_brings_the_server_down(
    ask: Any, method: str, path: str, operation: dict[str, Any]
) -> None:
    parameters = [each["name"] for each in queried(operation)]
    for offset in range(len(VALUES) if parameters else 0):
        # Each value comes to each parameter, alone and beside others.
        values = cycle(VALUES[offset:] + VALUES[:offset])
        given = [f"{name}={encoded(next(values))}" for name in parameters]
        for query in ("&".join(given), given[offset % len(given)]):
            assert ask(method, f"{path}?{query}").status in {200, 400, 404, 409, 422}


def encoded(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"))


def queried(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in operation.get("parameters", []) if each["in"] == "query"]


def samples(schema: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Values that are to be taken, and others that are not."""
    if "enum" in schema:
        return [value for value in schema["enum"] if value is not None], ["nonesuch"]
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None or high is None:
        return [], []
    return [low, high], [low - 1, high + 1]


def faults(answer: Any) -> dict[str, str]:
    """What is said of single parameters or keys."""
    told = answer.json.get("fields", {})
    assert isinstance(told, dict)
    return told


def names_in(fault: str) -> set[str]:
    """The names that are told of one that is not known."""
    names = fault.rpartition("there are ")[2]
    return set() if names == "none" else set(names.split(", "))


def properties_of(operation: dict[str, Any]) -> dict[str, Any]:
    schema = content_of(operation)["application/json"]["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    return (
        described()["components"]["schemas"][name]["properties"] if name else schema["properties"]
    )
