"""Times, states and names as a terminal shows them."""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botsched.notify.wording import duration

NOTHING: Final = "-"
_FAR: Final = timedelta(days=2)
_SHORTLY: Final = timedelta(days=180)


def short(time: str | None, now: datetime | None = None) -> str:
    """A time on the clock of this machine: of today by its seconds, of far off by its year."""
    return _written(time, now, "%H:%M:%S", "%b %d %H:%M")


def brief(time: str | None, now: datetime | None = None) -> str:
    """The same, to the minute or to the day."""
    return _written(time, now, "%H:%M", "%b %d")


def full(time: str | None, now: datetime | None = None) -> str:
    """The same with date, zone, and how far it is off."""
    if not time:
        return NOTHING
    moment = datetime.fromisoformat(time)
    off = moment - (now or datetime.now(UTC))
    far = f"{abs(off).days} days" if abs(off) >= _FAR else duration(abs(off))
    told = f"in {far}" if off > timedelta() else f"{far} ago"
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S %Z} ({told})"


def took(seconds: float | None) -> str:
    """How long something took."""
    return NOTHING if seconds is None else duration(timedelta(seconds=seconds))


def next_run(job: dict[str, Any]) -> str:
    """When a job runs next, or that it is paused."""
    return "paused" if job["paused"] else short(job["next_run_time"])


def last_run(job: dict[str, Any]) -> str:
    """How a job ended last, and when."""
    last = job["last"]
    return f"{last['state']} {brief(last['time'])}" if last else "never"


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(_columns(each) for each in text)


def cut(text: str, columns: int) -> str:
    """No more of a text than fits, with a sign where something is left off."""
    if width(text) <= columns:
        return text
    kept, left = "", columns - 1
    for each in text:
        left -= _columns(each)
        if left < 0:
            break
        kept += each
    return f"{kept.rstrip()}…"


def _written(time: str | None, now: datetime | None, today: str, lately: str) -> str:
    if not time:
        return NOTHING
    present = (now or datetime.now(UTC)).astimezone()
    local = datetime.fromisoformat(time).astimezone()
    if local.date() == present.date():
        return local.strftime(today)
    return local.strftime(lately if abs(local - present) < _SHORTLY else "%Y-%m-%d")


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
