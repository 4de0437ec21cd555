"""Mail addresses made fit for headers and for the SMTP envelope."""

from email.headerregistry import Address

from botsched.domain import addresses
from botsched.errors import DeliveryError
from botsched.notify.wording import header_text, one_line


def parse(text: str) -> Address:
    """Read ``name@host`` or ``Words <name@host>``; a host of other scripts gets its ASCII form.

    Raises DeliveryError (permanent) for anything else.
    """
    try:
        name, local, host = addresses.read(one_line(text))
    except ValueError as error:
        raise DeliveryError(f"{text!r} is not a mail address.", permanent=True) from error
    return Address(header_text(name), local, host)


def envelope(text: str) -> str:
    """Give the bare ``name@host`` that the SMTP server is told."""
    address = parse(text)
    return f"{address.username}@{address.domain}"
