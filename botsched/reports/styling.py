"""Arguments by which Tinyscript's items are styled and named: taken, and passed over."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

PASSED_OVER: Final = frozenset({"name", "size", "color", "style"})

_Class = TypeVar("_Class", bound=type)


def styled_elsewhere(item: _Class) -> _Class:
    """Let items be made with these arguments as well, though pages and mails decide on looks."""
    item.__init__ = _without_styling(item.__init__)  # type: ignore[misc]
    return item


def _without_styling(make: Callable[..., None]) -> Callable[..., None]:
    @wraps(make)
    def making(self: object, *args: Any, **named: Any) -> None:
        make(self, *args, **{key: named[key] for key in named.keys() - PASSED_OVER})

    return making
