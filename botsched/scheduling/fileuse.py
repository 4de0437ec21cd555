"""Which jobs use which data files, by their arguments of type file."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from botsched.catalog import Argument, CatalogueDescription
from botsched.domain.datafile import FileUse
from botsched.domain.job import Arguments
from botsched.store.session import Session

_TYPE = "file"
_MOST_NAMED = 20


def file_use(session: Session, catalogue: CatalogueDescription) -> dict[str, FileUse]:
    """The jobs that name each file, by its name.

    Of a class that cannot be loaded nobody knows which arguments are files: there, all may be.
    """
    declared = {each.job_class_string: each.arguments for each in catalogue.classes}
    without = [
        name
        for name, arguments in declared.items()
        if all(argument.type != _TYPE for argument in arguments)
    ]
    jobs = defaultdict[str, list[tuple[str, str]]](list)
    for job_id, job_name, job_class, arguments in session.jobs.arguments_but_of(without):
        for name in set(named_files(arguments, declared.get(job_class))):
            jobs[name].append((job_id, job_name))
    return {name: FileUse(len(users), tuple(users[:_MOST_NAMED])) for name, users in jobs.items()}


def named_files(arguments: Arguments, declared: tuple[Argument, ...] | None) -> Iterator[str]:
    """The files that these arguments name; ``declared`` None means that any of them may."""
    for value in _candidates(arguments, declared):
        if isinstance(value, str) and value:
            yield posixpath.normpath(value)


def _candidates(arguments: Arguments, declared: tuple[Argument, ...] | None) -> Iterable[Any]:
    if declared is None:
        return arguments if isinstance(arguments, list) else arguments.values()
    files = {index: each.name for index, each in enumerate(declared) if each.type == _TYPE}
    if isinstance(arguments, list):
        return [value for index, value in enumerate(arguments) if index in files]
    if None in files.values():  # it goes by the name of a parameter of run(), not known here
        return arguments.values()
    return [value for name, value in arguments.items() if name in files.values()]
