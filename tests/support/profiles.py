"""Profiles of the mail servers of tests."""

from botsched.notify.smtp.session import Patience
from botsched.settings.model import Security, SmtpProfile
from tests.support.smtpserver import SmtpServer
from tests.support.waiting import PATIENCE

PATIENT = Patience(PATIENCE, PATIENCE)
HASTY = Patience(0.2, 0.2)
"""For servers that never answer."""

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
