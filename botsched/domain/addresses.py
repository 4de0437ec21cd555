"""Mail addresses as people write them: ``name@host`` or ``Words <name@host>``."""

import re
from typing import NamedTuple

# The standard library's parser is lenient in ways that differ between versions of Python.
_WORD = r"[^\s<>@,;:()\"\\]+"
_MAILBOX = re.compile(rf"(?P<local>{_WORD})@(?P<host>{_WORD})")
_NAMED = re.compile(r"\"?(?P<name>[^<>@\"]*)\"?\s*<(?P<mailbox>[^<>]*)>")


class MailAddress(NamedTuple):
    """The parts of an address; a host of other scripts is in its ASCII form."""

    name: str
    local: str
    host: str


def read(text: str) -> MailAddress:
    """The parts of an address in one line. Raises ValueError for anything else."""
    named = _NAMED.fullmatch(text)
    mailbox = _MAILBOX.fullmatch(named["mailbox"] if named else text)
    if mailbox is None:
        raise ValueError(f"{text!r:.100} is not a mail address")
    name = named["name"].strip() if named else ""
    return MailAddress(name, mailbox["local"], _ascii_host(mailbox["host"], text))


def _ascii_host(host: str, text: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        message = f"{text!r:.100} is not a mail address: no host can be called {host!r}"
        raise ValueError(message) from None
