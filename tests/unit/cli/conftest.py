import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from botsched.cli.program import outcome
from botsched.settings.options import ENVIRONMENT_PREFIX
from tests.unit.web import conftest as web

services = web.services


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


@pytest.fixture(scope="module")
def url(services) -> Iterator[str]:
    """A server without a proxy, and without a login."""
    with web.serving(services, secret=None) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture
def remote(bots: Bots, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bots:
    """The same for commands that speak to a server."""
    monkeypatch.setenv("BOTS_SCHEDULER_SERVER", url)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    return bots
