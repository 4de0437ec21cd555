"""Which executions have been kept long enough, and what is left when they are deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.execution import OutputChunk, State
from botsched.domain.job import JobPolicy
from botsched.domain.keeping import JobRecord, Keep
from botsched.domain.outbox import Mail, MailKind, MailState
from botsched.store import expiry
from tests.support.values import NOW, a_job, an_execution

DAY = timedelta(days=1)


def ended(age: timedelta, **changes):
    values = {"state": State.FAILED, "updated_at": NOW - age, "due": NOW - age}
    return an_execution(**values | changes)


def add(store, *executions) -> None:
    store.write(lambda s: s.executions.add(list(executions)))


def portion(store, after: str = "", count: int | None = None) -> list[JobRecord]:
    return store.read(lambda s: s.expiry.portion(after, count))


def expired(store, job: JobRecord, keep: Keep, limit: int = 100) -> list[str]:
    found = store.read(lambda s: s.expiry.expired(job, keep, NOW, limit))
    assert {each.job_id for each in found} <= {job.job_id}
    return [each.id for each in found]


def test_jobs_that_have_executions_are_told_with_their_limits(store) -> None:
    limited = a_job(id="j1", policy=JobPolicy(keep_days=3, keep_count=7))
    store.write(lambda s: [s.jobs.add(each) for each in (limited, a_job(id="j2"), a_job(id="j4"))])
    add(store, *(ended(age * DAY, job_id="j1") for age in (1, 2)))
    add(store, ended(DAY, job_id="j2"), ended(DAY, job_id="deleted"))

    assert portion(store, count=1) == [
        JobRecord("deleted", NOW - DAY, False, Keep()),
        JobRecord("j1", NOW - 2 * DAY, True, Keep(3 * DAY, 7)),
        JobRecord("j2", NOW - DAY, False, Keep()),
    ]
    assert [each.job_id for each in portion(store, "j1")] == ["j2"]
    assert portion(store, "j2") == []


def test_jobs_are_told_in_portions(store, monkeypatch) -> None:
    monkeypatch.setattr(expiry, "PORTION", 2)
    add(store, *(ended(DAY, job_id=f"j{number}") for number in range(5)))

    seen, found = [], portion(store)
    while found:
        seen.append([each.job_id for each in found])
        found = portion(store, found[-1].job_id)

    assert seen == [["j0", "j1"], ["j2", "j3"], ["j4"]]


def test_whether_any_job_has_limits(store) -> None:
    store.write(lambda s: s.jobs.add(a_job()))
    assert store.read(lambda s: s.expiry.is_limited_by_jobs()) is False

    store.write(lambda s: s.jobs.add(a_job(policy=JobPolicy(keep_count=1))))
    assert store.read(lambda s: s.expiry.is_limited_by_jobs()) is True


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (Keep(), 5), (Keep(age=3.5 * DAY), 3), (Keep(count=2), 2), (Keep(count=9), 5),
        (Keep(age=3.5 * DAY, count=4), 3), (Keep(age=9 * DAY, count=4), 4),
    ],
)  # fmt: skip
def test_what_is_beyond_the_limits_is_found_the_oldest_first(store, keep, left) -> None:
    rows = [ended(age * DAY) for age in (5, 4, 3, 2, 1)]
    add(store, *rows, *(ended(age * DAY, job_id="j2") for age in (8, 9)))
    [job] = [each for each in portion(store) if each.job_id == "j1"]

    beyond = [row.id for row in rows[: 5 - left]]

    assert expired(store, job, keep) == beyond
    assert expired(store, job, keep, limit=1) == beyond[:1]


def test_deletion_takes_all_that_belongs_to_it_and_leaves_a_note(store) -> None:
    old, kept = ended(5 * DAY), ended(DAY)
    add(store, old, kept, ended(6 * DAY, due_last=NOW - 5.5 * DAY), ended(7 * DAY, due=None))
    for row in (old, kept):
        store.write(lambda s, row=row: s.output.add(row.id, [OutputChunk(1, "out", NOW, "text")]))
        mail = Mail(row.id, row.id, "p", MailState.DEAD, 1, NOW, None, ended_at=NOW)
        store.write(lambda s, mail=mail: s.outbox.add([mail]))
    [job] = portion(store)

    def delete(session) -> None:
        session.expiry.delete(session.expiry.expired(job, Keep(age=2 * DAY), NOW, 100))

    store.write(delete)

    assert [each.job_id for each in portion(store)] == ["j1"]
    [job] = portion(store)
    assert job.oldest == kept.updated_at
    for row, count in ((old, 0), (kept, 1)):
        assert len(store.read(lambda s, row=row: s.output.get(row.id))) == count
        assert len(store.read(lambda s, row=row: s.outbox.of_execution(row.id))) == count
    noted = store.read(lambda s: s._connection.execute(s._schema.removed.select()).all())
    assert list(map(tuple, noted)) == [("j1", old.due)]


def mail_about(execution, id: str, state: MailState, **changes) -> Mail:  # noqa: A002
    ended = NOW if state in (MailState.DELIVERED, MailState.DIGESTED, MailState.DEAD) else None
    return replace(Mail(id, execution.id, "p", state, 1, NOW, None, ended_at=ended), **changes)


@pytest.mark.parametrize(
    ("digest", "repeated", "left"),
    [
        (MailState.DEFERRED, None, 3),
        (MailState.DELIVERED, None, 0),
        (MailState.DELIVERED, MailState.QUEUED, 3),
    ],
)
def test_what_a_digest_is_still_to_tell_stays(store, digest, repeated, left) -> None:
    rows = [ended(age * DAY) for age in (5, 4, 3)]
    add(store, *rows, ended(6 * DAY))
    told = [mail_about(row, row.id, MailState.DIGESTED, digest_id="d") for row in rows]
    digests = [mail_about(rows[-1], "d", digest, kind=MailKind.DIGEST)]
    if repeated is not None:
        digests.append(mail_about(rows[-1], "d2", repeated, kind=MailKind.DIGEST, resent_of="d"))
    store.write(lambda s: s.outbox.add(told + digests))
    [job] = portion(store)

    assert len(expired(store, job, Keep(age=DAY))) == 4 - left


def test_what_is_sent_once_more_meanwhile_stays(store) -> None:
    rows = [ended(age * DAY) for age in (5, 4)]
    add(store, *rows)
    store.write(lambda s: s.outbox.add([mail_about(r, r.id, MailState.DEAD) for r in rows]))
    [job] = portion(store)
    found = store.read(lambda s: s.expiry.expired(job, Keep(age=DAY), NOW, 100))

    store.write(lambda s: s.mail_list.requeue([rows[1].id], NOW))
    store.write(lambda s: s.expiry.delete(found))

    assert [len(store.read(lambda s, r=r: s.outbox.of_execution(r.id))) for r in rows] == [0, 1]
    assert store.read(
        lambda s: [each.id for each in s.executions.by_ids([r.id for r in rows])]
    ) == [rows[1].id]


def test_the_note_never_goes_back(store) -> None:
    add(store, ended(3 * DAY), ended(4 * DAY), ended(DAY))
    [job] = portion(store)
    found = store.read(lambda s: s.expiry.expired(job, Keep(count=1), NOW, 100))

    for each in reversed(found):
        store.write(lambda s, each=each: s.expiry.delete([each]))

    noted = store.read(lambda s: s._connection.execute(s._schema.removed.select()).all())
    assert list(map(tuple, noted)) == [("j1", NOW - 3 * DAY)]
