"""Mails that are too big for a server go out with less in them, rather than not at all."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from email.message import EmailMessage

from botsched.notify.delivery import Delivery
from botsched.notify.smtp.refusals import TooBigError
from botsched.notify.smtp.transaction import Transaction


def send_fitting(
    transaction: Transaction, message: EmailMessage, recipients: Sequence[str]
) -> Delivery:
    """Send a mail, or as much of it as the server takes. Raises DeliveryError."""
    try:
        return transaction.send(message, recipients)
    except TooBigError:
        for left_out, lighter in _lighter(message):
            transaction.reset()
            try:
                delivery = transaction.send(lighter, recipients)
            except TooBigError:
                continue
            return replace(delivery, words=f"{delivery.words} (too big: {left_out} left out)")
        raise


def _lighter(message: EmailMessage) -> Iterator[tuple[str, EmailMessage]]:
    """Give the mail with less and less in it, each with the name of what is left out."""
    parts = list(message.iter_parts())
    kept = [part for part in parts if not part.is_attachment()]
    if len(kept) < len(parts):
        lighter = deepcopy(message)
        note = EmailMessage(message.policy)
        note.set_content(_note("the attachments"))
        lighter.set_payload([*kept, note])
        yield "attachments", lighter
    plain = message.get_body(("plain",))
    if parts and plain is not None:
        lighter = deepcopy(message)
        lighter.clear_content()
        lighter.set_content(plain.get_content() + "\n" + _note("all but this text"))
        yield "all but the text", lighter


def _note(left_out: str) -> str:
    return (
        f"The mail server takes no mail of the size that this one had. Left out: {left_out}.\n"
        "What is missing is kept with the execution.\n"
    )
