"""The labelled points inside the life of an instant at which the server can be killed.

Nothing in the product knows of them. A point names a function of the product and what has to be
true of a call of it; ``runner`` puts itself around that function.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botsched.domain.execution import FINAL, Cause, State


@dataclass(frozen=True)
class Call:
    """A call of a watched function; ``result`` is None before it returns."""

    arguments: tuple[Any, ...]
    result: Any = None


Condition = Callable[[Call], Any]


class When(StrEnum):
    """Where the point lies, seen from the function."""

    BEFORE = "before"
    AFTER = "after"


class Phase(StrEnum):
    """What a server has to do to come to the point."""

    PREPARE = "prepare"  # an empty database
    START = "start"  # after a crash
    RUN = "run"
    STOP = "stop"


@dataclass(frozen=True)
class Step:
    """A point at a call of a function, outside of any transaction or inside one."""

    label: str
    target: str
    when: When
    condition: Condition = bool
    phase: Phase = Phase.RUN


@dataclass(frozen=True)
class Write:
    """Something that is written, which has two points: before and after its commit."""

    what: str
    target: str
    condition: Condition
    phase: Phase = Phase.RUN

    @property
    def written(self) -> str:
        return f"{self.what} written, not committed"

    @property
    def committed(self) -> str:
        return f"{self.what} committed, nobody told"


COMMIT = "botsched.store.writer:Writer._commit"


def always(_call: Call) -> bool:
    return True


def _has_argument(call: Call) -> bool:
    """Whether the first argument beside ``self`` is more than empty."""
    return bool(call.arguments[1])


def _heard(what: str) -> Condition:
    return lambda call: call.arguments[1]["what"] == what


def _moved_to(*states: State) -> Condition:
    return lambda call: call.result and call.arguments[2] in states


def _added(*, due: bool) -> Condition:
    def condition(call: Call) -> bool:
        return any(
            row.due is not None if due else row.cause is Cause.REQUESTED
            for row in call.arguments[1]
        )

    return condition


WRITES = (
    Write("fates", "botsched.store.executions:Executions.add", _added(due=True)),
    Write("next instants", "botsched.store.jobs:Jobs.set_next_due", _has_argument),
    Write("a run asked for", "botsched.store.executions:Executions.add", _added(due=False)),
    Write("a change of a job", "botsched.store.audit:AuditLog.add", always),
    Write("a claim", "botsched.store.executions:Executions.move", _moved_to(State.RUNNING)),
    Write(
        "a process",
        "botsched.store.executions:Executions.amend",
        lambda call: "pid" in call.arguments[2],
    ),
    Write("output", "botsched.store.output:Output.add", lambda call: call.arguments[2]),
    Write(
        "an end",
        "botsched.store.executions:Executions.move",
        _moved_to(*(FINAL - {State.LOST, State.MISSED})),
    ),
    Write("a mail", "botsched.store.outbox:Outbox.add", _has_argument),
    Write(
        "a loss",
        "botsched.store.executions:Executions.move",
        _moved_to(State.LOST),
        Phase.START,
    ),
)

STEPS = (
    # a new database
    Step(
        "tables to be made",
        "botsched.store.store:prepare",
        When.BEFORE,
        always,
        Phase.PREPARE,
    ),
    Step(
        "tables made, not committed",
        "botsched.store.store:prepare",
        When.AFTER,
        always,
        Phase.PREPARE,
    ),
    # a start after a crash
    Step("recovery to begin", "botsched.app.parts:recover", When.BEFORE, always, Phase.START),
    Step(
        "strays to be killed",
        "botsched.scheduling.recovery:kill_strays",
        When.BEFORE,
        always,
        Phase.START,
    ),
    Step("recovered, runner not told", "botsched.app.parts:recover", When.AFTER, always, Phase.START),
    # an instant
    Step("a wake-up begun", "botsched.scheduling.wakeup:WakeUp.begin", When.AFTER,
         lambda call: call.result),
    Step("fates decided", "botsched.scheduling.settling:Settled.record", When.BEFORE,
         lambda call: call.arguments[0].executions),
    Step("runner to be told", "botsched.execution.runner:Runner.submit", When.BEFORE,
         _has_argument),
    Step("runner told", "botsched.execution.runner:Runner.submit", When.AFTER,
         lambda call: call.arguments[1]),
    Step("a claim to be made", "botsched.execution.recording:Recorder.claim", When.BEFORE, always),
    Step("claimed, no process yet", "botsched.execution.running:RunningJobs.start", When.BEFORE,
         always),
    Step("a process asked for", "botsched.execution.starter:Starter.run", When.AFTER, always),
    Step("a process started, not heard of", "botsched.execution.running:RunningJobs._heard",
         When.BEFORE, _heard("started")),
    Step("a process ended, not heard of", "botsched.execution.running:RunningJobs._heard",
         When.BEFORE, _heard("ended")),
    Step("an end to be recorded", "botsched.execution.recording:Recorder.end", When.BEFORE, always),
    # what a client asked for
    Step("an answer to be sent", "botsched.web.handler:Handler.finish", When.BEFORE,
         lambda call: call.arguments[0].request.method != "GET"),
    # the end
    Step("stopping", "botsched.app.program:_stop", When.BEFORE, always, Phase.STOP),
    Step("stopping, nothing more starts", "botsched.execution.runner:Runner.drain", When.AFTER,
         always, Phase.STOP),
    Step("runs told to end", "botsched.execution.runner:Runner.stop_all", When.AFTER, always,
         Phase.STOP),
    Step("database to be closed", "botsched.store.store:Store.close", When.BEFORE, always,
         Phase.STOP),
    Step("database closed", "botsched.store.store:Store.close", When.AFTER, always, Phase.STOP),
)  # fmt: skip


def labels() -> dict[str, Phase]:
    """Every label, with what brings a server there."""
    found = {step.label: step.phase for step in STEPS}
    for write in WRITES:
        found |= {write.written: write.phase, write.committed: write.phase}
    return found
