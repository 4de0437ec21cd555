"""Cron fields in English, said from the values that match and not from how they are written.

What would be too long to read has no words here: None.
"""

from collections.abc import Sequence
from itertools import product

from botsched.domain.cron import MONTHS, WEEKDAYS, Cron, MonthDays

_MOST_TIMES = 4
_MOST_PIECES = 10
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


class _TooOddError(Exception):
    """There are no good words."""


def cron_in_words(either: Sequence[Cron]) -> str | None:
    """When the only one, or either of several that differ in their days alone, matches."""
    try:
        times, named = _times(either[0])
        said = [_days(cron) for cron in either]
        span = _span(either[0])
    except _TooOddError:
        return None
    days = " or ".join(said) if all(said) else ""  # all days, when they are all of either
    if named and not days:
        times = f"every day {times}"
    return " ".join(filter(None, (times, days, span)))


def clock(hour: int, minute: int, second: int) -> str:
    """A time of day, to the second where needed."""
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def _times(cron: Cron) -> tuple[str, bool]:
    """The times of a day, and whether they are named one by one."""
    hours, minutes, seconds = cron.hours, cron.minutes, cron.seconds
    if len(hours) * len(minutes) * len(seconds) <= _MOST_TIMES:
        named = [clock(*time) for time in product(hours, minutes, seconds)]
        return f"at {_joined(named)}", True
    return _with_minutes(cron) if seconds == (0,) else _with_seconds(cron), False


def _with_minutes(cron: Cron) -> str:
    hours, minutes = cron.hours, cron.minutes
    rhythm = _rhythm(minutes, "minute")
    if minutes == (0,) and len(hours) == 24:
        return "every hour on the hour"
    if rhythm is None:
        return f"at {_minutes(minutes)} past {_hours(hours)}"
    if len(hours) == 24:
        return rhythm
    if _is_run(hours):
        return f"{rhythm} from {hours[0]:02}:00 to {clock(hours[-1], minutes[-1], 0)}"
    return f"{rhythm} of {_hours(hours)}"


def _with_seconds(cron: Cron) -> str:
    rhythm = _rhythm(cron.seconds, "second")
    said = rhythm or f"at {_numbered('second', cron.seconds)}"
    if rhythm is None or len(cron.minutes) < 60:
        said += f" of {_minutes(cron.minutes)}"
    if len(cron.hours) < 24:
        said += f" of {_hours(cron.hours)}"
    elif len(cron.minutes) < 60:
        said += " of every hour"
    return said


def _rhythm(values: Sequence[int], unit: str) -> str | None:
    step = _step(values, 60)
    if step is None:
        return None
    return f"every {unit}" if step == 1 else f"every {step} {unit}s"


def _minutes(minutes: Sequence[int]) -> str:
    step = _step(minutes, 60)
    if step is None:
        return _numbered("minute", minutes)
    return "every minute" if step == 1 else f"every {_ordinal(step)} minute"


def _hours(hours: Sequence[int]) -> str:
    step = _step(hours, 24)
    if step is not None:
        return "every hour" if step == 1 else f"every {_ordinal(step)} hour"
    if _is_run(hours):
        return f"every hour from {hours[0]:02} to {hours[-1]:02}"
    return _numbered("hour", hours)


def _days(cron: Cron) -> str:
    """The days of the month and of the week; empty for all."""
    on_weekdays = ""
    if len(cron.weekdays) < 7:
        on_weekdays = (
            f"on {_runs([WEEKDAYS[number] for number in sorted(cron.weekdays)], WEEKDAYS)}"
        )
    if len(cron.days) == 31:
        return on_weekdays
    on_days = f"on {_month_days(sorted(cron.days), cron.month_days)} of the month"
    return f"{on_days}, only {on_weekdays}" if on_weekdays else on_days


def _month_days(days: Sequence[int], special: Sequence[MonthDays]) -> str:
    if tuple(days) == tuple(range(1, 32, 2)):
        said = ["every 2nd day from day 1"]
    else:
        said = [_numbered("day", days)] if days else []
    return _joined([*said, *sorted(set(map(_special, special)))])


def _special(rule: MonthDays) -> str:
    if rule.weekday is None:
        return "the last day"
    position = "last" if rule.position < 0 else _ordinal(rule.position + 1)
    return f"the {position} {WEEKDAYS[rule.weekday]}"


def _span(cron: Cron) -> str:
    """The weeks, months and years; empty for all."""
    said = []
    if len(cron.weeks) < 53:
        weeks = sorted(cron.weeks)
        said.append(f"in {_numbered('week', weeks)} of the year")
    if len(cron.months) < 12:
        said.append(f"in {_runs([MONTHS[number - 1] for number in cron.months], MONTHS)}")
    if not cron.every_year:
        said.append(f"in {_runs(cron.years, range(1970, 10000))}")
    return " ".join(said)


def _numbered(unit: str, values: Sequence[int]) -> str:
    several = "s" if len(values) > 1 else ""
    return f"{unit}{several} {_runs(values, range(60))}"


def _runs(values: Sequence[object], order: Sequence[object]) -> str:
    """A list in words; three and more that follow each other are said as a span."""
    runs: list[list[object]] = []
    for value in values:
        if runs and order.index(value) == order.index(runs[-1][-1]) + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    pieces: list[str] = []
    for run in runs:
        pieces += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)
    if len(pieces) > _MOST_PIECES:
        raise _TooOddError
    return _joined(pieces)


def _joined(pieces: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(pieces[:-1]), pieces[-1])))


def _step(values: Sequence[int], size: int) -> int | None:
    """The step of values that go evenly through the whole; None when they do not."""
    if len(values) < 2 or size % len(values):
        return None
    step = size // len(values)
    return step if tuple(values) == tuple(range(0, size, step)) else None


def _is_run(values: Sequence[int]) -> bool:
    return len(values) > 2 and values[-1] - values[0] == len(values) - 1


def _ordinal(number: int) -> str:
    return f"{number}{_ORDINALS.get(number, 'th')}"
