"""An ended execution, its profile, and both as a mail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.execution import Cause, Execution, State
from botsched.notify.message import build
from botsched.notify.run_mail import RunMail
from botsched.settings.model import Security, SmtpProfile

ENDED = datetime(2026, 3, 1, 3, 1, 5, tzinfo=UTC)


@pytest.fixture
def execution() -> Callable[..., Execution]:
    """Make an execution that failed, with changes."""

    def make(**changes) -> Execution:
        values = {
            "id": "e1",
            "job_id": "j1",
            "job_name": "backup",
            "job_class": "jobs.shell.Shell",
            "arguments": (),
            "state": State.FAILED,
            "cause": Cause.EXITED,
            "reason": "exit status 2",
            "scheduled_at": ENDED - timedelta(seconds=65),
            "updated_at": ENDED,
            "due": ENDED - timedelta(seconds=65),
            "started_at": ENDED - timedelta(seconds=65),
            "ended_at": ENDED,
            "hostname": "web1",
        }
        return Execution(**values | changes)

    return make


@pytest.fixture
def profile() -> SmtpProfile:
    return SmtpProfile(
        "ops",
        "mail.example.org",
        587,
        Security.STARTTLS,
        "Bots <bots@example.org>",
        ("ann@example.org", "Bob B. <bob@example.org>"),
    )


@pytest.fixture
def mail(execution, profile) -> Callable[..., EmailMessage]:
    """Build a mail; keywords are those of RunMail, others change the execution."""

    def make(*, output="", report_title="", links=(), **changes) -> EmailMessage:
        run = RunMail(execution(**changes), output, report_title, links)
        return build(run, profile, message_id="<m1@example.org>", timezone=ZoneInfo("Europe/Paris"))

    return make
