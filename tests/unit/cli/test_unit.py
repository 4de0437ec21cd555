"""The systemd unit."""

from pathlib import Path

import pytest

from botsched.cli.unit import Service, arguments
from botsched.errors import SettingsError, StartError
from botsched.settings.load import load_settings

PROGRAM = ("/opt/bots-scheduler/bots-scheduler",)


def unit(*words: str, folder: str = "/var/lib/bots", port: int = 8888, user: str = "bots") -> str:
    settings = load_settings({"port": str(port), "stop_grace": "15"}, environ={})
    return Service(PROGRAM, words, Path(folder), user).unit(settings)


def test_the_unit_waits_for_jobs_that_are_ended() -> None:
    lines = unit().splitlines()

    assert "TimeoutStopSec=70" in lines
    assert "ExecStart=/opt/bots-scheduler/bots-scheduler run" in lines
    assert "User=bots" in lines
    assert "WorkingDirectory=/var/lib/bots" in lines


def test_a_low_port_needs_a_capability() -> None:
    assert "\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n" in unit(port=443)
    assert "AmbientCapabilities" not in unit(port=1024)


def test_words_are_written_as_systemd_reads_them() -> None:
    command = next(
        line for line in unit("--jobs", 'a "b" 50% $HOME \\x').splitlines() if "ExecStart" in line
    )

    assert command.endswith(r'run --jobs "a \"b\" 50%% $$HOME \\x"')


def test_no_line_is_smuggled_in() -> None:
    with pytest.raises(StartError, match="not one line"):
        unit("--jobs", "a\nExecStartPre=/bin/false")
    with pytest.raises(StartError, match="not one line"):
        unit(folder="/srv/a\nb")


@pytest.mark.parametrize("user", ["", "a b", "bots\nExecStartPre=/bin/false", "%h", "-x"])
def test_what_cannot_be_a_user_is_refused(user: str) -> None:
    with pytest.raises(SettingsError, match="number of a user is accepted"):
        unit(user=user)


def test_flags_win_over_variables_and_both_become_flags() -> None:
    environ = {
        "BOTS_SCHEDULER_PORT": "443",
        "BOTS_SCHEDULER_JOBS": "a,b",
        "BOTS_SCHEDULER_LOCAL": "yes",
        "BOTS_SCHEDULER_DEBUG": "0",
    }

    told = arguments({"port": "8443", "jobs": (), "smtp_profile": ("ops", "night")}, environ)

    assert told == (
        *("--jobs", "a", "--jobs", "b", "--local", "--port", "8443"),
        *("--smtp-profile", "ops", "--smtp-profile", "night"),
    )
