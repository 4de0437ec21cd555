"""The class that ``SCHEDULER_CLASS`` may name a subclass of."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botsched.job import JobBase
from botsched.job.hooks import RunHooks
from botsched.job.outcome import Outcome


class BaseScheduler(RunHooks):
    """Its hooks are called around each run, in the process of the run."""

    @classmethod
    def pre_run(
        cls, job_class: type[JobBase], job_id: str, execution_id: str, *args: Any, **kwargs: Any
    ) -> None:
        """Override it to do something before a run; what it raises keeps the job from running."""

    @classmethod
    def post_run(
        cls,
        job_class: type[JobBase],
        job_id: str,
        execution_id: str,
        result_json: str,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Override it to do something after a success; what it raises makes it a failure."""

    def before_run(self, job: JobBase, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Call ``pre_run``."""
        self.pre_run(type(job), job.job_id or "", job.execution_id or "", *args, **kwargs)

    def after_run(
        self, job: JobBase, args: Sequence[Any], kwargs: Mapping[str, Any], outcome: Outcome
    ) -> None:
        """Call ``post_run`` after a success."""
        if outcome.succeeded:
            text = json.dumps(outcome.result, indent=4, sort_keys=True)
            ids = (job.job_id or "", job.execution_id or "")
            self.post_run(type(job), *ids, text, *args, **kwargs)


class SingletonScheduler(BaseScheduler):
    """The same by its older name."""
