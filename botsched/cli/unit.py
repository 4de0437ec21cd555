"""The unit by which systemd runs the program."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from botsched.errors import SettingsError, StartError
from botsched.settings.model import Settings
from botsched.settings.options import OPTIONS, Option

_LAST_PRIVILEGED_PORT: Final = 1023
_MARGIN_SECONDS: Final = 40
"""Beside twice the grace of running jobs: for the proxy, the last records, and a slow machine."""

_USER: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_PLAIN: Final = re.compile(r"[\w@%+=:,./-]+", re.ASCII)

_UNIT: Final = """\
# Save as /etc/systemd/system/bots-scheduler.service, then
#   systemctl daemon-reload && systemctl enable --now bots-scheduler
[Unit]
Description=bots-scheduler
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
User={user}
WorkingDirectory={folder}
ExecStart={command}
Restart=on-failure
# A wrong setting (exit code 2) is not mended by starting again.
RestartPreventExitStatus=2
# SIGTERM goes to the server alone, which ends jobs and proxy in order.
KillMode=mixed
TimeoutStopSec={patience}
{capabilities}
[Install]
WantedBy=multi-user.target
"""
_CAPABILITIES: Final = "# For a port below 1024.\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"


@dataclass(frozen=True, slots=True)
class Service:
    """``program`` is how the program is started, ``arguments`` what follows its ``run``."""

    program: tuple[str, ...]
    arguments: tuple[str, ...]
    folder: Path
    user: str

    def unit(self, settings: Settings) -> str:
        """The unit; raises StartError or SettingsError for what no unit can hold."""
        port = settings.web.port if settings.proxy is None else settings.proxy.port
        command = (*self.program, "run", *self.arguments)
        return _UNIT.format(
            user=_user(self.user),
            folder=_one_line(str(self.folder)).replace("%", "%%"),
            command=" ".join(map(_quoted, command)),
            patience=math.ceil(2 * settings.execution.stop_grace) + _MARGIN_SECONDS,
            capabilities=_CAPABILITIES if port <= _LAST_PRIVILEGED_PORT else "",
        )


def arguments(flags: Mapping[str, object], environ: Mapping[str, str]) -> tuple[str, ...]:
    """The flags that say what these flags and variables say together."""
    found: list[str] = []
    for option in OPTIONS:
        found += _arguments(option, flags.get(option.name), environ.get(option.variable))
    return tuple(found)


def _arguments(option: Option, flag: object, variable: str | None) -> list[str]:
    if flag in (None, (), []):
        if not variable:
            return []
        flag = variable.split(",") if option.repeatable else variable
    if option.is_switch:
        wanted = flag if isinstance(flag, bool) else option.kind.parse(str(flag))
        word = option.flag if wanted else option.negative
        return [word] if word else []
    values = flag if isinstance(flag, list | tuple) else [flag]
    return [word for value in values for word in (option.flag, str(value).strip())]


def _quoted(word: str) -> str:
    """A word of a command as systemd reads it, which expands % and $."""
    word = _one_line(word).replace("%", "%%").replace("$", "$$")
    if _PLAIN.fullmatch(word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _user(name: str) -> str:
    if not _USER.fullmatch(name):
        raise SettingsError(f"--as {name!r:.200}: the name or number of a user is accepted.")
    return name


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise StartError(f"{text!r:.200} cannot stand in a unit of systemd: it is not one line.")
    return text
