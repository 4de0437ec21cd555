"""The time zone that the machine's cron goes by."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError

_CURE = "Give the zone that cron goes by with --timezone."


@dataclass(frozen=True, slots=True)
class MachineZone:
    """The IANA name of a zone, and ``how`` it was found, as a sentence."""

    name: str
    how: str


def machine_zone(
    environ: Mapping[str, str] = os.environ, etc: Path = Path("/etc"), zones: Path | None = None
) -> MachineZone:
    """The zone of the clock on the wall; ``zones`` is where the system keeps the zones.

    Raises InvalidError where it cannot be told.
    """
    on_machine, where = _on_machine(etc, zones or Path("/usr/share/zoneinfo"))
    given = environ.get("TZ", "").removeprefix(":")
    if not given or given == on_machine:
        return MachineZone(on_machine, f"Times are on the clock of {on_machine} ({where}).")
    try:
        parse_timezone(given)
    except InvalidError:
        raise InvalidError(
            {"timezone": f"TZ={given!r} in the environment names no known zone. {_CURE}"}
        ) from None
    return MachineZone(
        given,
        f"Times are on the clock of {given} (TZ in the environment); {where} says {on_machine}. "
        f"If cron goes by that, give --timezone {on_machine}.",
    )


def _on_machine(etc: Path, zones: Path) -> tuple[str, str]:
    localtime = etc / "localtime"
    if not localtime.exists():
        return "UTC", f"there is no {localtime}"
    target = localtime.resolve()
    if target.is_relative_to(zones.resolve()):
        return _named(target.relative_to(zones.resolve())), str(localtime)
    return _copied(localtime, etc / "timezone", zones), str(localtime)


def _named(path: Path) -> str:
    """A zone's name; some systems keep several copies of all zones."""
    parts = path.parts[1:] if path.parts[0] in {"posix", "right"} else path.parts
    return "/".join(parts)


def _copied(localtime: Path, timezone: Path, zones: Path) -> str:
    """The name of a zone of which there is only a copy."""
    content = localtime.read_bytes()
    said = timezone.read_text().strip() if timezone.is_file() else ""
    for name in (said, *sorted(available_timezones())):
        file = zones / name
        if name and file.is_file() and file.read_bytes() == content:
            return name
    raise InvalidError({"timezone": f"{localtime} is the copy of an unknown zone. {_CURE}"})
