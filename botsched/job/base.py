"""The base class of all jobs, for both the ``info`` and the ``meta_info()`` style."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from botsched.job.progress import Teller, checked
from botsched.reports import Item


class JobError(Exception):
    """Raised by a job to fail with a plain message and no traceback."""


class JobBase:
    """A job: subclass it, describe it in ``info`` and do the work in ``run``.

    ``info`` may hold ``job_class_name``, ``notes``, ``arguments`` (a list of dictionaries with
    ``type``, ``description`` and optionally ``name``), ``example_arguments``, ``report_title``
    and ``enabled``. ``run`` gets the job's arguments and returns JSON data, or report items when
    it is decorated with ``report``; raising anything makes the run a failure.
    """

    info: ClassVar[Mapping[str, Any]] = {}

    # What a run decorated with ``report`` has reported so far; kept when it then fails.
    report_items: Sequence[Item] | None = None

    # JSON data that a run may set as it goes: its result when it fails, or returns nothing else.
    result_so_far: Any = None

    # Set by the process that runs the job; without it, as in a test, nobody is told.
    tell_progress: Teller | None = None

    def __init__(self, job_id: str | None = None, execution_id: str | None = None) -> None:
        self.job_id = job_id
        self.execution_id = execution_id

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Do the work; every job overrides this."""
        raise NotImplementedError(f"{type(self).__name__} has no run() method.")

    def progress(self, fraction: float | None = None, text: str = "") -> None:
        """Say how far the run is, from 0 to 1 (None where nobody can tell), and what it is doing.

        May be called as often as one likes; what is shown changes about once a second.
        """
        fraction, text = checked(fraction, text)
        if self.tell_progress is not None:
            self.tell_progress(fraction, text)

    # The rest is what classes written for ndscheduler override or call.

    @classmethod
    def meta_info(cls) -> Mapping[str, Any]:
        """Return ``info`` completed with the keys that ndscheduler's classes return here."""
        if not isinstance(cls.info, Mapping):
            raise JobError(f"info must be a dictionary, not {type(cls.info).__name__}.")
        described = {"notes": "", "arguments": [], "example_arguments": "", **cls.info}
        return described | {"job_class_string": f"{cls.__module__}.{cls.__qualname__}"}

    @classmethod
    def create_test_instance(cls) -> Self:
        """Return an instance that belongs to no execution, for trying a job by hand."""
        return cls(None, None)

    @classmethod
    def run_job(cls, job_id: str, execution_id: str, *args: Any, **kwargs: Any) -> Any:
        """Run once, outside the scheduler."""
        return cls(job_id, execution_id).run(*args, **kwargs)

    @classmethod
    def get_scheduled_description(cls) -> str:
        """Describe an execution that waits."""
        return ""

    @classmethod
    def get_scheduled_error_description(cls) -> str:
        """Describe an execution that could not be started."""
        return ""

    @classmethod
    def get_running_description(cls) -> str:
        """Describe a running execution."""
        return ""

    @classmethod
    def get_failed_description(cls) -> str:
        """Describe a failed execution in the list of executions."""
        return ""

    @classmethod
    def get_succeeded_description(cls, result: Any = None) -> str:  # noqa: ARG003  for overriders
        """Describe a succeeded execution in the list of executions."""
        return ""
