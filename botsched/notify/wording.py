"""Instants, durations, sizes and names in the words of a mail."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from botsched.reports import clean


def one_line(text: str) -> str:
    """Fold all white space, line ends above all, so that no text reaches into a next header."""
    return " ".join(clean(text).split())


def instant(when: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant as ``2026-03-01 04:00:00 +01:00 (Europe/Paris)``; empty for None."""
    if when is None:
        return ""
    local = when.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    return f"{local[:-6]} {local[-6:]} ({zone.key})"


def duration(span: timedelta) -> str:
    """Write ``0.25 s``, ``1 min 05 s`` or ``27 h 03 min``; never negative."""
    seconds = max(span.total_seconds(), 0.0)
    if seconds < 59.5:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def size(count: int) -> str:
    """Write a number of bytes in steps of 1000, as mail servers count them."""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return "1 byte" if count == 1 else f"{count} bytes"
