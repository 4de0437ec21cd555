"""A mail, and a server without faults."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.support.smtpserver import SmtpServer


@pytest.fixture
def message() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Hello"
    message["To"] = "ann@example.org, bob@example.org"
    message.set_content("It works.\n")
    return message


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server
