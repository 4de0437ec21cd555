"""The table of daylight saving time in docs/fates.md, row by row, for all forms of a schedule."""

import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from botsched.domain import dayset
from botsched.domain.forms import Form
from botsched.domain.timetable import Bounds, Timetable
from botsched.domain.wallclock import parse_timezone
from botsched.scheduling.timing import Making, Timing

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "fates.md").read_text()
ROW = re.compile(
    r"^\| (\w+/\w+) \| (\d{4}-\d\d-\d\d)(?:, (\S+) becomes (\S+))? \| (\S+) \| (\S+) \| (.*?) \|$",
    re.MULTILINE,
)
ROWS = ROW.findall(PAGE)
TICK = timedelta(microseconds=1)


def form(timing: Timing, zone: ZoneInfo, day: datetime) -> Form:
    long_before = day.astimezone(UTC) - timedelta(days=40)
    return Making(zone, long_before, long_before, random.Random(0)).form(timing)


def at_a_time(day: datetime) -> dict[str, Timing]:
    """Each form that says a time of day, here that of ``day``."""
    hour, minute = str(day.hour), str(day.minute)
    return {
        "cron fields": Timing(cron={"hour": hour, "minute": minute}),
        "crontab": Timing(crontab=f"{minute} {hour} * * *"),
        "crontab, either day": Timing(crontab=f"{minute} {hour} {day.day} * mon-sun"),
        "ecs": Timing(ecs=f"0 {minute} {hour}"),
        "every days": Timing(every=(1, "days"), anchor=day - timedelta(days=30)),
        "at": Timing(at=day),
    }


def half_hourly(day: datetime) -> dict[str, Timing]:
    """Each form that can say a rhythm."""
    return {
        "cron fields": Timing(cron={"minute": "*/30"}),
        "crontab": Timing(crontab="*/30 * * * *"),
        "ecs": Timing(ecs="0 */30"),
        "every minutes": Timing(every=(30, "minutes"), anchor=day - timedelta(days=30)),
    }


def shown(schedule: Form | Timetable, zone: ZoneInfo, start: datetime, end: datetime) -> list[str]:
    """The due instants from one local time until another, as local times with their offset."""
    first, last = start.replace(tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone)
    last = last.astimezone(UTC) - TICK
    found, due = [], schedule.next_after(first - TICK)
    while due is not None and due <= last:
        local = due.astimezone(zone).isoformat()
        found.append(local[11:16] + local[19:])
        due = schedule.next_after(due)
    assert schedule.count(first, last) == len(found)
    return found


def test_the_table_has_zones_with_and_without_and_one_of_half_an_hour() -> None:
    assert {row[0] for row in ROWS} == {
        *("Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
    }
    table = PAGE.partition("| zone | day |")[2].partition("\n\n")[0]
    assert len(ROWS) == len(table.splitlines()) - 2


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_a_row_is_true_of_all_forms(row: tuple[str, ...]) -> None:
    name, date, before, after, time, due, rhythm = row
    zone = parse_timezone(name)
    day = datetime.fromisoformat(f"{date}T{time}")
    midnight = day.replace(hour=0, minute=0)

    for what, timing in at_a_time(day).items():
        found = shown(form(timing, zone, day), zone, midnight, midnight + timedelta(days=1))
        assert found == [due], what
    table = Timetable.of(
        tuple(form(timing, zone, day) for timing in at_a_time(day).values()), Bounds(), ""
    )
    assert shown(table, zone, midnight, midnight + timedelta(days=1)) == [due]

    for what, timing in half_hourly(midnight).items():
        found = shown(
            form(timing, zone, day), zone, midnight.replace(hour=1), midnight.replace(hour=4)
        )
        assert " ".join(found) == rhythm, what
    assert change_of(zone, midnight) == (before, after)


def change_of(zone: ZoneInfo, midnight: datetime) -> tuple[str, str]:
    """What the clock showed and then shows when it changes on this day; empty when it does not."""
    start = midnight.replace(tzinfo=zone).astimezone(UTC)
    for second in range(0, dayset.DAY, 60):
        instant = start + timedelta(seconds=second)
        old = (instant - TICK).astimezone(zone).utcoffset()
        new = instant.astimezone(zone).utcoffset()
        if old != new and old is not None:
            return f"{instant + old:%H:%M}", f"{instant.astimezone(zone):%H:%M}"
    return "", ""
