"""What is done before and after every run, in the process of the run."""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from botsched.errors import ExecutionError
from botsched.job.base import JobBase
from botsched.job.outcome import Outcome
from botsched.job.trace import error_line


class RunHooks:
    """Subclass it, and name the subclass by ``--run-hooks MODULE.CLASS``.

    One instance serves all runs of a process, of which there is one for each run. Whatever a hook
    prints is output of the run, and whatever it raises makes the run a failure that says so.
    """

    def before_run(self, job: JobBase, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Called before ``job.run(*args, **kwargs)``, which is not called when this raises."""

    def after_run(
        self, job: JobBase, args: Sequence[Any], kwargs: Mapping[str, Any], outcome: Outcome
    ) -> None:
        """Called after ``run`` returned or raised; not when the process was ended meanwhile."""


class MissingHooks(RunHooks):
    """Stands for hooks that could not be loaded: no run goes without them."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def before_run(self, *_: object) -> None:
        """Refuse. Raises ExecutionError."""
        raise ExecutionError(self._reason)


def load_hooks(name: str) -> RunHooks:
    """An instance of the class ``MODULE.CLASS``; raises ExecutionError."""
    module, _, class_name = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), class_name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise ExecutionError(
            f"The hooks {name} could not be loaded: {error_line(error)}"
        ) from error
    if not (isinstance(found, type) and issubclass(found, RunHooks)):
        raise ExecutionError(f"The hooks {name} are no subclass of botsched.job.hooks.RunHooks.")
    return found()
