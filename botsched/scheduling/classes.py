"""Whether a job's class is there, and its arguments are what the class takes."""

from typing import Final

from botsched.catalog import CatalogueDescription, JobClassInfo
from botsched.domain.job import Arguments
from botsched.errors import ExecutionError, InvalidError
from botsched.execution.runner import Runner
from botsched.job.checking import faults

_LOAD_SECONDS: Final = 5.0


def check_class(runner: Runner, job_class: str, timeout: float) -> JobClassInfo:
    """The description of a class that can be chosen. Raises InvalidError saying why it cannot.

    Raises ExecutionError when the job folders are not loaded in time, in seconds.
    """
    catalogue = runner.catalogue(timeout)
    if catalogue.get(job_class) is None:
        catalogue = runner.catalogue_anew(_LOAD_SECONDS)  # it may have come just now
    known = catalogue.get(job_class)
    if known is None:
        raise InvalidError({"job_class_string": _why_not(catalogue, job_class)})
    return known


def known_class(runner: Runner, job_class: str) -> JobClassInfo | None:
    """The description of a class; None when there is none now."""
    try:
        return runner.catalogue(_LOAD_SECONDS).get(job_class)
    except ExecutionError:
        return None


def check_arguments(runner: Runner, info: JobClassInfo | None, arguments: Arguments) -> None:
    """Raise InvalidError naming each argument that is not what the class declares.

    Of a class of which nothing is known, nothing is refused.
    """
    found = {} if info is None else faults(info, arguments, runner.secrets().values)
    if found:
        raise InvalidError({f"pub_args{place}": fault for place, fault in found.items()})


def _why_not(catalogue: CatalogueDescription, job_class: str) -> str:
    for failure in catalogue.failures:
        if failure.concerns(job_class):
            return f"{job_class!r} cannot be loaded: {failure.error}"
    known = ", ".join(sorted(entry.job_class_string for entry in catalogue.classes)[:20])
    return f"{job_class!r} is in no job folder; there are: {known or 'none'}"
