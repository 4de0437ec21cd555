"""``mails`` against a real server."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from botsched.domain.ids import new_id
from botsched.domain.mailrules import Occasion
from botsched.domain.outbox import AttemptOutcome, Mail, MailAttempt, MailKind, MailState
from botsched.domain.why import RuleSource, Why
from tests.support.values import an_execution
from tests.unit.cli.conftest import Bots

Owe = Callable[..., str]


@pytest.fixture
def owe(services: Any) -> Owe:
    """Owes a mail about a run of its own; gives its id."""

    def owed(job_name: str = "backup", **changes: Any) -> str:
        run = an_execution(job_name=job_name)
        now = datetime.now(UTC)
        mail = Mail(
            new_id(), run.id, "ops", MailState.QUEUED, 0, now, now, job_id=run.job_id,
            why=Why((Occasion.FAILURE,), 1, RuleSource.SERVER),
        )  # fmt: skip
        mail = replace(mail, **changes)

        def operation(session: Any) -> None:
            session.executions.add([run])
            session.outbox.add([mail])

        services.jobs._store.write(operation)
        return mail.id

    return owed


def test_mails_are_listed_and_filtered(remote: Bots, owe: Owe) -> None:
    dead = owe("nightly", state=MailState.DEAD, profile="listed")
    held = owe("hourly", state=MailState.HELD, profile="listed")

    lines = remote("mails", "list", "--profile", "listed").out.splitlines()
    assert lines[0].split() == ["ID", "STATE", "WHEN", "PROFILE", "JOB"]
    assert [line.split()[0] for line in lines[1:]] == [held, dead]
    assert lines[2].split()[1::3] == ["dead", "nightly"]

    chosen = remote("mails", "list", "--state", "dead", "--text", "NIGHTLY", "--since", "1h")
    assert dead in chosen.out
    assert held not in chosen.out
    first = remote("mails", "list", "--profile", "listed", "-n", "1")
    assert held in first.out
    assert first.err == "There are more; --limit says how many are shown.\n"
    told = json.loads(remote("mails", "list", "--profile", "listed", "--json").out)
    assert [mail["mail_id"] for mail in told["mails"]] == [held, dead]
    assert remote("mails", "list", "--until", "1d", "--profile", "listed").out.count("\n") == 1


def test_all_of_a_mail_is_shown(remote: Bots, owe: Owe) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    mail_id = owe(
        "nightly", state=MailState.DEAD, to=["ann@x.example"], ended_at=at, attempts=2,
        last_error="550 no such user", subject="[bots] nightly: failed",
        log=(
            MailAttempt(at, "ops", AttemptOutcome.DEFERRED, "451 later"),
            MailAttempt(at, "spare", AttemptOutcome.REFUSED, "550 no such \x1b[1muser"),
        ),
    )  # fmt: skip

    shown = remote("mails", "show", mail_id).out

    assert shown.startswith("[bots] nightly: failed\n")
    for part in ("550 no such user", "ann@x.example", "when it fails", "ops: deferred. 451 later"):
        assert part in shown
    assert "spare: refused. 550 no such" in shown
    assert "\x1b" not in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert json.loads(remote("mails", "show", mail_id, "--json").out)["attempts"] == 2
    assert "backup" in remote("mails", "content", owe()).out
    assert json.loads(remote("mails", "content", mail_id, "--format", "json").out)["id"] == mail_id


def test_a_digest_is_not_shown_as_being_about_one_job(remote: Bots, owe: Owe) -> None:
    shown = remote("mails", "show", owe("nightly", kind=MailKind.DIGEST, why=None)).out

    assert "tells" in shown
    assert "what was held back" in shown
    assert "execution  " not in shown


def test_mails_are_sent_once_more_and_given_up(remote: Bots, owe: Owe) -> None:
    dead = [owe(state=MailState.DEAD, profile="again") for _ in range(3)]

    assert remote("mails", "resend", dead[0]).out == f"{dead[0]} is queued.\n"
    assert remote("mails", "discard", dead[0]).out == f"{dead[0]} is given up.\n"
    several = remote("mails", "resend", "--state", "dead,held", "--profile", "again")
    assert several.out == "3 mails are queued.\n"
    again = remote("mails", "resend", dead[1])
    assert again.code == 1
    assert "is queued: it is sent anyway" in again.err
    assert json.loads(remote("mails", "discard", dead[1], "--json").out) == {"mail_id": dead[1]}


@pytest.mark.parametrize(
    "arguments", [(), ("--profile", "ops"), ("1", "--state", "dead"), ("1", "--profile", "ops")]
)
def test_what_is_to_be_sent_has_to_be_said(remote: Bots, arguments: tuple[str, ...]) -> None:
    refused = remote("mails", "resend", *arguments)

    assert refused.code == 2
    assert "Give a MAIL, or else --state" in refused.err
