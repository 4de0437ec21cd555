"""What the runner does when another server may have taken over, or has."""

import time

import pytest
from sqlalchemy import insert

from botsched.domain.execution import State
from botsched.execution.waiting import Order
from botsched.settings.model import TableNames
from botsched.store.fence import Fence, elapsed
from botsched.store.schema import Schema
from tests.process.execution.conftest import FREE, Engine
from tests.support.values import NOW
from tests.support.waiting import is_alive, until

CODE = """
class Quick(JobBase):
    def run(self):
        print("once")


class Slow(JobBase):
    def run(self):
        print("sleeping", flush=True)
        time.sleep(600)
"""
TOKEN = 5


@pytest.fixture
def fence(engine: Engine) -> Fence:
    """The lease with this token is held; the database of the engine knows it."""
    engine.write("some", CODE)
    engine.start(slots=1)
    lease = Schema(TableNames()).lease
    row = {"name": "fence", "holder": "", "token": TOKEN, "renewed_at": NOW, "expires_at": NOW}
    engine.store.write(lambda session: session._connection.execute(insert(lease), row))
    fence = Fence(lease)
    engine.store.fence = engine.store._writer._fence = fence
    fence.grant(TOKEN, elapsed() + 600)
    return fence


def settled(engine: Engine) -> None:
    """Return when the runner has done what it was told, and the writer has."""
    done = []
    engine.runner._ask(lambda: done.append(True))
    until(lambda: done, "the runner to have obeyed")
    engine.store.write(lambda session: None)


def test_what_is_handed_over_twice_is_run_once(engine, fence) -> None:
    first = engine.submit("some.Slow")
    engine.running(first)
    waiting = engine.submit("some.Quick")
    order = Order(engine.get(waiting), FREE)

    engine.runner.submit([order])
    engine.runner.submit([order, Order(engine.get(first), FREE)])
    settled(engine)

    assert engine.runner.waiting_count == 1
    assert engine.runner.knows(waiting)
    engine.stop(first)
    assert engine.ended(waiting).state is State.SUCCEEDED
    until(lambda: not engine.runner.knows(waiting), "the end to be known")
    engine.runner.submit([order])
    settled(engine)
    assert engine.output(waiting) == "once\n"


def test_a_server_that_stands_by_runs_nothing(engine, fence) -> None:
    fence.withdraw()

    execution = engine.submit("some.Quick")
    settled(engine)

    assert not engine.runner.knows(execution)
    assert engine.get(execution).state is State.SCHEDULED


def test_after_a_loss_what_runs_is_ended_and_nothing_of_it_recorded(engine, fence, caplog) -> None:
    running = engine.submit("some.Slow")
    pid = engine.running(running).pid
    waiting = engine.submit("some.Quick")
    settled(engine)
    before = engine.get(running)

    fence.withdraw()
    engine.runner.abandon()

    until(lambda: not is_alive(pid), "the job to end")
    until(lambda: not engine.runner.running_count, "the runner to notice")
    settled(engine)
    assert engine.get(running) == before
    assert not engine.runner.knows(running)
    assert not engine.runner.knows(waiting)
    assert engine.runner.waiting_count == 0
    assert "recorded it as lost" in caplog.text

    # Holding the lease again, it goes on with what it is given.
    fence.grant(TOKEN, elapsed() + 600)
    engine.runner.resume()
    engine.runner.submit([Order(engine.get(waiting), FREE)])
    assert engine.ended(waiting).state is State.SUCCEEDED
    assert engine.get(running) == before


def test_while_the_lease_is_in_doubt_nothing_starts_and_ends_are_kept(engine, fence) -> None:
    running = engine.submit("some.Slow")
    engine.printed(running, "sleeping")
    engine.store.write(lambda s: s.executions.move(running, State.STOPPING, NOW))
    fence.grant(TOKEN, elapsed() - 1)
    waiting = engine.submit("some.Quick")

    engine.runner.stop(running, "ann")
    until(lambda: not engine.runner.running_count, "the job to end")
    settled(engine)
    assert engine.get(running).state is State.STOPPING
    assert engine.get(waiting).state is State.SCHEDULED

    fence.grant(TOKEN, elapsed() + 600)
    assert engine.ended(running).state is State.STOPPED
    assert engine.ended(waiting).state is State.SUCCEEDED


def test_what_was_claimed_before_the_server_froze_is_not_started_when_it_wakes_up(
    engine, fence, monkeypatch
) -> None:
    recorder = engine.runner._recorder
    claim = recorder.claim
    claims = []

    def freeze(executions):
        future = claim(executions)
        if not claims:
            future.add_done_callback(lambda _: fence.grant(TOKEN, elapsed() - 1))
        claims.append(future)
        return future

    monkeypatch.setattr(recorder, "claim", freeze)
    execution = engine.submit("some.Slow")
    until(lambda: engine.get(execution).state is State.RUNNING, "the claim")
    settled(engine)
    time.sleep(0.2)  # in which it would start
    assert engine.runner.running_count == 0

    fence.grant(TOKEN, elapsed() + 600)
    assert engine.printed(execution, "sleeping") == "sleeping\n"
