"""One turn of the runner's loop."""

import os
import selectors
from pathlib import Path

from botsched.domain.clock import system_clock
from botsched.execution.recording import Recorder
from botsched.execution.runner import Runner
from botsched.settings.model import DatabaseSettings, Dbms, ExecutionSettings
from botsched.store.store import Store
from tests.support.values import DEFAULTS


def test_what_was_ended_earlier_in_a_turn_is_not_attended_to(tmp_path: Path) -> None:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    runner = Runner(
        ExecutionSettings((), tmp_path), Recorder(store, system_clock, DEFAULTS), system_clock
    )
    pipes = [os.pipe() for _ in range(5)]
    attended: list[int] = []

    def end_all(reader: int) -> None:
        attended.append(reader)
        for other, _writer in pipes:
            runner._selector.unregister(other)

    for reader, writer in pipes:
        os.write(writer, b"x")
        runner._selector.register(
            reader, selectors.EVENT_READ, lambda reader=reader: end_all(reader)
        )

    runner._turn()

    assert len(attended) == 1
    for pipe in pipes:
        for descriptor in pipe:
            os.close(descriptor)
    store.close()
