"""Mail addresses as people write them, made fit for headers and for the SMTP envelope."""

import re
from email.headerregistry import Address

from botsched.errors import DeliveryError
from botsched.notify.wording import one_line

# The standard library's parser is lenient in ways that differ between versions of Python.
_WORD = r"[^\s<>@,;:()\"\\]+"
_MAILBOX = re.compile(rf"(?P<local>{_WORD})@(?P<host>{_WORD})")
_NAMED = re.compile(r"\"?(?P<name>[^<>@\"]*)\"?\s*<(?P<mailbox>[^<>]*)>")


def parse(text: str) -> Address:
    """Read ``name@host`` or ``Words <name@host>``; a host of other scripts gets its ASCII form.

    Raises DeliveryError (permanent) for anything else.
    """
    folded = one_line(text)
    named = _NAMED.fullmatch(folded)
    mailbox = _MAILBOX.fullmatch(named["mailbox"] if named else folded)
    if mailbox is None:
        raise DeliveryError(f"{text!r} is not a mail address.", permanent=True)
    name = named["name"].strip() if named else ""
    return Address(name, mailbox["local"], _ascii_host(mailbox["host"], text))


def envelope(text: str) -> str:
    """Give the bare ``name@host`` that the SMTP server is told."""
    address = parse(text)
    return f"{address.username}@{address.domain}"


def _ascii_host(host: str, text: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        message = f"{text!r} is not a mail address: no host can be called {host!r}."
        raise DeliveryError(message, permanent=True) from error
