"""What other servers on the same database change is told here, too."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.clock import system_clock
from botsched.domain.execution import OutputChunk, State
from botsched.domain.ids import new_id
from botsched.domain.news import Notes, Topic
from botsched.feed.others import Others
from botsched.settings.model import Dbms
from botsched.store.fence import elapsed
from botsched.store.store import Store
from tests.support.databases import DatabaseServer
from tests.support.values import a_job, an_execution


@pytest.fixture(scope="module", params=[Dbms.POSTGRESQL, Dbms.MYSQL])
def stores(request: pytest.FixtureRequest) -> Iterator[tuple[Store, Store]]:
    """Two servers' on one database."""
    server: DatabaseServer = request.getfixturevalue(f"{request.param}_server")
    server.execute("CREATE DATABASE feed")
    settings = replace(server.admin, database="feed")
    here, there = Store(settings), Store(settings)
    yield here, there
    here.close()
    there.close()


@pytest.fixture
def there(stores: tuple[Store, Store]) -> Store:
    return stores[1]


@pytest.fixture
def others(stores: tuple[Store, Store]) -> Others:
    """Of a server that stands by, and has looked before."""
    stores[0].fence.withdraw()
    others = Others(stores[0], system_clock)
    assert not others.look({})
    return others


def seen(others: Others) -> Notes:
    notes: Notes = {}
    assert others.look(notes)
    return notes


def test_states_output_and_progress_are_found(others: Others, there: Store) -> None:
    now = system_clock()
    run = an_execution(updated_at=now)
    there.write(lambda session: session.executions.add([run]))
    assert seen(others) == {(Topic.EXECUTION, run.id): ""}
    assert seen(others) == {}

    there.write(lambda session: session.executions.move(run.id, State.RUNNING, now))
    assert (Topic.EXECUTION, run.id) in seen(others)
    assert seen(others) == {}

    chunks = [OutputChunk(number, "out", now, "x") for number in (1, 2, 3)]
    there.write(lambda session: session.output.add(run.id, chunks))
    there.write(lambda session: session.executions.amend(run.id, {"output_bytes": 3}))
    assert seen(others)[Topic.OUTPUT, run.id] == 3
    assert seen(others) == {}

    there.write(lambda session: session.executions.amend(run.id, {"progress": 0.5}))
    assert (Topic.EXECUTION, run.id) in seen(others)
    there.write(lambda session: session.executions.move(run.id, State.SUCCEEDED, now))
    assert (Topic.EXECUTION, run.id) in seen(others)
    assert seen(others) == {}


def test_what_users_do_is_found(others: Others, there: Store) -> None:
    job = a_job()

    def event(kind: Event, job_id: str = "") -> None:
        it = AuditEvent(kind, "ann", system_clock(), job_id=job_id)
        there.write(lambda session: session.audit.add(it))

    event(Event.PAUSED, job.id)
    assert seen(others) == {(Topic.LOG, ""): "", (Topic.JOB, job.id): "paused"}
    event(Event.FILE_ADDED)
    event(Event.HELD)
    assert seen(others) == {(Topic.LOG, ""): "", (Topic.FILE, ""): "", (Topic.HOLD, ""): ""}
    event(Event.MAIL_DISCARDED, job.id)
    assert seen(others) == {(Topic.LOG, ""): "", (Topic.MAIL, ""): ""}
    event(Event.CUSTOM_RUN, job.id)
    assert seen(others) == {(Topic.LOG, ""): ""}


def test_a_late_commit_is_found(others: Others, there: Store) -> None:
    early, late = (an_execution(id=new_id(), updated_at=system_clock()) for _ in range(2))
    there.write(lambda session: session.executions.add([late]))
    assert seen(others) == {(Topic.EXECUTION, late.id): ""}
    there.write(lambda session: session.executions.add([early]))

    assert seen(others) == {(Topic.EXECUTION, early.id): ""}


def test_who_schedules_looks_for_what_users_do_only(
    stores: tuple[Store, Store], others: Others, there: Store
) -> None:
    here = stores[0]
    here.fence.grant(1, elapsed() + 60)
    assert not others.look({})  # this server has just begun to schedule

    run = an_execution(updated_at=system_clock())
    there.write(lambda session: session.executions.add([run]))
    there.write(lambda session: session.audit.add(AuditEvent(Event.LOGIN, "ann", system_clock())))
    assert seen(others) == {(Topic.LOG, ""): ""}
