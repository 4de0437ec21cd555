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
    """A point at a call of a function, ``module:function`` or ``module:Class.method``."""

    label: str
    when: When
    target: str
    condition: Condition
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


def _always(_call: Call) -> bool:
    return True


def _has_argument(call: Call) -> bool:
    """Whether the first argument beside ``self`` is more than empty."""
    return bool(call.arguments[1])


def _gives_any(call: Call) -> bool:
    return bool(call.result)


def _has_rows(call: Call) -> bool:
    return bool(call.arguments[0].executions)


def _changes_something(call: Call) -> bool:
    return call.arguments[0].request.method not in {"GET", "HEAD"}


def _hears(what: str) -> Condition:
    return lambda call: call.arguments[1]["what"] == what


def _moves_to(*states: State) -> Condition:
    return lambda call: call.result and call.arguments[2] in states


def _names_process(call: Call) -> bool:
    return "pid" in call.arguments[2]


def _has_output(call: Call) -> bool:
    return bool(call.arguments[2])


def _is_due(call: Call) -> bool:
    return any(row.due is not None for row in call.arguments[1])


def _is_asked_for(call: Call) -> bool:
    return any(row.cause is Cause.REQUESTED for row in call.arguments[1])


BEFORE, AFTER = When.BEFORE, When.AFTER
_APP = "botsched.app"
_RUN = "botsched.execution"
_SCHED = "botsched.scheduling"
_STORE = "botsched.store"

STEPS = (
    # a new database
    Step("tables to be made", BEFORE, f"{_STORE}.store:prepare", _always, Phase.PREPARE),
    Step("tables made, not committed", AFTER, f"{_STORE}.store:prepare", _always, Phase.PREPARE),
    # a start after a crash
    Step("recovery to begin", BEFORE, f"{_APP}.parts:recover", _always, Phase.START),
    Step("strays to be killed", BEFORE, f"{_SCHED}.recovery:kill_strays", _always, Phase.START),
    Step("recovered, runner not told", AFTER, f"{_APP}.parts:recover", _always, Phase.START),
    # an instant
    Step("a wake-up begun", AFTER, f"{_SCHED}.wakeup:WakeUp.begin", _gives_any),
    Step("fates decided", BEFORE, f"{_SCHED}.settling:Settled.record", _has_rows),
    Step("runner to be told", BEFORE, f"{_RUN}.runner:Runner.submit", _has_argument),
    Step("runner told", AFTER, f"{_RUN}.runner:Runner.submit", _has_argument),
    Step("a claim to be made", BEFORE, f"{_RUN}.recording:Recorder.claim", _always),
    Step("claimed, no process yet", BEFORE, f"{_RUN}.running:RunningJobs.start", _always),
    Step("a process asked for", AFTER, f"{_RUN}.starter:Starter.run", _always),
    Step("a process started", BEFORE, f"{_RUN}.running:RunningJobs._heard", _hears("started")),
    Step("a process ended", BEFORE, f"{_RUN}.running:RunningJobs._heard", _hears("ended")),
    Step("an end to be recorded", BEFORE, f"{_RUN}.recording:Recorder.end", _always),
    # what a client asked for
    Step("an answer to be sent", BEFORE, "botsched.web.handler:Handler.finish", _changes_something),
    # the end
    Step("stopping", BEFORE, f"{_APP}.program:_stop", _always, Phase.STOP),
    Step("nothing more starts", AFTER, f"{_RUN}.runner:Runner.drain", _always, Phase.STOP),
    Step("runs told to end", AFTER, f"{_RUN}.runner:Runner.stop_all", _always, Phase.STOP),
    Step("database to be closed", BEFORE, f"{_STORE}.store:Store.close", _always, Phase.STOP),
    Step("database closed", AFTER, f"{_STORE}.store:Store.close", _always, Phase.STOP),
)

COMMIT = f"{_STORE}.writer:Writer._commit"

_EXECUTIONS = f"{_STORE}.executions:Executions"
_ENDS = FINAL - {State.LOST, State.MISSED}

WRITES = (
    Write("fates", f"{_EXECUTIONS}.add", _is_due),
    Write("next instants", f"{_STORE}.jobs:Jobs.set_next_due", _has_argument),
    Write("a run asked for", f"{_EXECUTIONS}.add", _is_asked_for),
    Write("a change of a job", f"{_STORE}.audit:AuditLog.add", _always),
    Write("a claim", f"{_EXECUTIONS}.move", _moves_to(State.RUNNING)),
    Write("a process", f"{_EXECUTIONS}.amend", _names_process),
    Write("output", f"{_STORE}.output:Output.add", _has_output),
    Write("an end", f"{_EXECUTIONS}.move", _moves_to(*_ENDS)),
    Write("a mail", f"{_STORE}.outbox:Outbox.add", _has_argument),
    Write("a mail's claim", f"{_STORE}.mailqueue:MailQueue.claim", _gives_any),
    Write("a mail's outcome", f"{_STORE}.mailqueue:MailQueue.record", _always),
    Write("a loss", f"{_EXECUTIONS}.move", _moves_to(State.LOST), Phase.START),
)


def labels() -> dict[str, Phase]:
    """Every label, with what brings a server there."""
    found = {step.label: step.phase for step in STEPS}
    for write in WRITES:
        found |= {write.written: write.phase, write.committed: write.phase}
    return found
