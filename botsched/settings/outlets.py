"""Web hooks, commands and channels of one's own: sections of ``conf/notify.ini``."""

import os
import re
import shlex
import shutil
import stat
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botsched.domain.signature import signing_key
from botsched.settings.faults import Faults
from botsched.settings.ini import Section
from botsched.settings.kinds import RATE, integer
from botsched.settings.model import ChannelSettings, Command, Extension, Webhook

COMMON_FIELDS = ("fallback", "per_minute")
WEBHOOK_FIELDS = ("url", "secret", "headers", "timeout", *COMMON_FIELDS)
COMMAND_FIELDS = ("command", "timeout", *COMMON_FIELDS)
EXTENSION_FIELDS = ("class", *COMMON_FIELDS)
"""Beside them, a section has whatever fields the class knows."""

SHORTEST_SECRET = 16
_SECONDS = integer("SECONDS", 1, 3600)
_WEBHOOK_SECONDS, _COMMAND_SECONDS = 30, 60
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]+)")
_OURS = re.compile(r"content-|webhook-|host$|transfer-encoding$|connection$", re.IGNORECASE)
_URL = re.compile(r"[!-~]+")


def read_webhook(section: Section, name: str) -> Webhook:
    """Read it. Raises SettingsError with all that is wrong; no secret stands in it."""
    faults = Faults()
    faults.attempt(section.check_known, WEBHOOK_FIELDS)
    url = faults.attempt(_url, section) or ""
    secret = faults.attempt(_secret, section)
    headers = faults.attempt(_headers, section) or ()
    common = _common(section, faults)
    timeout = faults.attempt(section.value, "timeout", _SECONDS) or _WEBHOOK_SECONDS
    faults.raise_any()
    return Webhook(name, url=url, secret=secret, headers=headers, timeout=timeout, **common)


def read_command(section: Section, name: str, folder: Path) -> Command:
    """Read it; the program is looked for in ``folder`` when its path is relative."""
    faults = Faults()
    faults.attempt(section.check_known, COMMAND_FIELDS)
    argv = faults.attempt(_argv, section, folder) or ()
    common = _common(section, faults)
    timeout = faults.attempt(section.value, "timeout", _SECONDS) or _COMMAND_SECONDS
    faults.raise_any()
    return Command(name, argv=argv, folder=folder, timeout=timeout, **common)


def read_extension(section: Section, name: str, folder: Path) -> Extension:
    """Read it; the file is looked for in ``folder`` when its path is relative."""
    faults = Faults()
    file, class_name = faults.attempt(_class, section, folder) or (Path(), "")
    common = _common(section, faults)
    faults.raise_any()
    options = tuple(pair for pair in section.items() if pair[0] not in EXTENSION_FIELDS)
    return Extension(name, file=file, class_name=class_name, options=options, **common)


def check_outlets(channels: Collection[ChannelSettings], profiles: Collection[str]) -> None:
    """Raise SettingsError for channels with the name of another, and fallbacks that are not there.

    ``profiles`` are the names of all SMTP profiles, whether they are selected or not.
    """
    faults = Faults()
    names = [*profiles, *(channel.name for channel in channels)]
    for channel in channels:
        where = f"[{channel.kind} {channel.name}]"
        if names.count(channel.name) > 1:
            faults.add(f"{where}: another channel or SMTP profile has this name; choose one.")
        others = [name for name in dict.fromkeys(names) if name != channel.name]
        if channel.fallback is not None and channel.fallback not in others:
            there = ", ".join(map(repr, others)) or "none"
            faults.add(
                f"{where}: fallback {channel.fallback!r}: another channel or SMTP profile is "
                f"accepted; there: {there}."
            )
    faults.raise_any()


def _common(section: Section, faults: Faults) -> dict[str, Any]:
    per_minute = faults.attempt(section.value, "per_minute", RATE)
    return {"fallback": section.get("fallback"), "per_minute": per_minute}


def _url(section: Section) -> str:
    text = section.require("url")
    try:
        parts = urlsplit(text)
        is_usable = bool(parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0)
    except ValueError:
        is_usable = False
    if not is_usable or not _URL.fullmatch(text):
        raise section.fault(
            "url: an address that begins with https:// or http:// is accepted, in ASCII."
        )
    if "@" in parts.netloc:
        raise section.fault(
            "url: a login in the address is not sent; give it as headers = Authorization: Basic ..."
        )
    return text


def _secret(section: Section) -> str | None:
    text = section.get("secret")
    if text is None:
        return None
    try:
        key = signing_key(text)
    except ValueError as error:
        raise section.fault(f"secret: {error}.") from None
    if len(key) < SHORTEST_SECRET:
        raise section.fault(
            f"secret: {len(key)} bytes are too short, for it could be guessed; at least "
            f"{SHORTEST_SECRET} are accepted."
        )
    return text


def _headers(section: Section) -> tuple[tuple[str, str], ...]:
    """One a line, ``Name: value``; values may be secrets."""
    headers: dict[str, tuple[str, str]] = {}
    for number, line in enumerate((section.get("headers") or "").splitlines(), 1):
        match = _HEADER.fullmatch(line.strip())
        if match is None:
            raise section.fault(f"headers: line {number} is not Name: value, in ASCII.")
        if _OURS.match(match[1]):
            raise section.fault(f"headers: {match[1]} is set by the program; leave it out.")
        if match[1].lower() in headers:
            raise section.fault(f"headers: {match[1]} is there twice.")
        headers[match[1].lower()] = match[1], match[2]
    return tuple(headers.values())


def _argv(section: Section, folder: Path) -> tuple[str, ...]:
    text = section.require("command")
    try:
        program, *arguments = shlex.split(text)
    except ValueError as error:
        fault = f"command: {str(error).lower()}; words are split as by a shell."
        raise section.fault(fault) from None
    found = str(_path(folder, program)) if "/" in program else shutil.which(program)
    if found is None or not Path(found).is_file():
        where = "on the PATH" if found is None else "there"
        raise section.fault(f"command: no program {found or program!r} is {where}.")
    if not os.access(found, os.X_OK):
        raise section.fault(f"command: {found!r} cannot be executed; run chmod +x {found}")
    _require_guarded(section, "command", Path(found))
    return (found, *arguments)


def _class(section: Section, folder: Path) -> tuple[Path, str]:
    text = section.require("class")
    file, _, name = text.rpartition(":")
    if not file.endswith(".py") or not name.isidentifier():
        raise section.fault(f"class {text!r}: FILE.py:CLASS is accepted, as pager.py:Pager.")
    path = _path(folder, file)
    if not path.is_file():
        raise section.fault(f"class: there is no file {str(path)!r}.")
    _require_guarded(section, "class", path)
    return path, name


def _path(folder: Path, text: str) -> Path:
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:  # ~somebody whom nobody knows
        return folder / text


def _require_guarded(section: Section, field: str, path: Path) -> None:
    """Refuse what runs as the server does, and anybody may write into."""
    if path.stat().st_mode & stat.S_IWOTH:
        fault = f"everybody on this machine may change {str(path)!r}; run chmod o-w {path}"
        raise section.fault(f"{field}: {fault}")
