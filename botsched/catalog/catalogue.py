"""The job classes that were found, and what could not be loaded."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from botsched.domain.ecstasks import RUN_TASK
from botsched.errors import ExecutionError
from botsched.job import JobBase
from botsched.job.hooks import RunHooks
from botsched.job.info import JobClassInfo


@dataclass(frozen=True, slots=True)
class ImportFailure:
    """A module that could not be imported, or one class of it that cannot be used.

    ``module`` is its dotted name, or the folder's; ``error`` is one line.
    """

    module: str
    file: str
    error: str
    traceback: str | None = None
    class_name: str | None = None

    def concerns(self, job_class_string: str) -> bool:
        """Tell whether this failure is why there is no such class."""
        if self.class_name is not None:
            return job_class_string == f"{self.module}.{self.class_name}"
        return job_class_string.startswith(f"{self.module}.")


@dataclass(frozen=True, slots=True)
class CatalogueDescription:
    """What is known of the job folders, without the classes themselves."""

    classes: tuple[JobClassInfo, ...] = ()
    failures: tuple[ImportFailure, ...] = ()
    hidden: tuple[str, ...] = ()
    """The other classes by name, from which others derive: jobs that run one go on."""

    def get(self, job_class_string: str) -> JobClassInfo | None:
        """A class that can be chosen for a job; None when there is none of this name."""
        found = (each for each in self.classes if each.job_class_string == job_class_string)
        return next(found, None)

    def unknown(self, job_classes: Iterable[str]) -> list[str]:
        """Those of these classes that are not there; those that failed to load are told anyway."""
        there = {known.job_class_string for known in self.classes} | set(self.hidden)
        return [
            name
            for name in job_classes
            if name not in there and not any(failure.concerns(name) for failure in self.failures)
        ]

    def to_data(self) -> dict[str, Any]:
        """Give JSON data."""
        return asdict(self) | {"classes": [known.to_data() for known in self.classes]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read back what ``to_data`` gave."""
        return cls(
            classes=tuple(JobClassInfo.from_data(entry) for entry in data["classes"]),
            failures=tuple(ImportFailure(**entry) for entry in data["failures"]),
            hidden=tuple(data["hidden"]),
        )


class Catalogue:
    """Job classes by their ``job_class_string``.

    Classes that others inherit from are not described, but can be found: a job that runs one goes
    on running when somebody derives a class from it. ``hooks`` are called around each run.
    """

    def __init__(
        self,
        classes: Mapping[str, type[JobBase]],
        description: CatalogueDescription,
        hooks: RunHooks | None = None,
    ) -> None:
        self.hooks = hooks
        self._classes = classes
        self._description = description

    def description(self) -> CatalogueDescription:
        """Give the classes to choose from and all failures."""
        return self._description

    def find(self, job_class_string: str) -> type[JobBase]:
        """Give the class; raises ``ExecutionError`` naming it and why it is not there."""
        job_class = self._classes.get(job_class_string)
        if job_class is not None:
            return job_class
        missing = f"There is no job class {job_class_string!r} in the job folders"
        for failure in self._description.failures:
            if failure.concerns(job_class_string):
                raise ExecutionError(f"{missing}: {failure.file}: {failure.error}")
        if job_class_string == RUN_TASK:
            missing = f"{missing} without a cluster of ECS; start the server with --ecs-cluster"
        raise ExecutionError(f"{missing}.")
