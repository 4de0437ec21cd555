import random
from datetime import datetime, timedelta

import pytest

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.interval import IntervalSchedule
from botsched.domain.schedule import Schedule
from botsched.domain.timetable import Timetable
from botsched.errors import InvalidError
from botsched.scheduling.schedules import Wanted, made
from botsched.scheduling.timing import Timing, timing_of
from tests.support.values import NOW

LATER = NOW + timedelta(days=30)
THREE = Timing(cron={"hour": "3"})


def new(timing: Timing, now: datetime = NOW, **bounds) -> Schedule:
    return made(Wanted(timing, None, bounds), None, "Europe/Brussels", now, random.Random(1))


def changed(present: Schedule, now: datetime = NOW, timing=None, timezone=None, **bounds):
    wanted = Wanted(timing, timezone, bounds)
    return made(wanted, present, present.timezone.key, now, random.Random(2))


def test_a_single_schedule_without_bounds_stays_what_it_is() -> None:
    assert isinstance(new(THREE), CronSchedule)
    assert isinstance(changed(new(THREE, jitter=5), jitter=0), CronSchedule)


def test_what_has_passed_does_not_stand_in_the_way_of_a_change() -> None:
    once = new(Timing(at=NOW + timedelta(hours=1)))
    several = new(Timing(schedules=(timing_of(once), THREE)))

    assert changed(once, LATER, timing=timing_of(once)) is once
    assert changed(several, LATER, timing=timing_of(several)) is several


def test_a_change_keeps_the_delays_of_instants_and_the_anchors_of_intervals() -> None:
    before = new(Timing(schedules=(Timing(every=(2, "hours")), THREE)), jitter=600)
    said = Timing(schedules=(Timing(every=(2, "hours")), Timing(cron={"hour": "4"})))

    after = changed(before, LATER, timing=said)

    assert isinstance(before, Timetable)
    assert isinstance(after, Timetable)
    assert after.seed == before.seed
    assert after.schedules[0] == before.schedules[0]
    assert after.schedules[1] != before.schedules[1]


def test_another_anchor_is_a_change() -> None:
    before = new(Timing(every=(2, "hours")))
    after = changed(before, timing=Timing(every=(2, "hours"), anchor=NOW - timedelta(minutes=7)))

    assert after.next_after(NOW) == NOW + timedelta(minutes=113)


def test_another_time_zone_keeps_the_anchor() -> None:
    before = new(Timing(every=(2, "days")))
    after = changed(before, LATER, timezone="Asia/Kolkata")

    assert isinstance(before, IntervalSchedule)
    assert isinstance(after, IntervalSchedule)
    assert (after.anchor, after.timezone.key) == (before.anchor, "Asia/Kolkata")


def test_moments_without_offset_are_on_the_clock_of_the_zone() -> None:
    table = new(THREE, start=datetime(2027, 7, 1, 3), end=datetime(2027, 7, 1, 3))

    assert table.next_after(NOW) == datetime.fromisoformat("2027-07-01T03:00+02:00")


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"end": NOW}, "end_date: 2027-03-01T13:00:00\\+01:00 has passed"),
        ({"start": NOW, "end": NOW + timedelta(hours=2)}, "schedule: every day at 03:00 .* never"),
    ],
)
def test_a_schedule_that_is_never_due_is_refused(bounds, said: str) -> None:
    with pytest.raises(InvalidError, match=said):
        new(THREE, **bounds)


def test_zone_and_schedule_are_told_at_once() -> None:
    with pytest.raises(InvalidError) as caught:
        changed(new(THREE), timing=Timing(cron={"hour": "25"}), timezone="Mars/Base")
    assert set(caught.value.fields) == {"timezone", "hour"}
