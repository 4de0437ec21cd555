"""A notice for channels of any kind."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest

from botsched.settings.model import SmtpProfile


@dataclass
class Told:
    """A notice that has no more than it needs."""

    id: str = "m1"
    to: tuple[str, ...] | None = None
    subject: str = "backup: failed"

    def text(self) -> str:
        return "It failed.\N{SNOWMAN}"

    def data(self) -> dict[str, Any]:
        return {"id": self.id, "kind": "run", "subject": self.subject, "text": self.text()}

    def email(self, profile: SmtpProfile) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = self.subject
        message["From"] = profile.sender
        message["To"] = ", ".join(profile.recipients)
        message.set_content(self.text())
        return message


@pytest.fixture
def notice() -> Told:
    return Told()
