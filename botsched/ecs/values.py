"""Values that a job of ECS is given; whatever is wrong fails the run in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botsched.domain.ecsarguments import ARGUMENTS, ArgumentError
from botsched.job import JobError


@contextmanager
def checked() -> Iterator[None]:
    """Turn an ArgumentError into a JobError."""
    try:
        yield
    except ArgumentError as error:
        raise JobError(f"{error}.") from None


def read(name: str, value: object) -> Any:
    """The value of an argument. Raises JobError."""
    with checked():
        return ARGUMENTS[name](value, name)
