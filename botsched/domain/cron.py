"""Cron fields as APScheduler and ndscheduler write them, matched against wall-clock time.

A field is a list, separated by commas, of: ``*``, ``*/step``, ``value``, ``first-last``,
``first-last/step``; months and weekdays also by name (``jan``, ``mon-fri``); the day of the month
also as ``last``, ``2nd fri`` or ``last sun``. Weekday 0 is Monday. All fields must match.
Unset fields finer than the finest given one take their lowest value, the others match anything.
"""

import calendar
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from botsched.domain import dayset
from botsched.errors import InvalidError

FIELDS = ("year", "month", "day", "week", "day_of_week", "hour", "minute", "second")
"""From coarse to fine, the order that decides about unset fields."""

_BOUNDS = {
    "year": (1970, 9999),
    "month": (1, 12),
    "day": (1, 31),
    "week": (1, 53),
    "day_of_week": (0, 6),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMES: dict[str, dict[str, int]] = {
    "month": {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)},
    "day_of_week": {name[:3].lower(): number for number, name in enumerate(WEEKDAYS)},
}
_LOWEST = {
    name: "*" if name in ("week", "day_of_week") else str(low) for name, (low, _) in _BOUNDS.items()
}
_POSITIONS = {"1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4, "last": -1}

_EVERY = re.compile(r"\*(?:/(?P<step>\d+))?")
_RANGE = re.compile(r"(?P<first>\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")
_POSITION = re.compile(r"(?P<position>\w+) +(?P<weekday>\w+)")

# How many matching years are searched for a day. The longest wait, for 29 February on one weekday
# across a year such as 2100 that has none, takes 40.
_HORIZON_YEARS = 41


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of a month that depend on the month: its last day, or its n-th Friday."""

    position: int
    weekday: int | None

    def of(self, year: int, month: int) -> Iterator[int]:
        """The matching days of this month: one, or none (a month without a fifth Monday)."""
        first_weekday, length = calendar.monthrange(year, month)
        if self.weekday is None:
            yield length
            return
        days = range(1 + (self.weekday - first_weekday) % 7, length + 1, 7)
        if -1 <= self.position < len(days):
            yield days[self.position]


def effective_fields(given: Mapping[str, str]) -> dict[str, str]:
    """All eight fields, the unset ones filled in by the rule stated above."""
    set_positions = [FIELDS.index(name) for name in given]
    finest = max(set_positions, default=len(FIELDS))
    return {
        name: given.get(name, "*" if position < finest else _LOWEST[name])
        for position, name in enumerate(FIELDS)
    }


@lru_cache(maxsize=4096)
def compile_fields(given: tuple[tuple[str, str], ...]) -> "Cron":
    """The matcher of these (name, expression) pairs.

    Raises InvalidError, which names each wrong field and what it accepts.
    """
    values: dict[str, Sequence[int]] = {}
    month_days: tuple[MonthDays, ...] = ()
    faults: dict[str, str] = {}
    for name, expression in effective_fields(dict(given)).items():
        try:
            values[name], special = _parse_field(name, expression)
        except ValueError as fault:
            faults[name] = str(fault)
        else:
            month_days += special
    if faults:
        raise InvalidError(faults)
    return Cron(values, month_days)


class Cron:
    """Matches wall-clock times, by enumerating them; it knows nothing of time zones."""

    def __init__(
        self, values: Mapping[str, Sequence[int]], month_days: tuple[MonthDays, ...]
    ) -> None:
        self.years = values["year"]
        self.months = values["month"]
        self.days = frozenset(values["day"])
        self.weeks = frozenset(values["week"])
        self.weekdays = frozenset(values["day_of_week"])
        self.month_days = month_days
        self.hours = tuple(values["hour"])
        self.minutes = tuple(values["minute"])
        self.seconds = tuple(values["second"])
        self.every_hour = len(self.hours) == 24
        self.every_year = isinstance(self.years, range)

    @property
    def times(self) -> int:
        """The seconds of a matching day that match."""
        return dayset.of_times(self.hours, self.minutes, self.seconds)

    def next_wall(self, after: datetime) -> datetime | None:
        """The first matching time later than this one; None when there is none ahead."""
        if after >= datetime.max - timedelta(seconds=1):
            return None
        start = after.replace(microsecond=0) + timedelta(seconds=1)
        if self.matches_day(start.date()):
            moment = self._time_from(start.hour, start.minute, start.second)
            if moment is not None:
                return datetime.combine(start.date(), moment)
        day = next(self.days_from(start.date() + timedelta(days=1)), None)
        return None if day is None else datetime.combine(day, self._first_time())

    def matches_day(self, day: date) -> bool:
        """Whether any time of this day matches."""
        return (
            self._weekday_and_week_match(day)
            and day.month in self.months
            and day.year in self.years
            and day.day in self._days_of(day.year, day.month)
        )

    def days_from(self, start: date) -> Iterator[date]:
        """The matching days from this one on, through the years that are searched."""
        first = bisect_left(self.years, start.year)
        for year in self.years[first : first + _HORIZON_YEARS]:
            for month in self.months:
                for number in self._days_of(year, month):
                    day = date(year, month, number)
                    if day >= start and self._weekday_and_week_match(day):
                        yield day

    def _weekday_and_week_match(self, day: date) -> bool:
        return day.weekday() in self.weekdays and (
            len(self.weeks) == 53 or day.isocalendar().week in self.weeks
        )

    def _days_of(self, year: int, month: int) -> Sequence[int]:
        length = calendar.monthrange(year, month)[1]
        if len(self.days) == 31:
            return range(1, length + 1)
        special = (day for rule in self.month_days for day in rule.of(year, month))
        return sorted({day for day in self.days if day <= length}.union(special))

    def _first_time(self) -> time:
        return time(self.hours[0], self.minutes[0], self.seconds[0])

    def _time_from(self, hour: int, minute: int, second: int) -> time | None:
        """The first matching time of day that is not earlier; None when the day holds no more."""
        seconds = bisect_left(self.seconds, second)
        minutes = bisect_left(self.minutes, minute)
        if minutes == len(self.minutes) or self.minutes[minutes] != minute:
            seconds = 0
        elif seconds == len(self.seconds):
            minutes, seconds = minutes + 1, 0
        hours = bisect_left(self.hours, hour)
        if hours == len(self.hours):
            return None
        if self.hours[hours] != hour:
            return time(self.hours[hours], self.minutes[0], self.seconds[0])
        if minutes < len(self.minutes):
            return time(hour, self.minutes[minutes], self.seconds[seconds])
        if hours + 1 == len(self.hours):
            return None
        return time(self.hours[hours + 1], self.minutes[0], self.seconds[0])


def _parse_field(name: str, expression: str) -> tuple[Sequence[int], tuple[MonthDays, ...]]:
    if expression.strip() == "*":
        low, high = _BOUNDS[name]
        return range(low, high + 1), ()
    numbers: set[int] = set()
    special: list[MonthDays] = []
    for part in expression.strip().lower().split(","):
        text = part.strip()
        if name == "day" and (rule := _month_days(text)) is not None:
            special.append(rule)
        else:
            numbers.update(_parse_part(name, text))
    return sorted(numbers), tuple(special)


def _month_days(text: str) -> MonthDays | None:
    if text == "last":
        return MonthDays(-1, None)
    match = _POSITION.fullmatch(text)
    if match is None:
        return None
    position = _POSITIONS.get(match["position"])
    weekday = _NAMES["day_of_week"].get(match["weekday"])
    if position is None or weekday is None:
        raise ValueError(
            f"{text!r} is no weekday of the month; write for example '2nd fri' or 'last sun'"
        )
    return MonthDays(position, weekday)


def _parse_part(name: str, text: str) -> Iterable[int]:
    low, high = _BOUNDS[name]
    if match := _EVERY.fullmatch(text):
        return range(low, high + 1, _step(name, match["step"]))
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not understood; {_accepted(name)}")
    first = _number(name, match["first"])
    last = first if match["last"] is None else _number(name, match["last"])
    if match["last"] is None and match["step"] is not None:
        last = high
    if first > last:
        raise ValueError(f"{text!r} runs backwards; write the lower value first")
    return range(first, last + 1, _step(name, match["step"]))


def _step(name: str, text: str | None) -> int:
    low, high = _BOUNDS[name]
    step = int(text or 1)
    if not 1 <= step <= high - low + 1:
        raise ValueError(f"step {step} must be between 1 and {high - low + 1}")
    return step


def _number(name: str, text: str) -> int:
    low, high = _BOUNDS[name]
    number = _NAMES.get(name, {}).get(text)
    if number is None and text.isascii() and text.isdigit():
        number = int(text)
    if number is None:
        raise ValueError(f"{text!r} is not understood; {_accepted(name)}")
    if not low <= number <= high:
        raise ValueError(f"{text!r} is out of range; {_accepted(name)}")
    return number


def _accepted(name: str) -> str:
    low, high = _BOUNDS[name]
    names = tuple(_NAMES.get(name, ()))
    also = f" or {names[0]} to {names[-1]}" if names else ""
    return f"{name} takes {low} to {high}{also}, '*', ranges such as {low}-{low + 2}, and lists"
