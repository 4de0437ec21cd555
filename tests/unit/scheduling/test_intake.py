from datetime import timedelta

import pytest

from botsched.errors import ConflictError
from botsched.scheduling.intake import take_in
from tests.support.values import NOW, a_job
from tests.unit.scheduling.conftest import Record

LATER = NOW + timedelta(minutes=10)


def test_jobs_begin_when_they_are_taken_in_and_not_when_they_were_looked_at(record: Record) -> None:
    take_in(record.store, [a_job(id="j1", next_due=NOW)], "root (import)", LATER)

    job = record.job("j1")
    assert (job.created_at, job.updated_at) == (LATER, LATER)
    assert job.next_due == LATER + timedelta(minutes=1)
    [(event, user, name, told)] = record.audit()
    assert (event, user, name) == ("added", "root (import)", "backup")
    assert 'arguments: ["true"]' in told


def test_paused_jobs_are_paused_from_then_on(record: Record) -> None:
    take_in(record.store, [a_job(id="j1", paused_at=NOW, paused_by="root")], "root", LATER)

    job = record.job("j1")
    assert (job.paused_at, job.paused_by, job.next_run) == (LATER, "root", None)


def test_all_are_added_or_none(record: Record) -> None:
    record.add(a_job(id="j2", name="there"))

    with pytest.raises(ConflictError, match=r"'there' \(j2\) was added meanwhile; nothing was"):
        take_in(record.store, [a_job(id="j1"), a_job(id="j2")], "root", LATER)

    assert record.store.read(lambda s: s.jobs.count()) == 1
    assert record.audit() == []
