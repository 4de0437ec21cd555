"""A test mail, so that a profile is known to work before a job depends on it."""

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import make_msgid

from botsched.notify.addresses import parse
from botsched.notify.message import new_message
from botsched.notify.smtp.session import Patience, session, size_limit
from botsched.notify.smtp.transaction import Transaction
from botsched.notify.wording import size
from botsched.settings.model import SmtpProfile

_PATIENCE = Patience(acceptance=60.0)


def route(profile: SmtpProfile, tls: str = "") -> str:
    """Say where and how mails go; ``tls`` is the protocol that was found there."""
    words = [profile.security.value, *filter(None, [tls])]
    if profile.is_unverified:
        words.append("certificate NOT verified")
    words.append(f"logged in as {profile.user}" if profile.user else "without login")
    if profile.is_exposed:
        words.append("password NOT protected")
    return f"{profile.hostname}:{profile.port} ({', '.join(words)})"


def send_test(profile: SmtpProfile, address: str, patience: Patience = _PATIENCE) -> str:
    """Send a test mail to one address and say who accepted it, how, and in which words.

    Raises DeliveryError, whose message says what is wrong with the profile or the address.
    """
    with session(profile, patience) as smtp:
        message = _test_mail(profile, address)
        delivery = Transaction(smtp, profile, patience).send(message, (address,))
        limit = size_limit(smtp)
        way = route(profile, _tls(smtp))
    told = f"Profile {profile.name!r}: a test mail for {address} was accepted by {way}"
    most = f" It takes mails of up to {size(limit)}." if limit else ""
    return f"{told}, in the words {delivery.words!r}.{most}"


def _test_mail(profile: SmtpProfile, address: str) -> EmailMessage:
    message_id = make_msgid(domain=parse(profile.sender).domain)
    message = new_message(profile, (address,), "[bots-scheduler] Test mail", message_id)
    message["Date"] = datetime.now(UTC)
    message.set_content(
        f"This mail shows that profile {profile.name!r} of bots-scheduler works:\n"
        f"{route(profile)}.\n\nNothing needs to be done.\n"
    )
    return message


def _tls(smtp: smtplib.SMTP) -> str:
    return smtp.sock.version() or "" if isinstance(smtp.sock, ssl.SSLSocket) else ""
