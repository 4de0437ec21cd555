"""SMTP profiles as channels."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from email.message import EmailMessage

from botsched.errors import DeliveryError
from botsched.notify.channel import Notice
from botsched.notify.delivery import Delivery
from botsched.notify.smtp.fitting import send_fitting
from botsched.notify.smtp.session import PATIENCE, Patience, session
from botsched.notify.smtp.transaction import Transaction
from botsched.settings.model import SmtpProfile


class SmtpChannel:
    """Mails through one server."""

    def __init__(self, profile: SmtpProfile, patience: Patience = PATIENCE) -> None:
        self.name = profile.name
        self.fallback = profile.fallback
        self.per_minute = profile.per_minute
        self.per_connection = profile.per_connection
        self._profile = profile
        self._patience = patience

    @contextmanager
    def open(self) -> Iterator["SmtpLine"]:
        """Connect and log in. Raises DeliveryError."""
        line = SmtpLine(self._profile, self._patience)
        try:
            line.connect()
            yield line
        finally:
            line.close()


class SmtpLine:
    """A session with the server, and another one when that has ended meanwhile.

    Servers end sessions that were idle, or had their number of mails. That costs no attempt: a mail
    of which such a server has not had the whole text is sent in a new session.
    """

    def __init__(self, profile: SmtpProfile, patience: Patience) -> None:
        self._profile = profile
        self._patience = patience
        self._sessions = ExitStack()
        self._transaction: Transaction
        self._is_used = False

    def connect(self) -> None:
        """Begin a session in place of the one there was. Raises DeliveryError."""
        self.close()
        smtp = self._sessions.enter_context(session(self._profile, self._patience))
        self._transaction = Transaction(smtp, self._profile, self._patience)
        self._is_used = False

    def close(self) -> None:
        """End the session, if it goes on."""
        self._sessions.close()

    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Send the mail. Raises DeliveryError when nobody was accepted."""
        profile = self._profile
        if notice.to is not None:
            profile = replace(profile, recipients=notice.to)
        message = notice.email(profile)
        recipients = recipients or profile.recipients
        if self._is_used:
            try:
                self._transaction.reset()
                return self._send(message, recipients)
            except DeliveryError as error:
                if error.uncertain or self._transaction.is_open:
                    raise
            self.connect()
        return self._send(message, recipients)

    def _send(self, message: EmailMessage, recipients: Sequence[str]) -> Delivery:
        self._is_used = True
        return send_fitting(self._transaction, message, recipients)
