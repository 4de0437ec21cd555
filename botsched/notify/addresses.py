"""Mail addresses as people write them, made fit for headers and for the SMTP envelope."""

from email.headerregistry import Address
from email.utils import parseaddr

from botsched.errors import DeliveryError
from botsched.notify.wording import one_line


def parse(text: str) -> Address:
    """Read ``name@host`` or ``Words <name@host>``; a host of other scripts gets its ASCII form.

    Raises DeliveryError (permanent) for anything else.
    """
    name, mailbox = parseaddr(one_line(text))
    local, _, host = mailbox.rpartition("@")
    if not local or not host or " " in mailbox:
        raise DeliveryError(f"{text!r} is not a mail address.", permanent=True)
    return Address(name, local, _ascii_host(host, text))


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
