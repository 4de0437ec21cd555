"""What all ways out of mails have in common: SMTP profiles, web hooks, commands, extensions."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from email.message import EmailMessage
from typing import Any, Protocol

from botsched.notify.delivery import Delivery
from botsched.settings.model import SmtpProfile


class Notice(Protocol):
    """What is to be told."""

    @property
    def id(self) -> str:
        """That of the mail: the same on each attempt, so that receivers know it again."""

    @property
    def to(self) -> tuple[str, ...] | None:
        """Whom it is for; None: those of the profile."""

    @property
    def subject(self) -> str:
        """One line."""

    def text(self) -> str:
        """All of it as plain text that reads well alone."""

    def data(self) -> dict[str, Any]:
        """The same as JSON data, with at least ``id``, ``kind``, ``subject`` and ``text``."""

    def email(self, profile: SmtpProfile) -> EmailMessage:
        """The whole mail from the profile's sender; the same arguments give the same mail."""


class Line(Protocol):
    """An open way out, for several notices in turn.

    After a DeliveryError it may be broken; who goes on opens another.
    """

    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Hand over a notice, for ``recipients`` only; when empty, for all it is for.

        Raises DeliveryError when nobody was accepted.
        """


class Channel(Protocol):
    """One SMTP profile, web hook, command or extension; see ``settings.model.Outlet``."""

    name: str
    fallback: str | None
    per_minute: int | None
    per_connection: int

    def open(self) -> AbstractContextManager[Line]:
        """Connect, as far as that means anything here. Raises DeliveryError."""
