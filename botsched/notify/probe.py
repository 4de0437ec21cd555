"""What each way out of mails is, and whether it works, before a job depends on it."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from botsched.notify.channels.build import channel
from botsched.notify.message import new_message
from botsched.notify.smtp.probe import route, send_test
from botsched.settings.model import Command, Extension, Outlet, SmtpProfile, Webhook


@dataclass(frozen=True, slots=True)
class TrialNotice:
    """A notice that says that it is none."""

    to: tuple[str, ...] | None
    id: str = field(default_factory=lambda: f"test-{uuid4().hex}")
    subject: str = "[bots-scheduler] Test mail"

    def text(self) -> str:
        """As plain text."""
        return (
            "This shows that bots-scheduler can tell you what happens.\n\nNothing needs to be done."
        )

    def data(self) -> dict[str, Any]:
        """The same as JSON data."""
        return {"id": self.id, "kind": "test", "subject": self.subject, "text": self.text()}

    def email(self, profile: SmtpProfile) -> EmailMessage:
        """The same as a mail."""
        recipients = profile.recipients if self.to is None else self.to
        message = new_message(profile, recipients, self.subject, f"<{self.id}@localhost>")
        message.set_content(self.text())
        return message


def describe(outlet: Outlet) -> str:
    """Say where and how mails go by it, without what is secret.

    Raises SettingsError when the class of an extension cannot be had.
    """
    channel(outlet)
    return f"{_title(outlet)}{_way(outlet)}"


def try_out(outlet: Outlet, address: str) -> str:
    """Send a test by it, for one address where that means anything, and say how it went.

    Raises DeliveryError, and SettingsError as ``describe``.
    """
    if isinstance(outlet, SmtpProfile):
        return send_test(outlet, address)
    with channel(outlet).open() as line:
        delivery = line.send(TrialNotice((address,)), ())
    said = f", in the words {delivery.words!r}" if delivery.words else ""
    return f"{_title(outlet)}: a test was accepted{said}."


def _title(outlet: Outlet) -> str:
    kind = {"smtp": "profile", "webhook": "web hook"}.get(outlet.kind, outlet.kind)
    return f"{kind} {outlet.name!r}"


def _way(outlet: Outlet) -> str:
    match outlet:
        case SmtpProfile():
            return f" through {route(outlet)}"
        case Webhook():
            signed = "signed" if outlet.secret else "not signed"
            tls = ", without TLS" if outlet.is_exposed else ""
            return f" to {urlsplit(outlet.url).netloc} ({signed}{tls})"
        case Command():
            return f" runs {outlet.argv[0]}"
        case Extension():
            return f" is {outlet.class_name} of {outlet.file}"
        case _:
            raise TypeError(f"There is no way by {outlet!r}.")
