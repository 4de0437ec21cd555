"""Whether a job's class is there, and its arguments are what the class takes."""

from typing import Final, Protocol

from botsched.catalog import CatalogueDescription, JobClassInfo
from botsched.domain import ecsarguments
from botsched.domain.ecstasks import RUN_TASK
from botsched.domain.job import Arguments
from botsched.errors import ExecutionError, InvalidError
from botsched.execution.secrets import Secrets
from botsched.job.checking import faults

_LOAD_SECONDS: Final = 5.0


class Classes(Protocol):
    """Whoever knows the job classes, and the secrets that jobs may name."""

    def catalogue(self, timeout: float) -> CatalogueDescription:
        """What was loaded; ExecutionError when that takes longer, in seconds."""

    def catalogue_anew(self, timeout: float) -> CatalogueDescription:
        """The same, after one more look into the folders."""

    def secrets(self) -> Secrets:
        """The secrets there are."""


def check_class(known: Classes, job_class: str, timeout: float) -> JobClassInfo:
    """The description of a class that can be chosen. Raises InvalidError saying why it cannot.

    Raises ExecutionError when the job folders are not loaded in time, in seconds.
    """
    catalogue = known.catalogue(timeout)
    if catalogue.get(job_class) is None:
        catalogue = known.catalogue_anew(_LOAD_SECONDS)  # it may have come just now
    info = catalogue.get(job_class)
    if info is None:
        raise InvalidError({"job_class_string": _why_not(catalogue, job_class)})
    return info


def known_class(known: Classes, job_class: str) -> JobClassInfo | None:
    """The description of a class; None when there is none now."""
    try:
        return known.catalogue(_LOAD_SECONDS).get(job_class)
    except ExecutionError:
        return None


def check_arguments(known: Classes, info: JobClassInfo | None, arguments: Arguments) -> None:
    """Raise InvalidError naming each argument that is not what the class declares.

    Of a class of which nothing is known, nothing is refused.
    """
    found = {} if info is None else faults(info, arguments, known.secrets().values)
    if info is not None and info.job_class_string == RUN_TASK:
        found = ecsarguments.faults(arguments) | found
    if found:
        raise InvalidError({f"pub_args{place}": fault for place, fault in found.items()})


def _why_not(catalogue: CatalogueDescription, job_class: str) -> str:
    for failure in catalogue.failures:
        if failure.concerns(job_class):
            return f"{job_class!r} cannot be loaded: {failure.error}"
    known = ", ".join(sorted(entry.job_class_string for entry in catalogue.classes)[:20])
    return f"{job_class!r} is in no job folder; there are: {known or 'none'}"
