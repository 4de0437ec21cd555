"""What was mailed is counted: by rule of a job, and by the people it went to."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from botsched.domain.ids import new_id
from botsched.domain.mailhistory import Incident
from botsched.domain.mailrules import Occasion
from botsched.domain.outbox import Mail, MailKind, MailState, audience
from botsched.domain.why import RuleSource, Why
from botsched.store.store import Store
from tests.support.values import NOW

HOUR = timedelta(hours=1)
WHY = Why((Occasion.FAILURE,), 1, RuleSource.JOB, 3, NOW - 5 * HOUR)


def a_mail(**changes: object) -> Mail:
    mail = Mail(
        id=new_id(),
        execution_id=new_id(),
        profile="ops",
        state=MailState.DELIVERED,
        attempts=1,
        created_at=NOW,
        next_attempt_at=None,
        job_id="j1",
        why=WHY,
        audience=audience("ops", None),
    )
    return replace(mail, **changes)  # type: ignore[arg-type]


@pytest.fixture
def mailed(store: Store) -> Store:
    """One mail that counts, and one of each kind that does not."""
    mails = [
        a_mail(),
        a_mail(created_at=NOW - HOUR),
        a_mail(state=MailState.HELD, held_until=NOW + HOUR),
        a_mail(state=MailState.DIGESTED, digest_id="d", held_until=NOW),
        a_mail(held_until=NOW),
        a_mail(resent_of="m"),
        a_mail(requeued_at=NOW),
        a_mail(kind=MailKind.DIGEST, job_id=None, why=None),
    ]
    store.write(lambda session: session.outbox.add(mails))
    return store


def test_mails_by_a_rule_of_a_job(mailed: Store) -> None:
    def count(job: str, rule: int, profile: str, since=NOW, most=9) -> int:
        return mailed.read(lambda s: s.mail_counts.by_rule(job, rule, profile, since, most))

    assert count("j1", 1, "ops") == 1
    assert count("j1", 1, "ops", NOW - HOUR) == 2
    assert [count("j1", 1, "ops", NOW - HOUR, most) for most in (0, 1, 2)] == [0, 1, 2]
    assert count("j2", 1, "ops") == count("j1", 2, "ops") == count("j1", 1, "dev") == 0


def test_mails_to_the_same_people(mailed: Store) -> None:
    def count(profile: str, *to: str, since=NOW, most=9) -> int:
        whom = audience(profile, to or None)
        return mailed.read(lambda s: s.mail_counts.by_audience(whom, since, most))

    mailed.write(lambda s: s.outbox.add([a_mail(job_id="j2", state=MailState.QUEUED)]))
    assert count("ops") == 2
    assert count("ops", since=NOW - HOUR) == 3
    assert [count("ops", since=NOW - HOUR, most=most) for most in (0, 2, 3)] == [0, 2, 3]
    assert count("ops", since=NOW + HOUR) == count("dev") == count("ops", "ann@x") == 0


def test_the_last_mail_about_an_incident(mailed: Store) -> None:
    def was_told(rule: int, after: datetime = NOW - 9 * HOUR, job: str = "j1") -> bool:
        return mailed.read(lambda s: s.mail_counts.has_of_rule(job, rule, after))

    def incident(job: str) -> object:
        return mailed.read(lambda s: s.mail_counts.last_incident(job))

    assert (was_told(1), incident("j1")) == (False, None)  # none of them is of an incident
    newest = a_mail(thread="b", execution_id="e2", created_at=NOW - HOUR, why=replace(WHY, rule=2))
    older = a_mail(thread="a", execution_id="e1", created_at=NOW - 2 * HOUR)
    again = a_mail(thread="a", execution_id="e1", resent_of="m")
    mailed.write(lambda s: s.outbox.add([newest, older, again, a_mail(job_id="j2", thread="c")]))

    assert incident("j1") == ("e2", Incident("b", 3, NOW - 5 * HOUR))
    assert [was_told(rule) for rule in (1, 2, 3)] == [True, True, False]
    assert [was_told(2, NOW - hours * HOUR) for hours in (0.9, 1, 1.1)] == [False, False, True]
    assert not was_told(1, NOW - 2 * HOUR)
