"""When a job is to be due, as users say it, made into a schedule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.interval import IntervalSchedule
from botsched.domain.once import OnceSchedule
from botsched.domain.schedule import Schedule
from botsched.domain.wallclock import WallClock
from botsched.errors import InvalidError


@dataclass(frozen=True, slots=True)
class Timing:
    """One of several forms; the others are None.

    ``cron``: cron fields. ``crontab``: five fields as in crontab(5). ``every``: a number and its
    unit. ``at``: one instant; without an offset it is on the clock of the job's time zone.
    """

    cron: Mapping[str, str] | None = None
    crontab: str | None = None
    every: tuple[int, str] | None = None
    at: datetime | None = None

    def schedule(self, timezone: ZoneInfo, now: datetime) -> Schedule:
        """The schedule. Intervals are counted from now on. Raises InvalidError."""
        forms: dict[str, Callable[[], Schedule]] = {
            "cron": lambda: CronSchedule.of(self.cron or {}, timezone),
            "crontab": lambda: CrontabSchedule.of(self.crontab or "", timezone),
            "every": lambda: _every(self.every or (0, ""), now, timezone),
            "at": lambda: _once(self.at or now, now, timezone),
        }
        given = [name for name in forms if getattr(self, name) is not None]
        if len(given) != 1:
            said = "none was given" if not given else f"not {' and '.join(given)}"
            raise InvalidError({"schedule": f"give one of {', '.join(forms)}; {said}"})
        return forms[given[0]]()


def timing_of(schedule: Schedule) -> Timing:
    """How a user would say this schedule."""
    match schedule:
        case CronSchedule():
            return Timing(cron=dict(schedule.fields))
        case CrontabSchedule():
            return Timing(crontab=schedule.text)
        case IntervalSchedule():
            return Timing(every=(schedule.number, schedule.unit))
        case OnceSchedule():
            return Timing(at=schedule.at)
        case _:
            raise TypeError(f"no form for {type(schedule).__name__}")


def _every(every: tuple[int, str], now: datetime, timezone: ZoneInfo) -> Schedule:
    return IntervalSchedule.of(*every, now.replace(microsecond=0), timezone)


def _once(at: datetime, now: datetime, timezone: ZoneInfo) -> Schedule:
    at = at if at.tzinfo else WallClock(timezone).instant(at)
    if at <= now:
        raise InvalidError({"at": f"{at.isoformat()} has passed; give an instant to come"})
    return OnceSchedule(at.astimezone(UTC), timezone)
