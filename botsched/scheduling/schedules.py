"""Schedules as users ask for them: new ones, and changes."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from botsched.domain.forms import Form
from botsched.domain.schedule import Schedule, bounds_of, forms_of
from botsched.domain.timetable import Bounds, Timetable
from botsched.domain.wallclock import parse_timezone
from botsched.domain.words import in_words
from botsched.errors import InvalidError
from botsched.scheduling.faults import Faults
from botsched.scheduling.timing import Making, Timing, instant_of
from botsched.scheduling.trigger import Trigger

_UNBOUNDED = Bounds()


@dataclass(frozen=True, slots=True)
class Wanted:
    """When a job is to be due. What is None, or not in ``bounds``, stays as it is.

    ``bounds`` names the fields of Bounds to change; an instant without an offset is on the clock
    of the time zone. ``trigger`` says ``timing`` in another way.
    """

    timing: Timing | None = None
    timezone: str | None = None
    bounds: Mapping[str, Any] = field(default_factory=dict)
    trigger: Trigger | None = None


def made(
    wanted: Wanted, present: Schedule | None, zone: str, now: datetime, chance: random.Random
) -> Schedule:
    """The schedule that is wanted instead of the present one, or of none; ``zone`` is the default.

    The present one itself where it would be due at the same instants by the same words.
    Raises InvalidError naming each field that makes no sense.
    """
    if present is not None and wanted == Wanted():
        return present
    faults = Faults()
    timezone = ZoneInfo("UTC")
    with faults.gathered():
        timezone = parse_timezone(wanted.timezone or zone)
    known = () if present is None else forms_of(present)
    bounds = _bounds(wanted.bounds, _UNBOUNDED if present is None else bounds_of(present), timezone)
    forms: Sequence[Form] = [replace(form, timezone=timezone) for form in known]
    with faults.gathered():
        making = Making(timezone, now, bounds.start or now, chance)
        timing = _meant(making, wanted, forms)
        if timing is not None or present is None:
            forms = _forms(making, timing or Timing(), forms)
    faults.tell()
    if present is not None and tuple(forms) == known and bounds == bounds_of(present):
        return present
    seed = present.seed if isinstance(present, Timetable) else f"{chance.getrandbits(64):016x}"
    return _combined(tuple(forms), bounds, seed, now)


def _bounds(given: Mapping[str, Any], present: Bounds, timezone: ZoneInfo) -> Bounds:
    """Instants, from moments that may be on the clock of the zone."""
    read: dict[str, Any] = {
        name: instant_of(value, timezone) if isinstance(value, datetime) else value
        for name, value in given.items()
    }
    return replace(present, **read)


def _meant(making: Making, wanted: Wanted, known: Sequence[Form]) -> Timing | None:
    """Of two ways to say a schedule, the one that does not say what is known already.

    Raises InvalidError when both are new and contradict each other.
    """
    timing, trigger = wanted.timing, wanted.trigger
    if trigger is None or trigger.says(known):
        return timing
    if timing is None:
        return trigger.timing()
    forms = _forms(making, timing, known)
    if trigger.says(forms):
        return timing
    if tuple(forms) == tuple(known):
        return trigger.timing()
    raise InvalidError({"trigger_params": "contradict the other keys of the schedule; give one"})


def _forms(making: Making, timing: Timing, known: Sequence[Form]) -> list[Form]:
    """Those of the known ones that are said again, and new ones."""
    faults = Faults()
    forms = []
    timings = timing.each()
    for index, (said, form) in enumerate(zip_longest(timings, known[: len(timings)])):
        with faults.gathered("" if timing.schedules is None else f"schedules[{index}]."):
            keep = form is not None and making.says(said, form)
            forms.append(form if keep else making.form(said))
    faults.tell()
    return forms


def _combined(forms: tuple[Form, ...], bounds: Bounds, seed: str, now: datetime) -> Schedule:
    """One schedule. Raises InvalidError where it, or one of several, is never due from now on."""
    if len(forms) == 1 and bounds == _UNBOUNDED:
        return forms[0]
    schedule = Timetable.of(forms, bounds, seed)
    if bounds.end is not None and bounds.end <= now:
        told = bounds.end.astimezone(schedule.timezone).isoformat()
        raise InvalidError({"end_date": f"{told} has passed; give an instant to come, or null"})
    for index, form in enumerate(forms):
        if Timetable.of((form,), bounds, seed).next_after(now) is None:
            name = "schedule" if len(forms) == 1 else f"schedules[{index}]"
            raise InvalidError(
                {name: f"{in_words(form)} never comes{_span(bounds)}; change it or its bounds"}
            )
    return schedule


def _span(bounds: Bounds) -> str:
    moments = {"from": bounds.start, "until": bounds.end}
    return "".join(
        f" {word} {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        for word, moment in moments.items()
        if moment is not None
    )
