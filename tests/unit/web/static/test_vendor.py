"""The page's libraries are what their list says, and their licences go with them."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from botsched.web.assets import FOLDER

VENDOR = FOLDER / "vendor"
LIST = VENDOR / "packages.json"
LISTED: dict[str, Any] = json.loads(LIST.read_text())
WANTED = tomllib.loads((FOLDER.parents[2] / "requirements" / "vendor.toml").read_text())
PERMISSIVE = {"Apache-2.0", "BSD-3-Clause", "MIT"}


def test_each_file_is_listed_with_its_digest_and_no_other_is_there() -> None:
    there = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path != LIST
    }
    listed = {
        f"{name}/{file}": digest
        for name, package in LISTED.items()
        for file, digest in package["files"].items()
    }

    assert there == listed, "run requirements/vendor"


def test_versions_are_those_that_are_wanted() -> None:
    assert {name: package["version"] for name, package in LISTED.items()} == {
        name: package["version"] for name, package in WANTED.items()
    }, "run requirements/vendor"


@pytest.mark.parametrize("name", LISTED)
def test_each_has_a_licence_that_allows_this_and_its_text_is_there(name: str) -> None:
    assert LISTED[name]["licence"] in PERMISSIVE
    [licence] = [path for path in (VENDOR / name).iterdir() if Path(path.name).stem == "LICENSE"]
    text = licence.read_text()
    assert "copyright" in text.lower()
    assert len(text) > 900
