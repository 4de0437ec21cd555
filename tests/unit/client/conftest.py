"""A client of a real server, without a proxy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from botsched.client import Client
from botsched.client.access import VARIABLES
from tests.unit.web import conftest as web

GREET = "web_jobs.greet.Greet"
services = web.services


@pytest.fixture(autouse=True)
def _nothing_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees what the user who runs it has written for the client."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def url(services) -> Iterator[str]:
    with web.serving(services, secret=None) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    with Client(url) as client:
        yield client
