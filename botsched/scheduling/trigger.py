"""Schedules in the manner of ndscheduler's later versions: a trigger and its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.forms import Form
from botsched.domain.interval import IntervalSchedule
from botsched.scheduling.timing import Timing


@dataclass(frozen=True, slots=True)
class Trigger:
    """Either cron fields, or an interval in seconds; the other is None."""

    cron: Mapping[str, str] | None = None
    interval: int | None = None

    def timing(self) -> Timing:
        """The same in our forms."""
        if self.interval is not None:
            return Timing(every=(self.interval, "seconds"))
        return Timing(cron=self.cron)

    def says(self, forms: Sequence[Form]) -> bool:
        """Whether a schedule of these forms is already what is said."""
        present = trigger_of(forms)
        if present is None or self.cron is None:
            return present == self
        return isinstance(forms[0], CronSchedule) and forms[0].is_said_by(self.cron)


def trigger_of(forms: Sequence[Form]) -> Trigger | None:
    """How ndscheduler says a schedule of these forms; None where it cannot.

    Days are no interval there: they keep their time of day when the clock changes.
    """
    match forms:
        case [CronSchedule() as form]:
            return Trigger(cron=form.effective)
        case [IntervalSchedule() as form] if form.unit != "days":
            length = timedelta(**{form.unit: form.number})
            return Trigger(interval=round(length.total_seconds()))
        case _:
            return None
