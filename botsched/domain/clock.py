"""Time as a value: whoever needs the current instant is given a clock."""

from collections.abc import Callable
from datetime import UTC, datetime

NEVER = datetime.max.replace(tzinfo=UTC)
"""The end of what lasts until somebody ends it."""

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The current instant, in UTC."""
    return datetime.now(UTC)
