import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from botsched.bootstrap import pythons

FakePython = Callable[..., Path]


@pytest.fixture
def fake_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePython:
    """Make the only Pythons of the machine: programs that give the answer they are made with."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(pythons.CHOICE, raising=False)
    monkeypatch.setattr(pythons, "PLACES", ())
    monkeypatch.setattr(sys, "executable", "")

    def fake_python(
        name: str, version: str, *missing: str, level: str = "final", runs: bool = True
    ) -> Path:
        path = folder / name
        numbers = [int(part) for part in version.split(".")]
        answer = repr([str(path), numbers, level, list(missing)]).replace("'", '"')
        path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {0 if runs else 127}\n")
        path.chmod(0o755)
        return path

    return fake_python
