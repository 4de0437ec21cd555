"""A database server that is there and says nothing."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from botsched.errors import StoreUnavailableError
from botsched.settings.model import Dbms
from botsched.store import engine, patience
from botsched.store.store import Store
from tests.support.databases import DatabaseServer
from tests.support.values import a_job
from tests.support.waiting import until

pytestmark = pytest.mark.slow


def is_stopped(pid: int) -> bool:
    """Whether no thread of it runs any more: a signal takes its time to reach all of them."""
    try:
        stats = [file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:  # a thread that ended meanwhile
        return False
    return all(stat.rpartition(")")[2].split()[0] == "T" for stat in stats)


@contextlib.contextmanager
def frozen(server: DatabaseServer) -> Iterator[None]:
    pids = server.pids()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        until(lambda: all(map(is_stopped, pids)), "the freeze")
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("dbms", [Dbms.POSTGRESQL, Dbms.MYSQL])
def test_a_server_that_is_silent_is_not_waited_for_for_ever(dbms, request, monkeypatch) -> None:
    server: DatabaseServer = request.getfixturevalue(f"{dbms}_server")
    monkeypatch.setattr(engine, "_CONNECT_SECONDS", 2)
    monkeypatch.setattr(engine, "_SILENT_SECONDS", 4)
    monkeypatch.setattr(patience, "_PING_SECONDS", 0.5)
    with server.empty_database() as database, contextlib.closing(Store(database)) as store:
        store.read(lambda session: session.jobs.count())
        with frozen(server), pytest.raises(StoreUnavailableError):
            store.read(lambda session: session.jobs.count())
        until(lambda: store.fault() is None, "the server's return")
        store.write(lambda session: session.jobs.add(a_job()))
        assert store.read(lambda session: session.jobs.count()) == 1


def test_a_wait_that_is_bounded_gives_what_the_unbounded_one_gives() -> None:
    def steps() -> patience._Waiting[str]:
        said = yield 1
        said += yield 2
        return f"{said} steps"

    bounded = patience._bounded(steps(), 60, lambda: None)
    assert next(bounded) == 1
    assert bounded.send(3) == 2
    with pytest.raises(StopIteration) as ended:
        bounded.send(4)
    assert ended.value.value == "7 steps"
