import pickle
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger
from apscheduler.triggers.combining import AndTrigger, OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from botsched.domain.cronschedule import CronSchedule
from botsched.moving.ndscheduler.pickles import Made, Name, RefusedError, read
from botsched.moving.ndscheduler.shapes import (
    KNOWN,
    Trigger,
    Zone,
    instant_of,
    trigger_of,
    zone_of,
)
from botsched.scheduling.timing import Timing
from tests.support.ndscheduler import pickled

BRUSSELS = ZoneInfo("Europe/Brussels")


def said(trigger: Any, protocol: int = pickle.HIGHEST_PROTOCOL) -> Trigger:
    return trigger_of(read(pickled(trigger, protocol), KNOWN))


def cron(**fields: Any) -> dict[str, str]:
    found = said(CronTrigger(timezone="UTC", **fields)).timing.cron
    assert found is not None
    return dict(found)


FIELDS: list[dict[str, str]] = [
    {"minute": "*/5"},
    {"minute": "*"},
    {"hour": "8-18/2", "minute": "0,30", "day_of_week": "mon-fri"},
    {"day": "last", "hour": "3"},
    {"day": "2nd fri,last sun,*/10,1-5", "month": "jan-mar,7"},
    {"day_of_week": "0-4,sun", "hour": "5/3", "minute": "59"},
    {"week": "1-10", "day_of_week": "sat"},
    {"second": "5", "minute": "*"},
    {"year": "2030-2040/2", "month": "feb"},
]


@pytest.mark.parametrize("fields", FIELDS)
@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_cron_fields_are_as_they_were_given(fields: dict[str, str], protocol: int) -> None:
    trigger = said(CronTrigger(timezone="UTC", **fields), protocol)

    assert trigger == Trigger(Timing(cron=fields), Zone("UTC", timedelta()))


@pytest.mark.parametrize("fields", FIELDS)
def test_cron_fields_are_due_when_they_were_due(fields: dict[str, str]) -> None:
    theirs, ours = (
        CronTrigger(timezone=UTC, **fields),
        CronSchedule.of(cron(**fields), ZoneInfo("UTC")),
    )
    moment = datetime(2029, 12, 30, 23, 58, 30, tzinfo=UTC)
    for _ in range(20):
        due = ours.next_after(moment)
        assert due == theirs.get_next_fire_time(None, moment + timedelta(seconds=1))
        if due is None:
            break
        moment = due


def test_no_cron_field_at_all_is_every_second() -> None:
    assert set(cron().values()) == {"*"}
    assert len(cron()) == 8


def test_start_end_and_jitter_are_kept() -> None:
    trigger = CronTrigger(
        hour=1, timezone=BRUSSELS, jitter=30,
        start_date=datetime(2026, 7, 1, 12), end_date=datetime(2027, 1, 1, tzinfo=UTC),
    )  # fmt: skip

    assert said(trigger) == Trigger(
        Timing(cron={"hour": "1"}),
        Zone("Europe/Brussels"),
        {
            "start": datetime(2026, 7, 1, 10, tzinfo=UTC),
            "end": datetime(2027, 1, 1, tzinfo=UTC),
            "jitter": 30,
        },
    )


@pytest.mark.parametrize(
    ("length", "every"),
    [
        ({"hours": 24}, (24, "hours")),
        ({"days": 1}, (24, "hours")),
        ({"minutes": 90}, (90, "minutes")),
        ({"seconds": 61}, (61, "seconds")),
    ],
)
def test_intervals_are_counted_from_their_start_in_whole_seconds(
    length: dict[str, int], every: tuple[int, str]
) -> None:
    start = datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC)

    trigger = said(IntervalTrigger(**length, start_date=start, timezone=UTC))

    begin = start.replace(microsecond=0)
    assert trigger.timing == Timing(every=every, anchor=begin)
    assert trigger.bounds["start"] == begin


def test_a_date_is_one_instant() -> None:
    trigger = said(DateTrigger(datetime(2030, 1, 2, 3, 4, 5), timezone=BRUSSELS))

    assert trigger.timing == Timing(at=datetime(2030, 1, 2, 2, 4, 5, tzinfo=UTC))


def test_either_of_several_triggers_is_several_schedules() -> None:
    parts = [CronTrigger(hour=hour, timezone="UTC") for hour in (1, 2)]

    timing = said(OrTrigger(parts)).timing

    assert timing.schedules == (Timing(cron={"hour": "1"}), Timing(cron={"hour": "2"}))


@pytest.mark.parametrize(
    ("trigger", "reason"),
    [
        (AndTrigger([CronTrigger(hour=1, timezone="UTC")]), "AndTrigger"),
        (CalendarIntervalTrigger(days=3, timezone="UTC"), "CalendarIntervalTrigger"),
        (OrTrigger([OrTrigger([CronTrigger(hour=1, timezone="UTC")])]), "OrTrigger"),
        (
            OrTrigger(
                [CronTrigger(hour=1, timezone="UTC"), CronTrigger(hour=1, timezone=BRUSSELS)]
            ),
            "share theirs",
        ),
        (IntervalTrigger(seconds=0.5, timezone="UTC"), "whole seconds"),
        ("interval", "none that APScheduler makes"),
        (None, "none that APScheduler makes"),
    ],
)
def test_what_no_schedule_here_does_is_refused_with_its_name(trigger: Any, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        said(trigger)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (ZoneInfo("Asia/Tokyo"), Zone("Asia/Tokyo")),
        (UTC, Zone("UTC", timedelta())),
        (timezone(timedelta(hours=-3)), Zone(None, timedelta(hours=-3))),
    ],
)
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_time_zones_keep_their_names(zone: Any, expected: Zone, protocol: int) -> None:
    assert said(CronTrigger(hour=1, timezone=zone), protocol).zone == expected


class Called:
    def __init__(self, by: Any, *arguments: Any) -> None:
        self.reduced = (by, arguments)

    def __reduce__(self) -> Any:
        return self.reduced


@pytest.fixture
def pytz() -> Iterator[ModuleType]:
    """What pickles of pytz name."""
    module = ModuleType("pytz")
    for name in ("_UTC", "_p", "FixedOffset"):
        function = type(name, (), {"__module__": "pytz"})
        setattr(module, name, function)
    sys.modules["pytz"] = module
    yield module
    del sys.modules["pytz"]


def test_time_zones_of_pytz_keep_their_names(pytz: ModuleType) -> None:
    def zone(*made: Any) -> Zone | None:
        state = read(pickled({"timezone": Called(*made)}), KNOWN)
        return zone_of(state)

    assert zone(pytz._UTC) == Zone("UTC", timedelta())
    assert zone(pytz._p, "Europe/Brussels", 1080, 0, "LMT") == Zone(
        "Europe/Brussels", timedelta(minutes=18)
    )
    assert zone(pytz._p, "EST") == Zone("EST")
    assert zone(pytz.FixedOffset, 90) == Zone(None, timedelta(minutes=90))
    assert zone(pytz.FixedOffset, 0) == Zone("UTC", timedelta())
    for wrong in ((pytz._p,), (pytz._p, 1), (pytz._p, "x", 10**9), (pytz.FixedOffset, 10**6)):
        with pytest.raises(RefusedError):
            zone(*wrong)


def test_instants_take_the_offset_that_pytz_gave_them(pytz: ModuleType) -> None:
    raw = datetime(2026, 7, 1, 12, 0, 0, 5).__reduce_ex__(4)[1][0]
    summer = Called(pytz._p, "Europe/Brussels", 7200, 3600, "CEST")

    made = read(pickled(Called(datetime, raw, summer)), KNOWN)

    assert instant_of(made) == datetime(2026, 7, 1, 10, 0, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw", [b"", b"\x07\xea\x0d\x01\x00\x00\x00\x00\x00\x00", b"\x00" * 10, 5, "x" * 10, None]
)
def test_instants_that_there_are_not_are_refused(raw: Any) -> None:
    with pytest.raises(RefusedError):
        instant_of(Made(Name("datetime", "datetime"), (raw, Made(Name("pytz", "_UTC")))))


def field(name: str, *expressions: Any) -> Made:
    made = Made(Name("apscheduler.triggers.cron.fields", "BaseField"))
    made.state = {"name": name, "is_default": False, "expressions": list(expressions)}
    return made


def expression(name: str, **state: Any) -> Made:
    return Made(Name("apscheduler.triggers.cron.expressions", name), state=state)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "*",
        Made(Name("pytz", "_UTC")),
        expression("AllExpression", step=0),
        expression("AllExpression", step=True),
        expression("AllExpression", step="2"),
        expression("RangeExpression", first=-1, last=3),
        expression("RangeExpression", last=3),
        expression("MonthRangeExpression", first=0, last=13),
        expression("WeekdayRangeExpression", first=7, last=7),
        expression("WeekdayPositionExpression", option_num=6, weekday=0),
        expression("WeekdayPositionExpression", option_num=-1, weekday=0),
    ],
)
def test_cron_triggers_of_other_shapes_are_refused(wrong: Any) -> None:
    names = ["year", "month", "day", "week", "day_of_week", "hour", "minute", "second"]
    fields = [field(name, expression("AllExpression", step=None)) for name in names]
    trigger = Made(Name("apscheduler.triggers.cron", "CronTrigger"), state={"fields": fields})
    assert trigger_of(trigger).timing.cron

    for broken in (
        [*fields[:7], field("second", wrong)],
        [*fields[:7], wrong],
        fields[:7],
        [*fields[1:], fields[0]],
        [*fields[:7], field("second", *[expression("AllExpression")] * 101)],
        [*fields[:7], field("second")],
    ):
        trigger.state = {"fields": broken}
        with pytest.raises(RefusedError):
            trigger_of(trigger)
