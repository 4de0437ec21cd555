"""What holds of mails where a job says nothing: sections of ``conf/notify.ini``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from botsched.domain import subject
from botsched.domain.mailforms import read_rule
from botsched.domain.mailrules import USUAL, MailDefaults, MailRule, MailRules
from botsched.domain.window import windows_kind
from botsched.settings.faults import Faults
from botsched.settings.ini import Section, listed
from botsched.settings.kinds import integer

DEFAULTS_FIELDS = ("subject", "quiet", "most_a_day", "most_a_day_to", "digest_at")
RULE_FIELDS = ("on", "after", "rate", "every", "quiet", "most_a_day", "profiles", "to")

_NO_QUIET: Final = "none"
_MOST: Final = integer("N", 0, 10_000)
_CLOCK: Final = r"(?:[01]?\d|2[0-3]):[0-5]\d|24:00"
_HOURS: Final = re.compile(rf"(?:(?P<days>[^\s:]+)\s+)?(?P<start>{_CLOCK})\s*-\s*(?P<end>{_CLOCK})")
_RATE: Final = re.compile(r"([0-9]{1,4})\s+of\s+([0-9]{1,4})")
_SPAN: Final = re.compile(r"([0-9]{1,9})\s*(s|min|h|d|)")
_UNITS: Final = {"": 1, "s": 1, "min": 60, "h": 3600, "d": 86_400}
_A_DAY: Final = 24 * 60

T = TypeVar("T")


def read_defaults(
    section: Section, rules: tuple[MailRule, ...], zone: ZoneInfo
) -> tuple[str | None, MailDefaults]:
    """The template of subjects, None when it is absent, and what holds of mails.

    Without ``rules``, the usual ones are those of the program. Raises SettingsError with all that
    is wrong.
    """
    faults = Faults()
    faults.attempt(section.check_known, DEFAULTS_FIELDS)
    template = faults.attempt(_field, section, "subject", subject.check)
    quiet = faults.attempt(_field, section, "quiet", lambda text: _quiet(text, zone))
    most = faults.attempt(section.value, "most_a_day", _MOST)
    most_to = faults.attempt(section.value, "most_a_day_to", _MOST)
    digest_at = faults.attempt(_field, section, "digest_at", _time)
    faults.raise_any()
    defaults = MailDefaults(
        rules=MailRules(rules) if rules else USUAL,
        quiet=windows_kind().read(quiet or []) or (),
        most_a_day=most,
        most_a_day_to=most_to,
        timezone=zone,
    )
    return template, defaults if digest_at is None else replace(defaults, digest_at=digest_at)


def read_mail_rule(section: Section, zone: ZoneInfo) -> MailRule:
    """The rule of such a section. Raises SettingsError with all that is wrong."""
    faults = Faults()
    faults.attempt(section.check_known, RULE_FIELDS)
    faults.attempt(section.require, "on")
    given = {field: faults.attempt(_key, section, field, zone) for field in RULE_FIELDS}
    faults.raise_any()
    return read_rule(given)


def _key(section: Section, field: str, zone: ZoneInfo) -> Any:
    """A key of a rule as JSON has it, None when it is absent."""

    def read(text: str) -> Any:
        value = _quiet(text, zone) if field == "quiet" else _AS_JSON[field](text)
        read_rule({"on": ["failure"], field: value})
        return value

    return _field(section, field, read)


def _field(section: Section, field: str, read: Callable[[str], T]) -> T | None:
    text = section.get(field)
    if text is None:
        return None
    try:
        return read(text)
    except ValueError as error:
        told = str(error).removeprefix(f"{field}: ")
        raise section.fault(f"{field} {text!r:.100}: {told}.") from None


def _quiet(text: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    """``22:00-07:00, sat-sun 00:00-24:00`` as windows in JSON; none for ``none``."""
    if text == _NO_QUIET:
        return []
    windows = [_window(each, zone) for each in listed(text)]
    windows_kind().read(windows)
    return windows


def _window(text: str, zone: ZoneInfo) -> dict[str, Any]:
    match = _HOURS.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no time; write 22:00-07:00, or sat-sun 00:00-24:00")
    start, end = _minutes(match["start"]), _minutes(match["end"])
    hour, minute = divmod(start, 60)
    return {
        "name": text,
        "timezone": zone.key,
        "crontab": f"{minute} {hour} * * {match['days'] or '*'}",
        "duration": (end - start if end > start else end - start + _A_DAY) * 60,
    }


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def _time(text: str) -> time:
    if not re.fullmatch(_CLOCK, text) or text == "24:00":
        raise ValueError("a time such as 08:00 is accepted")
    return time(*divmod(_minutes(text), 60))


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("a whole number is accepted")
    return int(text)


def _rate(text: str) -> dict[str, int]:
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError("so many of so many runs are accepted, as 3 of 10")
    return {"failures": int(match[1]), "of": int(match[2])}


def _span(text: str) -> int:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError("seconds are accepted, or a number with s, min, h or d, as 6h")
    return int(match[1]) * _UNITS[match[2]]


_AS_JSON: Final[Mapping[str, Callable[[str], Any]]] = {
    "on": listed,
    "after": _whole,
    "rate": _rate,
    "every": _span,
    "most_a_day": _whole,
    "profiles": listed,
    "to": listed,
}
