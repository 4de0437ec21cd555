"""Faults of several fields, gathered so that all are told at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from botsched.errors import InvalidError


class Faults:
    """Gathers what is wrong with single fields."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}

    @contextmanager
    def gathered(self, prefix: str = "") -> Iterator[None]:
        """Keep an InvalidError raised inside; what was to be made there is not to be used.

        ``prefix`` goes before the names of its fields.
        """
        try:
            yield
        except InvalidError as error:
            self._fields |= {prefix + name: fault for name, fault in error.fields.items()}

    def tell(self) -> None:
        """Raise InvalidError when there are faults."""
        if self._fields:
            raise InvalidError(self._fields)
