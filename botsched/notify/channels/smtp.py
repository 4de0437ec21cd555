"""SMTP profiles as channels."""

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from botsched.notify.channel import Notice
from botsched.notify.delivery import TIMEOUT_SECONDS, Delivery, hand_over
from botsched.notify.session import session
from botsched.settings.model import SmtpProfile


class SmtpChannel:
    """Mails through one server; ``timeout`` seconds bound each wait for it."""

    def __init__(self, profile: SmtpProfile, timeout: float = TIMEOUT_SECONDS) -> None:
        self.name = profile.name
        self.fallback = profile.fallback
        self.per_minute = profile.per_minute
        self.per_connection = profile.per_connection
        self._profile = profile
        self._timeout = timeout

    @contextmanager
    def open(self) -> Iterator["SmtpLine"]:
        """Connect and log in. Raises DeliveryError."""
        with session(self._profile, self._timeout) as smtp:
            yield SmtpLine(self._profile, smtp, self._timeout)


class SmtpLine:
    """A session with the server."""

    def __init__(self, profile: SmtpProfile, smtp: smtplib.SMTP, timeout: float) -> None:
        self._profile = profile
        self._smtp = smtp
        self._timeout = timeout

    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Send the mail. Raises DeliveryError when nobody was accepted."""
        profile = self._profile
        if notice.to is not None:
            profile = replace(profile, recipients=notice.to)
        message = notice.email(profile)
        return hand_over(message, profile, self._smtp, recipients=recipients, timeout=self._timeout)
