"""Five fields as in crontab(5): minute, hour, day of month, month, day of week.

Months and weekdays may be named, 0 and 7 are Sunday, and ``@daily`` and its like are whole lines.
When neither the day of the month nor the day of the week begins with ``*``, either may match.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Self
from zoneinfo import ZoneInfo

from botsched.domain import dayset
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.latest import latest
from botsched.errors import InvalidError

_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True)
class CrontabSchedule:
    """A crontab line's time, as given, in a time zone."""

    text: str
    timezone: ZoneInfo

    @classmethod
    def of(cls, text: str, timezone: ZoneInfo) -> Self:
        """Check the text. Raises InvalidError saying what is wrong and what is accepted."""
        _parse(text, timezone)
        return cls(text, timezone)

    def next_after(self, instant: datetime) -> datetime | None:
        """The first due instant later than this one; None when there is none."""
        found = [schedule.next_after(instant) for schedule in self.parts]
        return min((due for due in found if due is not None), default=None)

    def last_until(self, instant: datetime, since: datetime) -> datetime | None:
        """The last due instant not later than ``instant`` nor earlier than ``since``."""
        return latest(self.next_after, instant, since)

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included."""
        return dayset.count(self.parts, first, last)

    def seconds_from(self, start: datetime) -> int:
        """Its due instants in the day from ``start``, as a set of seconds."""
        return reduce(or_, (schedule.seconds_from(start) for schedule in self.parts))

    def skipped_at(self, due: datetime) -> datetime | None:
        """The first local time that this due instant stands for because the clock skips it."""
        return next(filter(None, (schedule.skipped_at(due) for schedule in self.parts)), None)

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form, read again by ``schedule_from_data``."""
        return {"type": "crontab", "crontab": self.text, "timezone": self.timezone.key}

    @property
    def parts(self) -> tuple[CronSchedule, ...]:
        """It is due when the only one or either of two schedules of cron fields is."""
        return _parse(self.text, self.timezone)


@lru_cache(maxsize=4096)
def _parse(text: str, timezone: ZoneInfo) -> tuple[CronSchedule, ...]:
    fields = _split(text)
    given = fields | {"day_of_week": _weekdays(fields["day_of_week"])}
    either = [given]
    if not (fields["day"].startswith("*") or fields["day_of_week"].startswith("*")):
        either = [given | {"day_of_week": "*"}, given | {"day": "*"}]
    # Of a day of the month that never comes, and a weekday, the weekday remains.
    parts = tuple(filter(None, (_schedule(each, timezone) for each in either)))
    if not parts:
        told = f"{text!r} never comes: none of its months has such a day"
        raise InvalidError({"crontab": told})
    return parts


def _split(text: str) -> dict[str, str]:
    if text.strip().lower() == "@reboot":
        raise InvalidError(
            {"crontab": "@reboot names no time; give a time, or run the job by hand"}
        )
    fields = _MACROS.get(text.strip().lower(), text).split()
    if len(fields) != 5:
        raise InvalidError(
            {
                "crontab": f"{text!r} has {len(fields)} fields; give five: minute, hour, day of "
                f"month, month, day of week; or one of {', '.join(_MACROS)}"
            }
        )
    return dict(zip(("minute", "hour", "day", "month", "day_of_week"), fields, strict=True))


def _schedule(fields: dict[str, str], timezone: ZoneInfo) -> CronSchedule | None:
    """None when it never comes."""
    try:
        return CronSchedule.of(fields, timezone)
    except InvalidError as error:
        if "schedule" in error.fields:
            return None
        raise InvalidError({"crontab": str(error)}) from None


def _weekdays(field: str) -> str:
    """The field with Sunday as 0 or 7, as names and lists of names."""
    return ",".join(name for part in field.lower().split(",") for name in _weekday_part(part))


def _weekday_part(part: str) -> Iterator[str]:
    span, slash, step = part.partition("/")
    if span == "*":
        yield from (_WEEKDAYS[day] for day in range(0, 7, _step(step) if slash else 1))
        return
    first, dash, last = span.partition("-")
    begin = _weekday(first, part)
    end = _weekday(last, part) if dash else (6 if slash else begin)
    if end == 0 and begin > 0:
        end = 7
    if begin > end:
        raise InvalidError({"crontab": f"weekdays {part!r} run backwards; write the earlier first"})
    yield from (_WEEKDAYS[day % 7] for day in range(begin, end + 1, _step(step) if slash else 1))


def _weekday(text: str, part: str) -> int:
    if text in _WEEKDAYS:
        return _WEEKDAYS.index(text)
    if _is_number(text) and int(text) <= 7:
        return int(text)
    raise InvalidError(
        {"crontab": f"weekday {part!r} is not understood; write 0 to 7 or sun to sat"}
    )


def _step(text: str) -> int:
    if _is_number(text) and 1 <= int(text) <= 7:
        return int(text)
    raise InvalidError({"crontab": f"step {text!r} of the weekdays must be between 1 and 7"})


def _is_number(text: str) -> bool:
    """Whether these are digits, and not thousands of them, which Python refuses to read."""
    return text.isascii() and text.isdigit() and len(text) < 10
