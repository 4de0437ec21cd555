"""What is committed becomes news, while somebody listens."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.clock import system_clock
from botsched.domain.execution import OutputChunk, State
from botsched.domain.news import News, Notes
from botsched.errors import StoreUnavailableError
from botsched.feed import feed as feeds
from botsched.feed.feed import Feed
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import NOW, a_job, an_execution
from tests.support.waiting import PATIENCE, until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    yield store
    store.close()


@pytest.fixture
def feed(store: Store) -> Iterator[Feed]:
    feed = Feed(store, system_clock)
    feed.start()
    yield feed
    feed.close()


class Reader:
    """Reads as a stream does."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.woken = threading.Event()
        self.place = feed.read(None).place
        self.resets = 0
        self.seen: list[News] = []

    def read(self) -> list[dict[str, Any]]:
        told = self.feed.read(self.place)
        self.place = told.place
        self.resets += told.reset
        self.seen += told.news
        return [{"type": each.topic, **each.data} for each in self.seen]

    def until(self, *wanted: dict[str, Any]) -> None:
        until(lambda: all(each in self.read() for each in wanted), f"{wanted} among {self.seen}")


@pytest.fixture
def reader(feed: Feed) -> Iterator[Reader]:
    """Of this feed, listening."""
    woken = threading.Event()
    with feed.listening(woken.set):
        reader = Reader(feed)
        reader.woken = woken
        yield reader


def add_run(store: Store, **changes: Any) -> str:
    run = an_execution(**changes)
    store.write(lambda session: session.executions.add([run]))
    return run.id


def told_of(run: str, state: State) -> dict[str, Any]:
    return {"type": "execution", "execution_id": run, "job_id": "j1", "state": state}


def test_each_kind_of_change_is_told(store: Store, reader: Reader) -> None:
    job = a_job()
    run = add_run(store)
    chunks = [OutputChunk(number, "out", NOW, "x") for number in (1, 2)]
    store.write(lambda session: session.jobs.add(job))
    store.write(lambda session: session.output.add(run, chunks))
    store.write(lambda session: session.audit.add(AuditEvent(Event.LOGIN, "ann", NOW)))
    store.write(lambda session: session.files.delete("hosts.txt"))
    store.write(lambda session: session.controls.put(session.controls.get(), NOW, "ann"))

    reader.until(
        told_of(run, State.SCHEDULED),
        {"type": "output", "execution_id": run, "next": 2},
        {"type": "job", "job_id": job.id, "change": "added"},
        {"type": "log"},
        {"type": "file"},
        {"type": "hold"},
    )
    assert reader.woken.is_set()
    store.write(lambda session: session.jobs.delete(job.id, NOW))
    store.write(lambda session: session.executions.move(run, State.RUNNING, NOW))
    reader.until(
        {"type": "job", "job_id": job.id, "change": "deleted"}, told_of(run, State.RUNNING)
    )
    assert reader.resets == 0


def test_progress_is_told_and_how_much_was_printed_is_not(store: Store, reader: Reader) -> None:
    run = add_run(store, state=State.RUNNING)
    reader.until(told_of(run, State.RUNNING))
    reader.seen.clear()
    store.write(lambda session: session.executions.amend(run, {"output_bytes": 5}))
    other = add_run(store)
    reader.until(told_of(other, State.SCHEDULED))
    assert told_of(run, State.RUNNING) not in reader.read()

    store.write(lambda session: session.executions.amend(run, {"progress": 0.5}))
    reader.until(told_of(run, State.RUNNING))


def test_what_is_not_committed_is_not_told(store: Store, reader: Reader) -> None:
    def failing(session: Any) -> None:
        session.executions.add([an_execution()])
        raise ValueError("no good")

    with pytest.raises(ValueError, match="no good"):
        store.write(failing)
    run = add_run(store)

    reader.until(told_of(run, State.SCHEDULED))
    assert [each.thing for each in reader.seen] == [run]


def test_a_burst_is_told_together(store: Store, reader: Reader) -> None:
    first = add_run(store)
    reader.until(told_of(first, State.SCHEDULED))
    runs = [an_execution() for _ in range(300)]
    for run in runs:
        store.submit(lambda session, run=run: session.executions.add([run]))
        store.submit(lambda session, run=run: session.executions.move(run.id, State.RUNNING, NOW))

    places = {reader.place}

    def all_told() -> bool:
        told = reader.read()
        places.add(reader.place)
        return all(told_of(run.id, State.RUNNING) in told[-600:] for run in runs)

    until(all_told, "the burst is told")
    assert len(places) < 200  # and not one for each of the 600 changes
    assert reader.resets == 0


def test_changes_without_a_pause_are_told_a_few_times_a_second(
    store: Store, reader: Reader
) -> None:
    began = time.monotonic()
    places = set()
    while time.monotonic() < began + (1 if len(places) > 1 else PATIENCE):
        add_run(store)
        reader.read()
        places.add(reader.place)

    assert 2 <= len(places) <= (time.monotonic() - began) / feeds._GAP_SECONDS + 2


def test_more_than_can_be_told_is_a_reset(
    store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "SIZE", 10)
    store.write(lambda session: session.executions.add([an_execution() for _ in range(11)]))

    until(lambda: reader.read() == [] and reader.resets == 1, "a reset")
    run = add_run(store)
    reader.until(told_of(run, State.SCHEDULED))


def test_doubt_about_a_commit_is_a_reset(feed: Feed, reader: Reader) -> None:
    feed.in_doubt()

    until(lambda: reader.read() == [] and reader.resets == 1, "a reset")


def test_doubt_while_other_servers_are_looked_for_is_a_reset(
    store: Store, feed: Feed, reader: Reader
) -> None:
    class Others:
        def look(self, noted: Notes) -> bool:
            if not looked.is_set():
                feed.in_doubt()  # as the writer may, in its own thread
                looked.set()
            return True

    looked = threading.Event()
    feed._others = Others()  # type: ignore[assignment]
    feed._awake.set()

    until(lambda: reader.read() == [] and reader.resets == 1, "a reset")


def test_what_cannot_be_looked_at_now_is_told_later(
    store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()
    read = store.read

    def failing(operation: Any) -> Any:
        if not failed.is_set():
            failed.set()
            raise StoreUnavailableError("It is away.")
        return read(operation)

    monkeypatch.setattr(store, "read", failing)
    run = add_run(store)

    reader.until(told_of(run, State.SCHEDULED))
    assert failed.is_set()


def test_nothing_is_kept_when_nobody_has_listened_for_a_while(
    store: Store, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with feed.listening(lambda: None):
        reader = Reader(feed)
    run = add_run(store)
    reader.until(told_of(run, State.SCHEDULED))  # for somebody who comes back soon
    monkeypatch.setattr(feeds, "_KEEP_SECONDS", 0.0)
    feed._awake.set()
    until(lambda: store._writer.watcher is None, "the feed rests")

    add_run(store)
    with feed.listening(lambda: None):
        assert feed.read(reader.place).reset


def test_whoever_listens_is_woken_by_the_end(store: Store) -> None:
    feed = Feed(store, system_clock)
    feed.start()
    woken = threading.Event()
    with feed.listening(woken.set):
        feed.close()

    assert woken.is_set()
    assert feed.closed
