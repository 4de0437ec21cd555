"""Claims of executions: what may be started, also when the answer to an earlier one was lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from botsched.domain.execution import Execution, State
from botsched.execution.recording import Recorder
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import DEFAULTS, NOW, an_execution
from tests.support.waiting import PATIENCE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    yield store
    store.close()


@pytest.fixture
def recorder(store: Store) -> Recorder:
    return Recorder(store, lambda: NOW + timedelta(seconds=1), DEFAULTS)


def claim(recorder: Recorder, *executions: Execution) -> set[str]:
    return recorder.claim(list(executions)).result(PATIENCE).ids


def test_only_what_is_scheduled_is_claimed(store, recorder) -> None:
    waiting, stopped = an_execution(), an_execution(state=State.STOPPED)
    store.write(lambda s: s.executions.add([waiting, stopped]))

    assert claim(recorder, stopped, an_execution(), waiting) == {waiting.id}


def test_a_claim_whose_answer_was_lost_is_made_again(store, recorder) -> None:
    execution = an_execution()
    store.write(lambda s: s.executions.add([execution]))
    claim(recorder, execution)

    assert claim(recorder, execution) == {execution.id}


@pytest.mark.parametrize("changes", [{"pid": 7}, {"hostname": "other"}, {"boot_id": "other"}])
def test_what_has_a_process_or_is_anothers_is_not_claimed(store, recorder, changes) -> None:
    execution = an_execution()
    store.write(lambda s: s.executions.add([execution]))
    claim(recorder, execution)
    store.write(lambda s: s.executions.amend(execution.id, changes))

    assert claim(recorder, execution) == set()
