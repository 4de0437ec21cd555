"""A way out of mails that takes them down, and fails as it is told to."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from botsched.domain.outbox import Mail
from botsched.notify.channel import Notice
from botsched.notify.delivery import Delivery
from botsched.settings.model import SmtpProfile
from botsched.store.session import Session


@dataclass
class FakeChannel:
    """``connect`` and ``answer`` say how it goes: they raise, or give what became of a notice."""

    name: str = "ops"
    fallback: str | None = None
    per_minute: int | None = None
    per_connection: int = 100
    connect: Callable[[], None] = lambda: None
    answer: Callable[[Notice], Delivery] = lambda _notice: Delivery(("ann@example.org",))
    opened: int = 0
    closed: int = 0
    sent: list[tuple[str, tuple[str, ...] | None, tuple[str, ...]]] = field(default_factory=list)
    """Of each notice that was offered: its id, whom it is for, and whom of them it is owed to."""

    @contextmanager
    def open(self) -> Iterator["FakeChannel"]:
        """Connect."""
        self.opened += 1
        self.connect()
        try:
            yield self
        finally:
            self.closed += 1

    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Take a notice down, and answer."""
        self.sent.append((notice.id, notice.to, tuple(recipients)))
        return self.answer(notice)


@dataclass
class FakeNotice:
    """What is told, as little as can be."""

    id: str = "m1"
    to: tuple[str, ...] | None = None
    subject: str = "It failed"

    def text(self) -> str:
        return self.subject

    def data(self) -> dict[str, Any]:
        return {"id": self.id}

    def email(self, profile: SmtpProfile) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = self.subject
        message["To"] = ", ".join(profile.recipients)
        message["Message-ID"] = f"<{self.id}@example.org>"
        message.set_content(self.text())
        return message


class FakeContents:
    """Has a notice for each mail."""

    def notice(
        self, _session: Session, mail: Mail, to: tuple[str, ...] | None = None
    ) -> FakeNotice:
        """The notice of a mail."""
        return FakeNotice(mail.id, to or (None if mail.to is None else tuple(mail.to)))


def fails(*errors: Exception | None) -> Callable[..., Any]:
    """Raise these in turn, the last one for ever; None: nothing."""
    left = list(errors)

    def answer(*_arguments: Any) -> Delivery:
        error = left.pop(0) if len(left) > 1 else left[0]
        if error is not None:
            raise error
        return Delivery(("ann@example.org",))

    return answer
