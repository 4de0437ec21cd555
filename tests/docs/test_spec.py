"""The OpenAPI document, docs/rest.md and the routes say the same.

What it says of single answers, the client of tests/unit/web holds it to.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botsched.web.handlers import ROUTES
from botsched.web.spec.document import document

DOCUMENT = document()
PAGE = (Path(__file__).parents[2] / "docs" / "rest.md").read_text()
NOT_OF_THE_API = re.compile(r"/(?!api/v1/|healthz$|readyz$|metrics$)")
SENT_BACK = {"job_class_name"}
"""Taken for the sake of ndscheduler's clients, and passed over."""


def described() -> set[tuple[str, str]]:
    return {
        (verb.upper(), path)
        for path, item in DOCUMENT["paths"].items()
        for verb in item
        if verb != "parameters"
    }


def without_names(calls: Iterator[tuple[str, str]]) -> set[tuple[str, str]]:
    """The same for whatever names in braces."""
    return {(method, re.sub(r"{\w+}", "{}", path)) for method, path in calls}


def keys(value: Any) -> Iterator[str]:
    """All names of parameters, and of members of objects."""
    if isinstance(value, dict):
        yield from value.get("properties", {})
        if value.get("in") == "query":
            yield value["name"]
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from keys(each)


def test_every_route_is_described_and_nothing_else() -> None:
    served = {(method, route.path) for route in ROUTES for method in route.methods}

    assert described() == {call for call in served if not NOT_OF_THE_API.match(call[1])}, (
        "botsched/web/spec describes other calls than there are"
    )


def test_the_page_and_the_document_tell_of_the_same_calls() -> None:
    written = re.findall(r"^### `([A-Z]+) (\S+)`$", PAGE, re.MULTILINE)
    of_the_api = (call for call in written if not NOT_OF_THE_API.match(call[1]))

    assert without_names(of_the_api) == without_names(iter(described()))


def test_every_parameter_and_every_key_is_told_on_the_page() -> None:
    quoted = (code for _, code in re.findall(r"(`+)(.+?)\1", PAGE, re.DOTALL))
    told = {word for code in quoted for word in re.findall(r"\w+", code)}
    given = {word for key in keys(DOCUMENT) for word in key.split()}

    assert sorted(given - told - SENT_BACK) == []
