"""How mails are told unless a job says otherwise, and channels beside SMTP: ``conf/notify.ini``."""

import re
from configparser import ConfigParser
from difflib import get_close_matches
from pathlib import Path

from botsched.domain import subject
from botsched.errors import SettingsError
from botsched.settings.faults import Faults
from botsched.settings.ini import Section, read_ini, require_private
from botsched.settings.model import SUBJECT, ChannelSettings, MailSettings
from botsched.settings.outlets import read_command, read_extension, read_webhook

DEFAULTS = "defaults"
DEFAULTS_FIELDS = ("subject",)
HEADINGS = ("[defaults]", "[webhook NAME]", "[command NAME]", "[channel NAME]")

_HEADING = re.compile(r"(\w+)\s+([^\s,]{1,255})")


def load_notify(path: Path) -> MailSettings:
    """Read the file; SMTP profiles and the address of the page are not its matter.

    Raises SettingsError with all that is wrong.
    """
    parser = read_ini(path)
    faults = Faults()
    if parser.defaults():
        faults.add(f"{path} [DEFAULT]: there is no such section; did you mean [{DEFAULTS}]?")
    if any(heading.startswith(("webhook ", "channel ")) for heading in parser.sections()):
        faults.attempt(require_private, path)
    headings = [heading for heading in parser.sections() if heading != DEFAULTS]
    channels = [faults.attempt(_read, path, parser, heading) for heading in headings]
    template = faults.attempt(_subject, path, parser)
    faults.raise_any()
    return MailSettings(
        channels=tuple(each for each in channels if each), subject=template or SUBJECT
    )


def _read(path: Path, parser: ConfigParser, heading: str) -> ChannelSettings:
    section = Section(path, heading, parser[heading])
    match = _HEADING.fullmatch(heading)
    kind, name = (match[1], match[2]) if match else (heading, "")
    match kind if name else "":
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
    close = get_close_matches(heading, HEADINGS, 1)
    meant = f"did you mean {close[0]}?" if close else f"there are {', '.join(HEADINGS)}."
    return f"there is no such section; {meant}"


def _subject(path: Path, parser: ConfigParser) -> str | None:
    section = Section(path, DEFAULTS, parser[DEFAULTS] if parser.has_section(DEFAULTS) else {})
    section.check_known(DEFAULTS_FIELDS)
    text = section.get("subject")
    if text is None:
        return None
    try:
        return subject.check(text)
    except ValueError as error:
        raise section.fault(f"subject {text!r:.100}: {error}.") from None
