"""A runner with a real fork server, over a store and a job folder of its own."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from botsched.domain.clock import system_clock
from botsched.domain.execution import ACTIVE, Execution, OutputChunk, State
from botsched.domain.ids import new_id
from botsched.domain.job import Policy
from botsched.execution.recording import Recorder
from botsched.execution.runner import Runner
from botsched.execution.waiting import Order
from botsched.settings.model import DatabaseSettings, Dbms, ExecutionSettings
from botsched.store.store import Store
from tests.support.values import DEFAULTS, FREE, an_execution
from tests.support.waiting import PATIENCE, until


class Engine:
    """What the tests ask of a runner."""

    def __init__(self, folder: Path, stack: ExitStack, profiles: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.jobs = folder / "jobs"
        self.jobs.mkdir(exist_ok=True)
        self.store = Store(DatabaseSettings(Dbms.SQLITE, path=folder / "test.db"))
        stack.callback(self.store.close)
        self._stack = stack
        self._defaults = replace(DEFAULTS, profiles=profiles)
        self.runner: Runner

    def write(self, module: str, code: str) -> None:
        """Put a job module into the folder; ``from botscheduler import *`` is given."""
        text = f"import os, sys, time\nfrom botscheduler import *\n\n{dedent(code)}"
        (self.jobs / f"{module}.py").write_text(text)

    def start(
        self, *, slots: int = 4, stop_grace: float = 0.5, wait: bool = True, **more: Any
    ) -> None:
        """Start the runner; the jobs are loaded when this returns."""
        settings = ExecutionSettings(
            (self.jobs,),
            self.folder,
            slots=slots,
            stop_grace=stop_grace,
            secrets=self.folder / "secrets.ini",
            **more,
        )
        recorder = Recorder(self.store, system_clock, self._defaults)
        self.runner = Runner(settings, recorder, system_clock)
        self.runner.start()
        self._stack.callback(self.runner.close)
        if wait:
            self.runner.catalogue(PATIENCE)

    def submit(self, job_class: str, *arguments: Any, policy: Policy = FREE, **changes: Any) -> str:
        """Record an execution and hand it over; gives its id."""
        name = job_class if job_class.startswith("botsched.") else f"jobs.{job_class}"
        values = {"id": new_id(), "job_class": name, "arguments": list(arguments)}
        execution = an_execution(**values | changes)
        self.store.write(lambda session: session.executions.add([execution]))
        self.runner.submit([Order(execution, policy)])
        return execution.id

    def get(self, execution_id: str) -> Execution:
        """What is recorded of it now."""
        return self.store.read(lambda session: session.executions.get(execution_id))

    def chunks(self, execution_id: str) -> list[OutputChunk]:
        """What is recorded of its output now."""
        return self.store.read(lambda session: session.output.get(execution_id))

    def output(self, execution_id: str, stream: str | None = None) -> str:
        """The same as text."""
        chunks = self.chunks(execution_id)
        return "".join(chunk.text for chunk in chunks if stream in (None, chunk.stream))

    def printed(self, execution_id: str, text: str) -> str:
        """Wait until the output that is stored holds this text, and give all of it."""
        until(lambda: text in self.output(execution_id), f"output with {text!r}")
        return self.output(execution_id)

    def ended(self, execution_id: str, seconds: float = PATIENCE) -> Execution:
        """Wait until it has ended."""
        return until(
            lambda: (found := self.get(execution_id)).state not in ACTIVE and found,
            f"the end of {execution_id}: {self.get(execution_id)}",
            seconds,
        )

    def run(self, job_class: str, *arguments: Any, **options: Any) -> Execution:
        """Run one to its end."""
        return self.ended(self.submit(job_class, *arguments, **options))

    def running(self, execution_id: str) -> Execution:
        """Wait until its process is recorded."""
        return until(
            lambda: (found := self.get(execution_id)).pid and found, f"a process of {execution_id}"
        )

    def stop(self, execution_id: str) -> None:
        """Stop it as the use case does: first recorded, then done."""
        at = system_clock()
        self.store.write(lambda s: s.executions.require_move(execution_id, State.STOPPING, at))
        self.runner.stop(execution_id, "ann")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def engine(tmp_path: Path, stack: ExitStack) -> Engine:
    """An engine that is not started yet."""
    return Engine(tmp_path, stack)


@pytest.fixture
def mailing_engine(tmp_path: Path, stack: ExitStack) -> Engine:
    """The same with two mail profiles."""
    return Engine(tmp_path, stack, ("ops", "dev"))
