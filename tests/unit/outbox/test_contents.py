"""What a mail tells is read from the record when it is sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.execution import Execution, OutputChunk, State
from botsched.domain.maillist import copy_of
from botsched.domain.mailrules import Occasion
from botsched.domain.outbox import Mail, MailKind, MailState
from botsched.domain.why import RuleSource, Why
from botsched.errors import NotFoundError
from botsched.notify.digest import DigestNotice
from botsched.notify.letter import Letterhead
from botsched.notify.run import RunNotice
from botsched.notify.told import Recipients
from botsched.outbox.contents import Contents
from botsched.store.store import Store
from tests.support.values import NOW, a_job, an_execution

LETTERHEAD = Letterhead(ZoneInfo("UTC"), "https://bots.example.org")
WHY = Why((Occasion.FAILURE,), 1, RuleSource.JOB)


def an_end(number: int, seconds: float = 1, **changes: Any) -> Execution:
    """The run of an hour; the first succeeded."""
    at = NOW + timedelta(hours=number)
    ran = {
        "id": f"e{number}",
        "state": State.SUCCEEDED if number < 4 else State.FAILED,
        "started_at": at,
        "ended_at": at + timedelta(seconds=seconds),
        "updated_at": at + timedelta(seconds=seconds),
    }
    return an_execution(**ran | changes)


def a_mail(id: str = "m1", **changes: Any) -> Mail:  # noqa: A002
    mail = Mail(id, "e5", "ops", MailState.QUEUED, 0, NOW, NOW, job_id="j1", why=WHY)
    return replace(mail, **changes)


@pytest.fixture
def notice(store: Store) -> Callable[..., RunNotice | DigestNotice]:
    contents = Contents(
        LETTERHEAD, lambda name: f"Report of {name}", {"ops": ("ann@x.org",), "dev": ("bob@x.org",)}
    )
    return lambda *told: store.read(lambda session: contents.notice(session, *told))


@pytest.fixture
def record(store: Store) -> Callable[..., None]:
    """Put executions and mails on record."""

    def record(*rows: Execution | Mail) -> None:
        def operation(session: Any) -> None:
            session.executions.add([row for row in rows if isinstance(row, Execution)])
            session.outbox.add([row for row in rows if isinstance(row, Mail)])

        store.write(operation)

    return record


def test_a_run_is_told_with_what_is_known_beside_it(record, store, notice) -> None:
    record(*(an_end(number, seconds) for number, seconds in enumerate((1, 9, 3, 5, 50, 2))))
    chunks = [OutputChunk(1, "out", NOW, "one\n"), OutputChunk(2, "err", NOW, "two\n")]
    store.write(lambda session: session.output.add("e5", chunks))

    made = notice(a_mail(thread="e4", to=["Eve <eve@x.org>"]))

    told = made.told
    assert (made.id, made.to, made.date, made.thread) == ("m1", ("Eve <eve@x.org>",), NOW, "e4")
    assert (told.execution.id, told.why, told.output) == ("e5", WHY, "one\ntwo\n")
    assert told.usual == timedelta(seconds=4)
    assert told.good is not None
    assert told.good.id == "e3"
    assert told.report_title == "Report of jobs.shell_command.ShellCommand"
    assert (told.through, told.is_named) == (Recipients("ops", ("Eve <eve@x.org>",)), True)
    assert told.others == ()


def test_nothing_more_is_told_of_a_first_run(record, notice) -> None:
    record(an_end(5))

    told = notice(a_mail()).told

    assert (told.usual, told.good, told.is_named) == (None, None, False)


def test_others_who_are_told_are_named(record, notice) -> None:
    record(
        an_end(5),
        a_mail(),
        a_mail("m2", to=["eve@x.org"]),
        a_mail("m3", profile="dev", state=MailState.DELIVERED),
        a_mail("m4", profile="chat", state=MailState.DEFERRED),
        a_mail("again", resent_of="m1"),
        a_mail("held", profile="dev", state=MailState.HELD),
        a_mail("dead", profile="dev", state=MailState.DEAD),
        a_mail("digest", profile="pager", kind=MailKind.DIGEST),
    )

    assert notice(a_mail()).told.others == (
        Recipients("ops", ("eve@x.org",)),
        Recipients("dev", ("bob@x.org",)),
        Recipients("chat"),
    )


def test_it_says_the_same_when_another_channel_sends_it_to_those_of_its_profile(
    record, notice
) -> None:
    record(an_end(5), a_mail(state=MailState.SENDING))

    made = notice(a_mail(state=MailState.SENDING), ("ann@x.org",))

    assert made.to == ("ann@x.org",)
    assert (made.told.others, made.told.is_named) == ((), False)


def test_a_mail_that_was_held_is_of_its_hour(record, notice) -> None:
    record(an_end(5))

    assert notice(a_mail(held_until=NOW + timedelta(hours=8))).date == NOW + timedelta(hours=8)


def test_a_digest_tells_the_newest_ends_and_counts_all(record, notice, monkeypatch) -> None:
    monkeypatch.setattr("botsched.outbox.contents._DIGESTED", 2)
    told = {"state": MailState.DIGESTED, "digest_id": "d"}
    record(
        *(an_end(number) for number in range(6)),
        *(
            a_mail(f"m{n}", execution_id=f"e{n}", created_at=NOW + timedelta(hours=n), **told)
            for n in (3, 5, 4)
        ),
        a_mail("other", execution_id="e0", state=MailState.DIGESTED, digest_id="d2"),
    )

    made = notice(a_mail("d", kind=MailKind.DIGEST, why=None, to=["eve@x.org"]))

    assert isinstance(made, DigestNotice)
    assert [(each.execution.id, each.why) for each in made.told] == [("e5", WHY), ("e4", WHY)]
    assert (made.id, made.to, made.total) == ("d", ("eve@x.org",), 3)
    assert made.since == {}


def test_a_digest_that_is_sent_once_more_tells_the_same(record, notice) -> None:
    record(an_end(5), a_mail("m5", state=MailState.DIGESTED, digest_id="d"))
    digest = a_mail("d", kind=MailKind.DIGEST, state=MailState.DELIVERED)
    again = copy_of(copy_of(digest, "d2", NOW), "d3", NOW)

    made = notice(again)

    assert (made.id, made.total, again.resent_of) == ("d3", 1, "d")


def test_a_digest_leaves_results_and_reports_where_they_are(record, notice) -> None:
    """They may be megabytes each, and a digest tells of hundreds of ends."""
    record(
        an_end(5, result={"many": "words"}, report=[{"type": "text", "text": "more"}]),
        a_mail(state=MailState.DIGESTED, digest_id="d"),
    )

    (told,) = notice(a_mail("d", kind=MailKind.DIGEST)).told

    assert (told.execution.id, told.execution.result, told.execution.report) == ("e5", None, None)


def test_a_digest_knows_how_its_jobs_fared_since(record, store, notice) -> None:
    for name in ("a", "b"):
        store.write(lambda session, name=name: session.jobs.add(a_job(id=name)))
    held = {"state": MailState.DIGESTED, "digest_id": "d"}
    record(
        *(an_end(4, id=f"{name}4", job_id=name) for name in ("a", "b")),
        *(a_mail(f"m{name}", execution_id=f"{name}4", **held) for name in ("a", "b")),
        an_end(5, id="b5", job_id="b", state=State.SUCCEEDED),
    )

    since = notice(a_mail("d", kind=MailKind.DIGEST)).since

    assert {job_id: glance.execution_id for job_id, glance in since.items()} == {"b": "b5"}


@pytest.mark.parametrize("kind", list(MailKind))
def test_what_is_gone_cannot_be_told(kind, record, notice) -> None:
    record(a_mail("m2", execution_id="gone", state=MailState.DIGESTED, digest_id="m1"))

    with pytest.raises(NotFoundError, match="execution"):
        notice(a_mail(execution_id="gone", kind=kind))
