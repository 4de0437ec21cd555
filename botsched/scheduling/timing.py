"""When a job is to be due, as users say it, made into schedules of one form each."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.ecs import EcsSchedule
from botsched.domain.forms import Form
from botsched.domain.interval import IntervalSchedule
from botsched.domain.once import OnceSchedule
from botsched.domain.schedule import Schedule, forms_of
from botsched.domain.wallclock import WallClock
from botsched.errors import InvalidError

FORMS = ("cron", "crontab", "ecs", "every", "at", "schedules")
_ONE = f"either cron fields or one of {', '.join(FORMS[1:])}"


@dataclass(frozen=True, slots=True)
class Timing:
    """One of several forms; the others are None.

    ``cron``: cron fields. ``crontab``: five fields as in crontab(5). ``ecs``: up to eight fields
    of ECS Scheduler. ``every``: a number and its unit, counted from ``anchor``. ``at``: one
    instant. ``schedules``: several of these. Without an offset, an instant is on the clock of the
    job's time zone.
    """

    cron: Mapping[str, str] | None = None
    crontab: str | None = None
    every: tuple[int, str] | None = None
    at: datetime | None = None
    ecs: str | None = None
    anchor: datetime | None = None
    schedules: "tuple[Timing, ...] | None" = None

    def each(self) -> "tuple[Timing, ...]":
        """The single schedules it stands for. Raises InvalidError unless it has one form."""
        given = [name for name in FORMS if getattr(self, name) is not None]
        if len(given) != 1:
            raise InvalidError({"schedule": f"give {_ONE}; {self._said(given)}"})
        if self.anchor is not None and self.every is None:
            raise InvalidError({"anchor": "is what 'every' is counted from; give both"})
        return (self,) if self.schedules is None else self.schedules

    def _said(self, given: list[str]) -> str:
        """These forms, by the keys that users know."""
        keys = [", ".join(self.cron or {}) if name == "cron" else name for name in given]
        return f"not {' and '.join(keys)}" if keys else "none was given"


@dataclass(frozen=True, slots=True)
class Making:
    """What schedules are made with; intervals without an anchor are counted from ``begin``."""

    timezone: ZoneInfo
    now: datetime
    begin: datetime
    chance: random.Random

    def form(self, timing: Timing) -> Form:
        """The schedule. Raises InvalidError naming the field."""
        [timing] = timing.each()
        makers: dict[str, Callable[[], Form]] = {
            "cron": lambda: CronSchedule.of(timing.cron or {}, self.timezone),
            "crontab": lambda: CrontabSchedule.of(timing.crontab or "", self.timezone),
            "ecs": lambda: EcsSchedule.of(timing.ecs or "", self.timezone, self.chance),
            "every": lambda: self._every(timing),
            "at": lambda: self._once(timing.at or self.now),
        }
        return next(make for name, make in makers.items() if getattr(timing, name) is not None)()

    def says(self, timing: Timing, form: Form) -> bool:
        """Whether a schedule is already what is said: values that were drawn count as said."""
        [timing] = timing.each()
        match form:
            case CronSchedule():
                return timing.cron is not None and form.is_said_by(timing.cron)
            case CrontabSchedule():
                return timing.crontab == form.text
            case EcsSchedule():
                return timing.ecs is not None and form.is_said_by(timing.ecs)
            case IntervalSchedule():
                anchor = form.anchor if timing.anchor is None else self._instant(timing.anchor)
                return timing.every == (form.number, form.unit) and anchor == form.anchor
            case OnceSchedule():
                return timing.at is not None and self._instant(timing.at) == form.at
            case _:
                assert_never(form)

    def _every(self, timing: Timing) -> Form:
        number, unit = timing.every or (0, "")
        anchor = self.begin if timing.anchor is None else self._instant(timing.anchor)
        return IntervalSchedule.of(number, unit, anchor.replace(microsecond=0), self.timezone)

    def _once(self, at: datetime) -> Form:
        instant = self._instant(at)
        if instant <= self.now:
            raise InvalidError({"at": f"{at.isoformat()} has passed; give an instant to come"})
        return OnceSchedule(instant, self.timezone)

    def _instant(self, moment: datetime) -> datetime:
        return instant_of(moment, self.timezone)


def instant_of(moment: datetime, timezone: ZoneInfo) -> datetime:
    """The instant; without an offset, the moment is on the clock of the zone."""
    moment = moment if moment.tzinfo else WallClock(timezone).instant(moment)
    return moment.astimezone(UTC)


def timing_of(schedule: Schedule) -> Timing:
    """How a user would say this schedule."""
    timings = tuple(_timing_of(form) for form in forms_of(schedule))
    return timings[0] if len(timings) == 1 else Timing(schedules=timings)


def _timing_of(form: Form) -> Timing:
    match form:
        case CronSchedule():
            return Timing(cron=dict(form.fields))
        case CrontabSchedule():
            return Timing(crontab=form.text)
        case EcsSchedule():
            return Timing(ecs=form.text)
        case IntervalSchedule():
            return Timing(every=(form.number, form.unit), anchor=form.anchor)
        case OnceSchedule():
            return Timing(at=form.at)
        case _:
            assert_never(form)
