"""One attempt to hand a mail to its server."""

import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

from botsched.errors import DeliveryError
from botsched.notify.addresses import envelope
from botsched.notify.faults import failure, line_fault, reply
from botsched.notify.session import session
from botsched.settings.model import SmtpProfile

TIMEOUT_SECONDS = 30.0
_TOO_BIG = 552


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the server did not take a mail for one address; the server's words are in ``reason``."""

    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who was accepted, at least one, and who was not, by bare address.

    ``words`` are those of the other side when it accepted. A channel without addresses accepts for
    its own name.
    """

    accepted: tuple[str, ...]
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    words: str = ""


def deliver(
    message: EmailMessage,
    profile: SmtpProfile,
    *,
    recipients: Sequence[str] = (),
    timeout: float = TIMEOUT_SECONDS,
) -> Delivery:
    """Hand a mail to the server of a profile; ``timeout`` seconds bound each wait for it.

    It goes to ``recipients``, by default all of the profile; a later attempt may name only those
    that were refused for the time being. Raises DeliveryError when nobody was accepted.
    """
    with session(profile, timeout) as smtp:
        return hand_over(message, profile, smtp, recipients=recipients, timeout=timeout)


def hand_over(
    message: EmailMessage,
    profile: SmtpProfile,
    smtp: smtplib.SMTP,
    *,
    recipients: Sequence[str] = (),
    timeout: float = TIMEOUT_SECONDS,
) -> Delivery:
    """Do as ``deliver``, over a session that is open and stays so unless it breaks."""
    sender = envelope(profile.sender)
    addresses = [envelope(recipient) for recipient in recipients or profile.recipients]
    unreachable = _unreachable(smtp, addresses)
    offered = [address for address in addresses if address not in unreachable]
    if not offered:
        raise _nobody(profile, unreachable)
    try:
        replies = smtp.send_message(message, sender, offered)
    except (OSError, smtplib.SMTPException) as error:
        raise _refused(error, profile, timeout) from error
    refused = unreachable | _refusals(replies)
    return Delivery(tuple(address for address in addresses if address not in refused), refused)


def _unreachable(smtp: smtplib.SMTP, addresses: Sequence[str]) -> dict[str, Refusal]:
    """Name the addresses that this server cannot even be told."""
    if smtp.has_extn("smtputf8"):
        return {}
    reason = "the server takes ASCII addresses only (it does not offer SMTPUTF8)"
    return {address: Refusal(reason, True) for address in addresses if not address.isascii()}


def _refusals(replies: Mapping[str, tuple[int, bytes]]) -> dict[str, Refusal]:
    return {
        address: Refusal(reply(code, text), _is_permanent(code))
        for address, (code, text) in replies.items()
    }


def _is_permanent(code: int) -> bool:
    return 500 <= code <= 599


def _nobody(profile: SmtpProfile, refused: Mapping[str, Refusal]) -> DeliveryError:
    each = "; ".join(f"{address}: {refusal.reason}" for address, refusal in refused.items())
    permanent = all(refusal.permanent for refusal in refused.values())
    return failure(profile, f"it refused every recipient ({each}).", permanent=permanent)


def _refused(error: OSError, profile: SmtpProfile, timeout: float) -> DeliveryError:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _nobody(profile, _refusals(error.recipients))
        case smtplib.SMTPResponseException():
            return failure(
                profile, _refused_mail(error, profile), permanent=_is_permanent(error.smtp_code)
            )
        case smtplib.SMTPNotSupportedError():
            fault = f"it takes ASCII addresses only, but the sender is {profile.sender!r}."
            return failure(profile, fault, permanent=True)
        case _:
            return failure(profile, line_fault(error, profile, timeout))


def _refused_mail(error: smtplib.SMTPResponseException, profile: SmtpProfile) -> str:
    words = reply(error.smtp_code, error.smtp_error)
    if error.smtp_code == _TOO_BIG:
        return f"the mail is too big for it ({words})."
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"it refused the sender {profile.sender!r} ({words}); check 'from'."
    return f"it refused the mail ({words})."
