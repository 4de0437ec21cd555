"""The last due instant before another, found with nothing but a way to find the next one."""

from collections.abc import Callable
from datetime import datetime, timedelta

_SECOND = timedelta(seconds=1)
_TICK = timedelta(microseconds=1)


def latest(
    next_after: Callable[[datetime], datetime | None], instant: datetime, since: datetime
) -> datetime | None:
    """The last due instant not later than ``instant`` nor earlier than ``since``.

    Looks back in spans that double, then halves what is left: some dozens of steps, however many
    instants there are.
    """
    span = _SECOND
    while True:
        start = max(instant - span, since - _TICK)
        due = next_after(start)
        if due is not None and due <= instant:
            return _last_from(due, next_after, instant)
        if start < since:
            return None
        span *= 2


def _last_from(
    due: datetime, next_after: Callable[[datetime], datetime | None], instant: datetime
) -> datetime:
    high = instant
    while (following := next_after(due)) is not None and following <= instant:
        middle = following + (high - following) / 2
        later = next_after(middle)
        if later is not None and later <= instant:
            due = later
        else:
            due, high = following, middle
    return due
