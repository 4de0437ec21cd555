"""Profiles of the mail servers of tests, and mails that cannot be delivered through them."""

from collections.abc import Sequence
from email.message import EmailMessage

import pytest

from botsched.errors import DeliveryError
from botsched.notify.delivery import Delivery
from botsched.notify.smtp.session import Patience, session
from botsched.notify.smtp.transaction import Transaction
from botsched.settings.model import Security, SmtpProfile
from tests.support.smtpserver import SmtpServer
from tests.support.waiting import PATIENCE

PATIENT = Patience(PATIENCE, PATIENCE)
LOGIN = ("bot", "s3cret-word")


def profile_for(server: SmtpServer, **changes) -> SmtpProfile:
    """The profile through which a server takes mails; ``changes`` replace its fields."""
    values = {
        "name": "ops",
        "hostname": server.host,
        "port": server.port,
        "security": Security(server.security),
        "sender": "Bots <bots@example.org>",
        "recipients": ("ann@example.org", "Bob <bob@example.org>"),
        "user": server.login and server.login[0],
        "password": server.login and server.login[1],
    }
    return SmtpProfile(**values | changes)


def deliver(
    message: EmailMessage,
    profile: SmtpProfile,
    *,
    recipients: Sequence[str] = (),
    patience: Patience = PATIENT,
) -> Delivery:
    """Hand over one mail in a session of its own, by default to all of the profile."""
    with session(profile, patience) as smtp:
        return Transaction(smtp, profile, patience).send(message, recipients or profile.recipients)


def failed(message: EmailMessage, profile: SmtpProfile, timeout: float = PATIENCE) -> DeliveryError:
    """The error of a delivery; a wait of ``timeout`` seconds is enough."""
    with pytest.raises(DeliveryError) as caught:
        deliver(message, profile, patience=Patience(timeout, timeout))
    assert LOGIN[1] not in repr(caught.value)
    return caught.value
