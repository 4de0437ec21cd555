"""docs/ecs.md is held against the Swagger document and the settings."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from botsched.catalog import load
from botsched.catalog.importing import close_packages
from botsched.ecs.task import RunTask
from botsched.ecs.trigger import called_for, trigger_of
from botsched.job import JobError
from botsched.settings.options import OPTIONS
from botsched.web.ecs.spec import document

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ecs.md").read_text()
DOCUMENT = document()


def test_every_call_has_its_heading() -> None:
    written = set(re.findall(r"^### `([A-Z]+) /ecs(\S+)`$", PAGE, re.MULTILINE))

    assert written == {
        (verb.upper(), path)
        for path, item in DOCUMENT["paths"].items()
        for verb in item
        if verb != "parameters"
    }


def test_every_field_and_parameter_is_told() -> None:
    quoted = (code for _, code in re.findall(r"(`+)(.+?)\1", PAGE, re.DOTALL))
    told = {word for code in quoted for word in re.findall(r"\w+", code)}
    fields = {name for each in DOCUMENT["definitions"].values() for name in each["properties"]}

    assert fields | {"skip", "count"} <= told


def test_every_argument_of_the_job_is_told() -> None:
    for argument in RunTask.info["arguments"]:
        assert f"`{argument['name']}`" in PAGE


def test_the_permissions_are_for_the_calls_that_are_made() -> None:
    (policy,) = re.findall(r"```json\n(\{\n.*?)```", PAGE, re.DOTALL)
    statements = json.loads(policy)["Statement"]
    *of_calls, of_roles = (each["Action"] for each in statements)

    assert {action for actions in of_calls for action in actions} == set(made())
    assert of_roles == "iam:PassRole"


def made() -> Iterator[str]:
    """The calls of AWS that our code makes, named as permissions are."""
    code = "".join(path.read_text() for path in (ROOT / "botsched" / "ecs").glob("*.py"))
    for service in ("ecs", "sqs"):
        model = botocore.session.get_session().get_service_model(service)
        for name in model.operation_names:
            if re.search(rf'(\.{xform_name(name)}\(|get_paginator\("{xform_name(name)}"\))', code):
                yield f"{service}:{name}"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[None]:
    """The trigger of the page, in a job folder."""
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    folder = tmp_path / "examples_of_ecs"
    folder.mkdir()
    (folder / "spool.py").write_text(source)
    assert load([folder]).description().failures == ()
    yield
    close_packages()


def test_the_example_of_a_trigger_counts(example: None, tmp_path: Path) -> None:
    for name in ("1.order", "2.order", "note"):
        (tmp_path / name).touch()

    trigger = trigger_of({"type": "spool", "folder": str(tmp_path)})

    assert called_for(trigger, lambda service: None) == 2
    with pytest.raises(JobError, match=r"trigger\.folder: missing"):
        trigger_of({"type": "spool"})


def test_flags_and_variables_are_told() -> None:
    for option in OPTIONS:
        if option.group == "ECS":
            row = f"| `{option.flag}` {option.kind.metavar} | `{option.variable}` |"
            assert f"{row} `{option.legacy}` |" in PAGE
