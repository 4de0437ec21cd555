"""docs/ecs.md is held against the Swagger document and the settings."""

import re
from pathlib import Path

from botsched.settings.options import OPTIONS
from botsched.web.ecs.spec import document

PAGE = (Path(__file__).parents[2] / "docs" / "ecs.md").read_text()
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


def test_flags_and_variables_are_told() -> None:
    for option in OPTIONS:
        if option.group == "ECS":
            row = f"| `{option.flag}` {option.kind.metavar} | `{option.variable}` |"
            assert f"{row} `{option.legacy}` |" in PAGE
