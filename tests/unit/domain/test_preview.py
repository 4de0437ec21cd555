from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.ecs import EcsSchedule
from botsched.domain.interval import IntervalSchedule
from botsched.domain.once import OnceSchedule
from botsched.domain.preview import MOST, preview
from botsched.domain.timetable import Bounds, Timetable
from botsched.domain.wallclock import parse_timezone
from tests.support.values import cron

BRUSSELS = parse_timezone("Europe/Brussels")
SPRING = datetime(2027, 3, 28, tzinfo=UTC)  # an hour before the jump from 02:00 to 03:00
AUTUMN = datetime(2027, 10, 31, tzinfo=UTC)  # an hour before the jump from 03:00 to 02:00
SKIPPED = "The clock skips 02:30:00; due once, at the jump."
AT_THREE = "2027-03-28T03:00:00+02:00"
HALF_PAST_TWO = {
    "cron fields": CronSchedule.of({"hour": "2", "minute": "30"}, BRUSSELS),
    "crontab": CrontabSchedule.of("30 2 * * *", BRUSSELS),
    "ecs": EcsSchedule("0 30 2", BRUSSELS),
    "days": IntervalSchedule(1, "days", SPRING.replace(month=1, hour=1, minute=30), BRUSSELS),
}


@pytest.mark.parametrize("schedule", HALF_PAST_TWO.values(), ids=HALF_PAST_TWO)
def test_a_skipped_and_a_repeated_time_are_remarked(schedule) -> None:
    [spring] = preview(schedule, SPRING, 1).occurrences
    [autumn] = preview(schedule, AUTUMN, 1).occurrences

    assert (spring.local.isoformat(), spring.remark) == (AT_THREE, SKIPPED)
    assert autumn.local.isoformat() == "2027-10-31T02:30:00+02:00"
    assert autumn.remark == "The clock shows 02:30:00 twice; this is the first time."


def test_a_rhythm_is_due_both_times() -> None:
    shown = preview(cron("Europe/Brussels", minute="30"), AUTUMN, 2)

    told = [each.remark.rpartition("this is the ")[2] for each in shown.occurrences]
    assert told == ["first time.", "second time."]


def test_an_ordinary_instant_has_no_remark() -> None:
    [noon] = preview(OnceSchedule(AUTUMN.replace(hour=12), BRUSSELS), AUTUMN, 5).occurrences

    assert noon.to_data() == {
        "local": "2027-10-31T13:00:00+01:00",
        "utc": "2027-10-31T12:00:00+00:00",
        "remark": "",
    }


def test_the_remark_is_that_of_the_schedule_that_is_due_and_stays_with_a_delay() -> None:
    noon = CrontabSchedule.of("0 12 * * *", BRUSSELS)
    table = Timetable.of((noon, HALF_PAST_TWO["crontab"]), Bounds(jitter=900), "seed")

    night, day = preview(table, SPRING, 2).occurrences

    assert night.local - datetime.fromisoformat(AT_THREE) < timedelta(minutes=15)
    assert (night.remark, day.remark) == (SKIPPED, "")


def test_it_ends_after_a_hundred_years_or_a_thousand_instants() -> None:
    rare = cron(month="2", day="29", day_of_week="mon")

    assert len(preview(rare, SPRING, MOST).occurrences) == 3
    assert len(preview(cron(second="*"), SPRING, MOST + 1).occurrences) == MOST
