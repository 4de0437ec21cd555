from datetime import UTC, date, datetime, timedelta

import pytest

from botsched.domain.crontab import CrontabSchedule
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError

UTC_ZONE = parse_timezone("UTC")
START = datetime(2027, 1, 1, tzinfo=UTC)


def days(text: str, count: int) -> list[str]:
    """The first days of 2027 on which a line is due, with their weekdays."""
    schedule = CrontabSchedule.of(text, UTC_ZONE)
    moment, found = START - timedelta(seconds=1), []
    for _ in range(count):
        due = schedule.next_after(moment)
        assert due is not None
        found.append(f"{due:%a %d %b %H:%M}")
        moment = due
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 12 * * 0", ["Sun 03 Jan 12:00", "Sun 10 Jan 12:00"]),
        ("0 12 * * 7", ["Sun 03 Jan 12:00", "Sun 10 Jan 12:00"]),
        ("0 12 * * 1-5", ["Fri 01 Jan 12:00", "Mon 04 Jan 12:00"]),
        ("0 12 * * sat-sun", ["Sat 02 Jan 12:00", "Sun 03 Jan 12:00"]),
        ("0 12 * * 5-7", ["Fri 01 Jan 12:00", "Sat 02 Jan 12:00", "Sun 03 Jan 12:00"]),
        ("0 12 * * */3", ["Sat 02 Jan 12:00", "Sun 03 Jan 12:00", "Wed 06 Jan 12:00"]),
        ("0 12 * * MON,wed", ["Mon 04 Jan 12:00", "Wed 06 Jan 12:00"]),
        ("30 4 1,15 * 5", ["Fri 01 Jan 04:30", "Fri 08 Jan 04:30", "Fri 15 Jan 04:30"]),
        ("0 0 13 * 5", ["Fri 01 Jan 00:00", "Fri 08 Jan 00:00", "Wed 13 Jan 00:00"]),
        ("0 0 */2 * mon", ["Mon 11 Jan 00:00", "Mon 25 Jan 00:00"]),
        ("*/20 23 31 12 *", ["Fri 31 Dec 23:00", "Fri 31 Dec 23:20"]),
        ("0 0 1 feb *", ["Mon 01 Feb 00:00"]),
        ("0 0 30 2 1", ["Mon 01 Feb 00:00", "Mon 08 Feb 00:00"]),
        ("@daily", ["Fri 01 Jan 00:00", "Sat 02 Jan 00:00"]),
        ("@WEEKLY", ["Sun 03 Jan 00:00"]),
        ("@hourly", ["Fri 01 Jan 00:00", "Fri 01 Jan 01:00"]),
        ("@yearly", ["Fri 01 Jan 00:00", "Sat 01 Jan 00:00"]),
    ],
)
def test_due_as_crontab_says(text: str, expected: list[str]) -> None:
    assert days(text, len(expected)) == expected


@pytest.mark.parametrize("text", ["0 6,18 13 * 5", "15 * 1-7 * mon", "0 0 * * 1", "*/7 3 * 2 *"])
def test_counting_equals_enumerating(text: str) -> None:
    schedule = CrontabSchedule.of(text, UTC_ZONE)
    first = schedule.next_after(START)
    assert first is not None
    last, expected, until = first, 1, first + timedelta(days=120)
    while (following := schedule.next_after(last)) is not None and following <= until:
        last, expected = following, expected + 1
    assert schedule.count(first, last) == expected
    assert schedule.last_until(until, first) == last


def test_a_day_that_is_both_is_due_once() -> None:
    schedule = CrontabSchedule.of("0 0 13 * 5", UTC_ZONE)
    friday = datetime(2027, 8, 13, tzinfo=UTC)
    assert date(2027, 8, 13).strftime("%a") == "Fri"
    assert schedule.count(friday, friday) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("* * * *", "has 4 fields"),
        ("* * * * * *", "has 6 fields"),
        ("", "has 0 fields"),
        ("@reboot", "names no time; give a time, or run the job by hand"),
        ("@often", "has 1 fields"),
        ("60 * * * *", "'60' is out of range"),
        ("0 0 * * 8", "weekday '8' is not understood"),
        ("0 0 * * fri-mon", "run backwards"),
        ("0 0 * * */9", "step '9'"),
        ("0 0 30 2 *", "'0 0 30 2 *' never comes"),
    ],
)
def test_a_wrong_line_is_refused_with_the_cure(text: str, said: str) -> None:
    with pytest.raises(InvalidError, match="crontab") as caught:
        CrontabSchedule.of(text, UTC_ZONE)
    assert said in caught.value.fields["crontab"]
