"""Long lists share the jobs that were built before, and never show an old one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.ids import new_id
from botsched.domain.job import Job, JobPolicy, Missed
from botsched.domain.paging import JobFilter, Paging
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    yield store
    store.close()


def job(name: str) -> Job:
    return Job(
        id=new_id(),
        name=name,
        job_class="jobs.some.Job",
        arguments=["ü", {"deep": [1, None]}],
        schedule=CronSchedule((("hour", "3"),), ZoneInfo("Europe/Berlin")),
        policy=JobPolicy(Missed.ALL, misfire=timedelta(seconds=90)),
        next_due=NOW,
        created_at=NOW - timedelta(days=1, microseconds=7),
        updated_at=NOW,
    )


def listed(store: Store) -> list[Job]:
    return store.read(lambda session: session.jobs.find(JobFilter(), Paging())).items


def test_a_second_list_gives_the_same_objects(store: Store) -> None:
    added = [job("a"), job("b")]
    store.write(lambda session: [session.jobs.add(each) for each in added])

    first, second = listed(store), listed(store)

    assert first == added
    assert [id(each) for each in first] == [id(each) for each in second]


def test_a_change_is_seen_at_once(store: Store) -> None:
    added = job("before")
    store.write(lambda session: session.jobs.add(added))
    assert listed(store) == [added]

    changed = replace(added, name="after", paused_at=NOW, paused_by="ann", version=2)
    store.write(lambda session: session.jobs.replace(changed))

    assert listed(store) == [changed]


def test_the_next_instant_is_seen_though_the_version_stays(store: Store) -> None:
    added = job("a")
    store.write(lambda session: session.jobs.add(added))
    assert listed(store) == [added]

    for moment in (NOW + timedelta(days=1), None):
        store.write(lambda session, moment=moment: session.jobs.set_next_due({added.id: moment}))
        assert listed(store) == [replace(added, next_due=moment)]


def test_deleted_jobs_are_gone_and_new_ones_there(store: Store) -> None:
    old, new = job("old"), job("new")
    store.write(lambda session: session.jobs.add(old))
    assert listed(store) == [old]

    store.write(lambda session: session.jobs.delete(old.id, NOW))
    store.write(lambda session: session.jobs.add(new))

    assert listed(store) == [new]


def test_a_page_ends_where_it_should(store: Store) -> None:
    added = [job(f"job {number}") for number in range(7)]
    store.write(lambda session: [session.jobs.add(each) for each in added])
    found, cursor = [], None
    while True:
        paging = Paging(3, cursor)
        page = store.read(lambda session, paging=paging: session.jobs.find(JobFilter(), paging))
        found += page.items
        if (cursor := page.next_cursor) is None:
            break

    assert found == added


def test_an_id_that_comes_again_shows_the_job_that_has_it_now(store: Store) -> None:
    first = job("first")
    store.write(lambda s: s.jobs.add(first))
    assert [each.name for each in listed(store)] == ["first"]
    store.write(lambda s: (s.jobs.delete(first.id, NOW), s.job_history.forget([first.id])))

    second = replace(first, name="second", created_at=NOW)
    store.write(lambda s: s.jobs.add(second))

    assert [each.name for each in listed(store)] == ["second"]
