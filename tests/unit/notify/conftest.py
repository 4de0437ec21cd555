"""An ended execution, its profile, and both as a mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.execution import Cause, Execution, State
from botsched.notify.letter import Letterhead
from botsched.notify.run import RunNotice
from botsched.notify.told import Told
from botsched.settings.model import Security, SmtpProfile

ENDED = datetime(2026, 3, 1, 3, 1, 5, tzinfo=UTC)
LETTERHEAD = Letterhead(ZoneInfo("Europe/Paris"), "https://bots.example.org")


@pytest.fixture
def execution() -> Callable[..., Execution]:
    """Make an execution that failed, with changes."""

    def make(**changes) -> Execution:
        values = {
            "id": "e1",
            "job_id": "j1",
            "job_name": "backup",
            "job_class": "jobs.shell.Shell",
            "arguments": [],
            "state": State.FAILED,
            "cause": Cause.RAISED,
            "reason": "JobError: tar ended with exit code 2.",
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
        hostname="mail.example.org",
        port=587,
        security=Security.STARTTLS,
        sender="Bots <bots@example.org>",
        recipients=("ann@example.org", "Bob B. <bob@example.org>"),
    )


@pytest.fixture
def notice(execution) -> Callable[..., RunNotice]:
    """Make a notice; keywords are those of RunNotice and Told, others change the execution."""
    of_told, of_notice = set(Told.__slots__), {"to", "thread", "letterhead"}

    def make(**given) -> RunNotice:
        ends = {key: value for key, value in given.items() if key not in of_told | of_notice}
        told = {key: value for key, value in given.items() if key in of_told}
        rest = {key: value for key, value in given.items() if key in of_notice}
        made = RunNotice("m1", None, LETTERHEAD, Told(execution(**ends), **told), ENDED)
        return replace(made, **rest)

    return make


@pytest.fixture
def mail(notice, profile) -> Callable[..., EmailMessage]:
    """Build the mail of such a notice."""
    return lambda **given: notice(**given).email(profile)
