import dataclasses
from pathlib import Path

import pytest

from botsched.proxy.options import ProxyOptions
from botsched.settings.model import ProxySettings

SETTINGS = ProxySettings("127.0.0.1", 8888, 8889, Path("users"), Path("/var/lib/bots"))


@pytest.mark.parametrize("certificate", [None, Path("/etc/ssl/ä \udcff.pem")])
def test_options_survive_their_line(certificate: Path | None) -> None:
    options = ProxyOptions.of(dataclasses.replace(SETTINGS, certificate=certificate), "s")
    line = options.to_line()
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert ProxyOptions.from_line(line) == options


def test_paths_are_absolute() -> None:
    assert ProxyOptions.of(SETTINGS, "s").htpasswd == Path.cwd() / "users"


def test_the_secret_is_not_shown() -> None:
    assert "hunter2" not in repr(ProxyOptions.of(SETTINGS, "hunter2"))
