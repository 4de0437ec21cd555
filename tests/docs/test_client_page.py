"""docs/client.md is held against the client."""

import inspect
import re
from pathlib import Path

import pytest

from botsched import client as package
from botsched.client import Client, ClientError, RefusedError
from botsched.client.access import FILE, VARIABLES, find_access
from botsched.client.errors import error_class

PAGE = (Path(__file__).parents[2] / "docs" / "client.md").read_text()
CALLS = re.findall(
    r"`(\w+)\(([^)]*)\)`", PAGE.partition("## What it does")[2].partition("\n\nThe")[0]
)


def test_every_call_is_told_with_its_parameters() -> None:
    told = dict(CALLS)
    public = {
        name: value
        for name, value in vars(Client).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }
    assert told.keys() == public.keys()
    for name, parameters in told.items():
        known = inspect.signature(public[name]).parameters
        for parameter in filter(None, re.split(r"[, *]+", parameters)):
            assert parameter in known, f"{name} has no {parameter}"


def test_every_error_is_told_with_its_statuses() -> None:
    rows = dict(re.findall(r"^\| `(\w+Error)` \| (.*) \|$", PAGE, re.MULTILINE))
    errors = {name for name in package.__all__ if name.endswith("Error")}
    assert rows.keys() == errors - {"ClientError"}
    for name, told in rows.items():
        assert issubclass(getattr(package, name), ClientError)
        for status in re.findall(r"\b[45]\d\d\b", told):
            assert error_class(int(status)).__name__ == name
    assert error_class(308) is RefusedError


def test_the_three_places_are_those_that_are_read(tmp_path: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(BOTS_\w+)` \| `?(\w*)`? \|", PAGE, re.MULTILINE)
    assert {variable for _, variable, _ in rows} == set(VARIABLES)
    assert {argument for argument, _, _ in rows} == set(inspect.signature(Client).parameters) - {
        "timeout"
    }
    assert [field for _, variable, field in rows if variable != FILE] == [
        argument for argument, variable, _ in rows if variable != FILE
    ]


@pytest.mark.parametrize(
    ("server", "address"), [(None, "scheduler.example.com"), ("test", "test.example.com")]
)
def test_the_file_of_the_example_is_read(tmp_path: Path, server: str | None, address: str) -> None:
    [example] = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "client.ini"
    file.write_text(example)
    file.chmod(0o600)
    access = find_access(server, config=file, environ={})
    assert (access.address.host, access.user) == (address, "ann")


def test_the_examples_are_python() -> None:
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        compile(example, "client.md", "exec")
