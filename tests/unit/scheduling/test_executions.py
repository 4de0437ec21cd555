"""Stopping executions, and reading what is recorded of them."""

from typing import Any

import pytest

from botsched.domain.execution import ACTIVE, FINAL, Cause, OutputChunk, State
from botsched.domain.paging import AuditFilter, OutputPart, Paging
from botsched.errors import ConflictError, NotFoundError
from botsched.scheduling.executions import AuditService, ExecutionService
from botsched.scheduling.outputs import PORTION
from tests.support.values import NOW, an_execution


@pytest.fixture
def stopped(runner, monkeypatch) -> list[str]:
    """The executions that the runner was told to stop."""
    told: list[str] = []
    monkeypatch.setattr(runner, "stop", lambda key, user: told.append(f"{user} {key}"))
    return told


@pytest.fixture
def executions(record, runner, clock, stopped) -> ExecutionService:
    return ExecutionService(record.store, runner, clock)


def test_one_that_waits_is_stopped_at_once(executions, record, clock, stopped) -> None:
    execution = an_execution()
    record.add_executions(execution)
    now = clock.move(seconds=1)

    executions.stop(execution.id, "bob")

    row = record.execution(execution.id)
    assert (row.state, row.cause, row.ended_at) == (State.STOPPED, Cause.STOPPED, now)
    assert row.reason == "Stopped by bob before it started."
    assert stopped == []
    assert record.audit() == [("stopped", "bob", "backup", f"execution {execution.id}")]


def test_one_that_runs_is_being_stopped(executions, record, clock, stopped) -> None:
    execution = an_execution(state=State.RUNNING)
    record.add_executions(execution)

    executions.stop(execution.id, "bob")

    row = record.execution(execution.id)
    assert (row.state, row.cause, row.ended_at) == (State.STOPPING, Cause.STOPPED, None)
    assert row.reason == "Being stopped by bob."
    assert stopped == [f"bob {execution.id}"]
    assert len(record.audit()) == 1


@pytest.mark.parametrize("state", sorted(FINAL | ACTIVE - {State.SCHEDULED, State.RUNNING}))
def test_one_that_cannot_be_stopped_says_why(executions, record, stopped, state) -> None:
    execution = an_execution(state=state)
    record.add_executions(execution)

    words = rf"has ended \({state}\)" if state in FINAL else f"is {state} already"
    with pytest.raises(ConflictError, match=words):
        executions.stop(execution.id, "bob")

    assert record.execution(execution.id) == execution
    assert stopped == record.audit() == []


def test_an_unknown_one_is_named(executions) -> None:
    for ask in (
        executions.get,
        lambda key: executions.output(key, OutputPart()),
        lambda key: executions.stop(key, "bob"),
    ):
        with pytest.raises(NotFoundError, match="There is no execution 'gone'"):
            ask("gone")


def test_output_is_read_from_any_place(executions, record) -> None:
    execution = an_execution()
    chunks = [OutputChunk(number, "out", NOW, f"{number}") for number in (1, 2, 3)]
    record.add_executions(execution)
    record.store.write(lambda s: s.output.add(execution.id, chunks))

    assert executions.get(execution.id) == execution

    def read(**wanted: Any) -> list[OutputChunk]:
        portions = executions.output(execution.id, OutputPart(**wanted)).portions
        return [chunk for portion in portions for chunk in portion]

    assert read() == chunks
    assert read(after=1, limit=1) == chunks[1:2]
    assert read(before=3) == chunks[:2]
    assert read(size=2) == read(limit=2) == chunks[:2]


def test_any_number_of_pieces_is_read_in_order(executions, record) -> None:
    execution = an_execution(state=State.SUCCEEDED)
    count = 3 * PORTION
    chunks = [OutputChunk(number, "out", NOW, f"{number}\n") for number in range(1, count + 1)]
    record.add_executions(execution)
    record.store.write(lambda s: s.output.add(execution.id, chunks))

    output = executions.output(execution.id, OutputPart())
    portions = list(output.portions)

    assert (output.last, output.ended) == (count, True)
    assert [len(portion) for portion in portions] == [PORTION] * 3
    assert [chunk for portion in portions for chunk in portion] == chunks
    limit = PORTION + 1
    (last,) = executions.output(execution.id, OutputPart(before=count, limit=limit)).portions
    assert last == chunks[-limit - 1 : -1]


def test_a_login_is_recorded_with_its_address(record, clock) -> None:
    audit = AuditService(record.store, clock)

    audit.login("ann", "192.0.2.7")
    record.store.write(lambda _session: None)

    assert record.audit() == [("login", "ann", "", "from 192.0.2.7")]
    assert audit.find(AuditFilter(user="bob"), Paging()).items == []
