from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.domain.cron import FIELDS, compile_fields
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.cronwords import cron_in_words
from botsched.domain.ecs import EcsSchedule
from botsched.domain.interval import IntervalSchedule
from botsched.domain.once import OnceSchedule
from botsched.domain.timetable import Bounds, Timetable
from botsched.domain.wallclock import parse_timezone
from botsched.domain.words import in_words

BRUSSELS = parse_timezone("Europe/Brussels")
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
CRONTABS = {
    "30 3,15 * * *": "every day at 03:30 and 15:30",
    "@daily": "every day at 00:00",
    "0 */6 * 5 *": "every day at 00:00, 06:00, 12:00 and 18:00 in May",
    "30 2 * * 0": "at 02:30 on Sunday",
    "30 2 * * 7": "at 02:30 on Sunday",
    "30 2 * * 1": "at 02:30 on Monday",
    "* * * * *": "every minute",
    "*/5 * * * *": "every 5 minutes",
    "0 * * * *": "every hour on the hour",
    "5 * * * *": "at minute 5 past every hour",
    "5 */2 * mar 1-5": "at minute 5 past every 2nd hour on Monday to Friday in March",
    "*/5 8-18 * * mon-fri": "every 5 minutes from 08:00 to 18:55 on Monday to Friday",
    "*/20 1-3,7 * jan,jul *": "every 20 minutes of hours 1 to 3 and 7 in January and July",
    "0 9-17 * * 6,0": "at minute 0 past every hour from 09 to 17 on Saturday and Sunday",
    "*/7 * * * *": "at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 past every hour",
    "0 0 1,15 * *": "at 00:00 on days 1 and 15 of the month",
    "15 10 28-31 * *": "at 10:15 on days 28 to 31 of the month",
    "0 0 */2 * *": "at 00:00 on every 2nd day from day 1 of the month",
    "0 0 13 * 5": "at 00:00 on day 13 of the month or on Friday",
    "0 0 1-31 * 5": "every day at 00:00",
    "0 0 13 * 0-6": "every day at 00:00",
    "0 0 13 feb 1,5": "at 00:00 on day 13 of the month or on Monday and Friday in February",
    "0 0 */2 * 5": "at 00:00 on every 2nd day from day 1 of the month, only on Friday",
    "1-59/2 * * * *": "1-59/2 * * * *",
}
CRON_FIELDS = [
    ({"day_of_week": "0", "hour": "8"}, "at 08:00 on Monday"),
    ({"day_of_week": "6", "hour": "8"}, "at 08:00 on Sunday"),
    ({"second": "*/10"}, "every 10 seconds"),
    ({"second": "30"}, "at second 30 of every minute"),
    ({"minute": "5", "second": "*/10"}, "every 10 seconds of minute 5 of every hour"),
    ({"hour": "2", "second": "*"}, "every second of hour 2"),
    ({"hour": "3", "minute": "4", "second": "5"}, "every day at 03:04:05"),
    ({"day": "last", "hour": "4"}, "at 04:00 on the last day of the month"),
    ({"day": "2nd fri,15", "hour": "1"}, "at 01:00 on day 15 and the 2nd Friday of the month"),
    ({"day": "13", "day_of_week": "fri"}, "at 00:00 on day 13 of the month, only on Friday"),
    ({"week": "5-8", "hour": "3"}, "every day at 03:00 in weeks 5 to 8 of the year"),
    ({"year": "2097"}, "at 00:00 on day 1 of the month in January in 2097"),
    ({"year": "*/2", "hour": "*"}, "year */2, hour *"),
]


@pytest.mark.parametrize(("text", "words"), CRONTABS.items())
def test_crontab_lines(text: str, words: str) -> None:
    assert in_words(CrontabSchedule.of(text, BRUSSELS)) == f"{words} (Europe/Brussels)"


@pytest.mark.parametrize(("fields", "words"), CRON_FIELDS)
def test_cron_fields(fields: dict[str, str], words: str) -> None:
    assert in_words(CronSchedule.of(fields, BRUSSELS)) == f"{words} (Europe/Brussels)"


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (EcsSchedule("0 15 2 0", BRUSSELS), "at 02:15 on Monday"),
        (IntervalSchedule(90, "minutes", NOON, BRUSSELS), "every 90 minutes"),
        (IntervalSchedule(1, "hours", NOON, BRUSSELS), "every hour"),
        (IntervalSchedule(1, "days", NOON, BRUSSELS), "every day at 13:00"),
        (IntervalSchedule(3, "days", NOON, BRUSSELS), "every 3 days at 13:00"),
        (OnceSchedule(NOON, BRUSSELS), "once, at 2027-03-01 13:00:00"),
    ],
)
def test_other_forms(schedule, words: str) -> None:
    assert in_words(schedule) == f"{words} (Europe/Brussels)"


def test_several_with_bounds() -> None:
    forms = CronSchedule.of({"hour": "3"}, BRUSSELS), OnceSchedule(NOON, BRUSSELS)
    bounds = Bounds(NOON, NOON + timedelta(days=1), 30)

    assert in_words(Timetable.of(forms, bounds, "")) == (
        "every day at 03:00; once, at 2027-03-01 13:00:00 (Europe/Brussels), "
        "from 2027-03-01 13:00:00, until 2027-03-02 13:00:00, each up to 30 s later"
    )


VALUES = {
    "year": ["*", "2027", "2027-2029", "2027,2029"],
    "month": ["*", "1", "1-3", "*/3", "feb,nov"],
    "day": ["*", "1", "1,15", "10-13", "*/2", "last", "2nd fri", "1,last sun", "31"],
    "week": ["*", "1", "10-20"],
    "day_of_week": ["*", "0", "6", "mon-fri", "sat,sun", "0,2,4", "0-1"],
    "hour": ["*", "0", "0,12", "*/2", "*/12", "8-18", "9-10", "8,10-12", "1-23/2"],
    "minute": ["*", "0", "30", "*/5", "*/30", "*/7", "1-3", "59", "0,1"],
    "second": ["*", "0", "*/10", "30", "0,30", "1,2,3"],
}
NAMES = sorted(FIELDS)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_the_same_words_mean_the_same_instants(data: st.DataObject) -> None:
    def drawn(base: dict[str, str]) -> dict[str, str]:
        return {name: data.draw(st.sampled_from(VALUES[name])) if
                data.draw(st.booleans()) else base[name] for name in NAMES}  # fmt: skip

    one = drawn(dict.fromkeys(NAMES, "*"))
    other = drawn(one)
    first, second = (compile_fields(tuple(each.items())) for each in (one, other))

    words = cron_in_words([first])
    if words is not None and words == cron_in_words([second]):
        for name in ("years", "months", "days", "weeks", "weekdays", "hours", "minutes", "seconds"):
            assert list(getattr(first, name)) == list(getattr(second, name)), (words, name)
        assert set(first.month_days) == set(second.month_days)
