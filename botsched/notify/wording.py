"""Instants, durations, sizes and names in the words of a mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from botsched.reports import clean


def one_line(text: str, most: int | None = None) -> str:
    """Fold all white space, line ends above all, so that no text reaches into a next header.

    What is longer than ``most`` characters is cut.
    """
    line = " ".join(clean(text).split())
    return line if most is None or len(line) <= most else line[: most - 1] + "…"


def header_text(text: str) -> str:
    """Make a text fit for a header: on one line, and nothing in it is taken for an encoded word."""
    return one_line(text).replace("=?", "= ?")


def instant(when: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant as ``2026-03-01 04:00:00 +01:00 (Europe/Paris)``; empty for None."""
    if when is None:
        return ""
    local = when.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    return f"{local[:-6]} {local[-6:]} ({zone.key})"


def later_instant(when: datetime | None, before: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant as ``04:00:07`` where one of the same day has just been written in full."""
    if when is None or before is None:
        return instant(when, zone)
    local, last = when.astimezone(zone), before.astimezone(zone)
    near = (local.date(), local.utcoffset()) == (last.date(), last.utcoffset())
    return f"{local:%H:%M:%S}" if near else instant(when, zone)


def short_instant(when: datetime, zone: ZoneInfo) -> str:
    """Write an instant to the minute, as ``Sun 2026-03-01 04:00``."""
    return f"{when.astimezone(zone):%a %Y-%m-%d %H:%M}"


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


def counted(count: int, noun: str) -> str:
    """Write ``1 mail`` or ``12 mails``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def bad_runs(count: int) -> str:
    """Write ``1 bad run`` or ``3 bad runs in a row``."""
    return counted(count, "bad run") + (" in a row" if count > 1 else "")


def ordinal(number: int) -> str:
    """Write ``1st``, ``2nd``, ``13th``."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{ending or 'th'}"


def listed(words: Sequence[str], link: str = "and", most: int = 8) -> str:
    """Write ``a, b and c``; of more than ``most``, how many there are besides."""
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {link} {words[-1]}"
