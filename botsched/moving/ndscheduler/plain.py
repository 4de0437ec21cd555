"""Values of pickles as JSON values and texts, within bounds."""

import math
from typing import Any, Final

from botsched.moving.ndscheduler.pickles import Made, OldText, RefusedError

_MOST_VALUES: Final = 100_000
_DEEPEST: Final = 50
_LARGEST: Final = 1 << 63


def plain(value: Any) -> Any:
    """The value as JSON has it, tuples as lists. Raises RefusedError for anything else.

    What stands in several places is counted in each: a small pickle can be huge written out.
    """
    return _Copy().of(value, 0)


def text_of(value: Any) -> str:
    """The text. Raises RefusedError for anything else, and for one that is no Unicode."""
    if not isinstance(value, str | OldText):
        raise RefusedError(f"it has {_kind(value)} where a text belongs")
    text = str(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RefusedError("it has a text that is no Unicode") from None
    return text


def whole(value: Any, low: int, high: int) -> int:
    """The number, from ``low`` to ``high``. Raises RefusedError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RefusedError(f"it has {_kind(value)} where a number from {low} to {high} belongs")
    return value


class _Copy:
    """Counts as it goes."""

    def __init__(self) -> None:
        self._count = 0

    def of(self, value: Any, depth: int) -> Any:
        self._count += 1
        if self._count > _MOST_VALUES or depth > _DEEPEST:
            raise RefusedError(
                f"its arguments are nested deeper than {_DEEPEST} times, or more than "
                f"{_MOST_VALUES:,} values"
            )
        match value:
            case None | bool():
                return value
            case int() if -_LARGEST <= value < _LARGEST:
                return value
            case float() if math.isfinite(value):
                return value
            case str() | OldText():
                return text_of(value)
            case list() | tuple():
                return [self.of(each, depth + 1) for each in value]
            case dict():
                return {text_of(key): self.of(each, depth + 1) for key, each in value.items()}
        raise RefusedError(f"its arguments have {_kind(value)}, which JSON has not")


def _kind(value: Any) -> str:
    """What a value is, in words that do not show it."""
    if isinstance(value, Made):
        return f"a value of {value.by}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "a number out of range"
    return f"a value of the type {type(value).__name__}"
