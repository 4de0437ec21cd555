import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from botsched.cli.program import outcome
from botsched.settings.options import ENVIRONMENT_PREFIX


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Bots = Callable[..., Ended]


@pytest.fixture
def bots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Bots:
    """Run a command in an empty working folder, the environment saying nothing."""
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith((ENVIRONMENT_PREFIX, "ECSS_"))]:
        monkeypatch.delenv(variable)

    def bots(*arguments: str, stdin: str = "") -> Ended:
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        code = outcome(list(arguments))
        return Ended(code, *capsys.readouterr())

    return bots
