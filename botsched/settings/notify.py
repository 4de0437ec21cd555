"""How mails are told unless a job says otherwise, and channels beside SMTP: ``conf/notify.ini``."""

import re
from configparser import ConfigParser
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

from botsched.domain import subject
from botsched.domain.mailrules import MailDefaults, MailRule
from botsched.errors import SettingsError
from botsched.settings.faults import Faults
from botsched.settings.ini import Section, read_ini, require_private
from botsched.settings.mailing import read_defaults, read_mail_rule
from botsched.settings.model import ChannelSettings, MailSettings
from botsched.settings.outlets import read_command, read_extension, read_webhook

DEFAULTS = "defaults"
HEADINGS = {
    "defaults": "[defaults]",
    "rule": "[rule NAME]",
    "webhook": "[webhook NAME]",
    "command": "[command NAME]",
    "channel": "[channel NAME]",
}

_HEADING = re.compile(r"(\w+)\s+([^\s,]{1,255})")
_PRIVATE = ("webhook", "command", "channel")  # they hold secrets, or run code as the server


def load_notify(path: Path, zone: ZoneInfo) -> MailSettings:
    """Read the file; SMTP profiles and the address of the page are not its matter.

    Times of the day are those of ``zone``. Raises SettingsError with all that is wrong.
    """
    parser = read_ini(path)
    faults = Faults()
    if parser.defaults():
        faults.add(f"{path} [DEFAULT]: there is no such section; did you mean [{DEFAULTS}]?")
    if any(heading.partition(" ")[0] in _PRIVATE for heading in parser.sections()):
        faults.attempt(require_private, path)
    headings = [heading for heading in parser.sections() if heading != DEFAULTS]
    found = [faults.attempt(_read, path, parser, heading, zone) for heading in headings]
    section = Section(path, DEFAULTS, parser[DEFAULTS] if parser.has_section(DEFAULTS) else {})
    rules = tuple(each for each in found if isinstance(each, MailRule))
    told = faults.attempt(read_defaults, section, rules, zone)
    faults.raise_any()
    template, defaults = told or (None, MailDefaults())
    channels = tuple(each for each in found if isinstance(each, ChannelSettings))
    return MailSettings(channels=channels, subject=template or subject.DEFAULT, defaults=defaults)


def _read(
    path: Path, parser: ConfigParser, heading: str, zone: ZoneInfo
) -> MailRule | ChannelSettings:
    section = Section(path, heading, parser[heading])
    match = _HEADING.fullmatch(heading)
    kind, name = (match[1], match[2]) if match else (heading, "")
    match kind if name else "":
        case "rule":
            return read_mail_rule(section, zone)
        case "webhook":
            return read_webhook(section, name)
        case "command":
            return read_command(section, name, path.parent)
        case "channel":
            return read_extension(section, name, path.parent)
        case _:
            raise SettingsError(f"{path} [{heading}]: {_no_such(heading)}")


def _no_such(heading: str) -> str:
    """Say so, and what was meant perhaps."""
    kind, _, name = heading.partition(" ")
    if kind in HEADINGS and kind != DEFAULTS and name:
        return f"{name!r:.300} is no name; up to 255 characters but blanks and commas are accepted."
    close = get_close_matches(kind.lower(), HEADINGS, 1)
    there = ", ".join(HEADINGS.values())
    meant = f"did you mean {HEADINGS[close[0]]}?" if close else f"there are {there}."
    return f"there is no such section; {meant}"
