import random
from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError

BRUSSELS = parse_timezone("Europe/Brussels")


def dues(schedule: CronSchedule, start: str, end: str) -> list[str]:
    """Due instants between two local times, as local times with their offset."""
    moment = datetime.fromisoformat(start).astimezone(UTC) - timedelta(microseconds=1)
    stop = datetime.fromisoformat(end).astimezone(UTC)
    found = []
    while (due := schedule.next_after(moment)) is not None and due < stop:
        found.append(due.astimezone(schedule.timezone).strftime("%H:%M%z"))
        moment = due
    return found


# Brussels: on 28 March 2027 the clock goes from 02:00 to 03:00, on 31 October from 03:00 to 02:00.
DAYLIGHT_SAVING = [
    ({"hour": "2", "minute": "30"}, "2027-03-28", ["03:00+0200"]),
    ({"hour": "2", "minute": "*/20"}, "2027-03-28", ["03:00+0200"]),
    ({"hour": "2-3", "minute": "0"}, "2027-03-28", ["03:00+0200"]),
    ({"hour": "2", "minute": "30"}, "2027-10-31", ["02:30+0200"]),
    ({"hour": "1-3", "minute": "0"}, "2027-10-31", ["01:00+0200", "02:00+0200", "03:00+0100"]),
    (
        {"minute": "30"},
        "2027-10-31",
        ["00:30+0200", "01:30+0200", "02:30+0200", "02:30+0100", "03:30+0100"],
    ),
    ({"minute": "30"}, "2027-03-28", ["00:30+0100", "01:30+0100", "03:30+0200"]),
]


@pytest.mark.parametrize(("fields", "day", "expected"), DAYLIGHT_SAVING)
def test_daylight_saving(fields: dict[str, str], day: str, expected: list[str]) -> None:
    schedule = CronSchedule.of(fields, BRUSSELS)
    start = datetime.fromisoformat(day).replace(tzinfo=BRUSSELS)
    end = start.replace(hour=4)
    assert dues(schedule, start.isoformat(), end.isoformat()) == expected


def test_a_half_hour_change_is_met_at_the_jump() -> None:
    lord_howe = parse_timezone("Australia/Lord_Howe")
    schedule = CronSchedule.of({"hour": "2", "minute": "15"}, lord_howe)
    assert dues(schedule, "2027-10-03T00:00+10:30", "2027-10-03T04:00+11:00") == ["02:30+1100"]


def test_looked_for_from_within_the_repeated_hour_it_is_due_the_next_day() -> None:
    schedule = CronSchedule.of({"hour": "2", "minute": "30"}, BRUSSELS)
    again = datetime.fromisoformat("2027-10-31T02:10+01:00")
    assert schedule.next_after(again) == datetime.fromisoformat("2027-11-01T02:30+01:00")


@pytest.mark.parametrize("zone", ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("seed", range(8))
def test_counting_equals_enumerating(zone: str, seed: int) -> None:
    chance = random.Random(f"{zone}{seed}")
    fields = {"minute": chance.choice(["*/20", "5", "*/7"])}
    if chance.random() < 0.6:
        fields["hour"] = chance.choice(["2", "1-3", "*/5"])
    if chance.random() < 0.4:
        fields["day_of_week"] = chance.choice(["sun", "mon-fri"])
    schedule = CronSchedule.of(fields, parse_timezone(zone))
    first = schedule.next_after(
        datetime(2027, chance.choice([3, 10, 11]), 1, tzinfo=UTC)
        + timedelta(seconds=chance.randint(0, 10**6))
    )
    assert first is not None
    last, expected = first, 1
    until = first + timedelta(days=chance.randint(1, 35))
    while (following := schedule.next_after(last)) is not None and following <= until:
        last, expected = following, expected + 1
    assert schedule.count(first, last) == expected
    assert schedule.last_until(until, first) == last


def test_counting_a_year_of_seconds_is_quick_and_exact() -> None:
    every_second = CronSchedule.of({"second": "*"}, parse_timezone("UTC"))
    first = datetime(2027, 1, 1, tzinfo=UTC)
    assert every_second.count(first, datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC)) == 31_536_000


def test_the_last_instant_before_the_first_is_none() -> None:
    daily = CronSchedule.of({"hour": "3"}, BRUSSELS)
    moment = datetime(2027, 6, 1, 12, tzinfo=UTC)
    assert daily.last_until(moment, moment - timedelta(hours=1)) is None


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(InvalidError, match="fortnight"):
        CronSchedule.of({"fortnight": "1"}, BRUSSELS)
