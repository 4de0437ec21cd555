"""Several schedules as one: against a brute-force union, around changes of the clock."""

import random
import tracemalloc
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.ecs import EcsSchedule
from botsched.domain.forms import Form
from botsched.domain.interval import IntervalSchedule
from botsched.domain.once import OnceSchedule
from botsched.domain.schedule import schedule_from_data
from botsched.domain.timetable import Bounds, Timetable
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError

TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
NO_CHANCE = random.Random(0)
# Six hours before a change of the clock in each zone, forward and back; and a plain day.
MOMENTS = {
    "Europe/Brussels": ("2027-03-27T19:00", "2027-10-30T19:00", "2027-06-01T00:00"),
    "America/New_York": ("2027-03-14T01:00", "2027-11-07T00:00", "2027-06-01T00:00"),
    "Australia/Lord_Howe": ("2027-10-02T09:30", "2027-04-03T09:00", "2027-06-01T00:00"),
    "Asia/Kolkata": ("2027-03-27T19:00",),
}
CRONTABS = ("*/20 * * * *", "0,30 1-3 * * *", "15 2 * * *", "30 2 28 * 0", "5 0 1 * mon")
FIELDS = (
    {"hour": "2", "minute": "*/10"},
    {"minute": "7"},
    {"hour": "1-3", "minute": "59", "second": "59"},
    {"hour": "0"},
)
EIGHT = ("0 */30", "30 15 1,2,3", "0 0 2 sun", "0 30 2 * * last_sun")


@st.composite
def forms(draw: st.DrawFn, zone: str, begin: datetime) -> Form:
    timezone = parse_timezone(zone)
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return CrontabSchedule.of(draw(st.sampled_from(CRONTABS)), timezone)
    if kind == 1:
        return CronSchedule.of(draw(st.sampled_from(FIELDS)), timezone)
    if kind == 2:
        return EcsSchedule.of(draw(st.sampled_from(EIGHT)), timezone, NO_CHANCE)
    moment = begin + timedelta(seconds=draw(st.integers(-(10**6), 10**5)))
    if kind == 3:
        step = draw(st.sampled_from([(600, "seconds"), (7, "minutes"), (5, "hours"), (1, "days")]))
        return IntervalSchedule.of(*step, moment, timezone)
    return OnceSchedule(moment, timezone)


@st.composite
def timetables(draw: st.DrawFn) -> tuple[Timetable, datetime]:
    zone = draw(st.sampled_from(sorted(MOMENTS)))
    begin = datetime.fromisoformat(draw(st.sampled_from(MOMENTS[zone]))).replace(tzinfo=UTC)
    schedules = draw(st.lists(forms(zone, begin), min_size=1, max_size=3))
    seconds = st.integers(0, 2 * 86400).map(lambda number: begin + timedelta(seconds=number))
    start, end = sorted((draw(seconds), draw(seconds)))
    bounds = Bounds(
        start if draw(st.booleans()) else None,
        end if draw(st.booleans()) else None,
        draw(st.sampled_from([0, 0, 5, 600, 5000])),
    )
    return Timetable.of(tuple(schedules), bounds, str(draw(st.integers(0, 9)))), begin


def enumerated(schedule, first: datetime, last: datetime) -> list[datetime]:
    found: list[datetime] = []
    due = schedule.next_after(first - TICK)
    while due is not None and due <= last:
        found.append(due)
        due = schedule.next_after(due)
    return found


@settings(max_examples=50, deadline=None)
@given(timetables(), st.data())
def test_due_at_the_union_within_the_bounds_each_delayed_a_little(
    drawn: tuple[Timetable, datetime], data: st.DataObject
) -> None:
    table, begin = drawn
    bounds, until = table.bounds, begin + 2 * DAY
    low, high = max(begin, bounds.start or begin), min(until, bounds.end or until)
    jitter = timedelta(seconds=bounds.jitter)

    dues = enumerated(table, begin - 2 * DAY, until + 2 * DAY)
    plain = sorted({due for each in table.schedules for due in enumerated(each, low, high)})

    inside = [due for due in dues if low <= table.plain(due) <= high]
    assert [table.plain(due) for due in inside] == plain
    assert all(here < there for here, there in pairwise(dues))
    assert all(at <= due <= at + jitter for at, due in zip(plain, inside, strict=True))
    assert all(due < at for at, due in zip(plain[1:], inside, strict=False))
    assert bounds.end is None or all(due <= bounds.end for due in dues)

    seconds = st.integers(-3600, 3 * 86400).map(lambda number: begin + timedelta(seconds=number))
    first, last = sorted((data.draw(seconds), data.draw(seconds)))
    expected = [due for due in dues if first <= due <= last]
    assert table.count(first, last) == len(expected)
    assert table.last_until(last, first) == (expected[-1] if expected else None)
    assert enumerated(schedule_from_data(table.to_data()), first, last) == expected


def a_table(*schedules: Form, **bounds) -> Timetable:
    return Timetable.of(schedules, Bounds(**bounds), "seed")


UTC_ZONE = parse_timezone("UTC")
NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
EVERY_SECOND = CronSchedule.of({"second": "*"}, UTC_ZONE)
MINUTELY = CronSchedule.of({"minute": "*"}, UTC_ZONE)


def test_years_of_seconds_are_counted_at_once() -> None:
    odd = CronSchedule.of({"second": "1-59/2", "month": "6"}, UTC_ZONE)
    even = IntervalSchedule.of(2, "seconds", NOON, UTC_ZONE)
    table = a_table(odd, even, MINUTELY, jitter=3)

    count = table.count(NOON, NOON.replace(year=2029) - timedelta(seconds=1))

    # Even seconds on 731 days, odd ones on 60 days of June; the minutes are among the even ones.
    assert count == (731 + 60) * 43200
    assert table.last_until(NOON.replace(year=2029), NOON) is not None


def test_delays_differ_by_instant_and_by_seed_and_are_drawn_from_the_whole_range() -> None:
    def delays(seed: str) -> list[float]:
        table = Timetable.of((MINUTELY,), Bounds(jitter=30), seed)
        dues = enumerated(table, NOON, NOON + timedelta(hours=10))
        return [(due - table.plain(due)).total_seconds() for due in dues]

    assert set(delays("a")) == set(range(31))
    assert delays("a") == delays("a") != delays("b")


def test_jitter_beyond_the_next_instant_stays_before_it() -> None:
    table = a_table(MINUTELY, jitter=3600)

    dues = enumerated(table, NOON, NOON + timedelta(hours=2))

    minutes = [NOON + timedelta(minutes=number) for number in range(120)]
    assert [due.replace(second=0) for due in dues[:120]] == minutes
    assert enumerated(a_table(EVERY_SECOND, jitter=60), NOON, NOON + timedelta(seconds=5)) == [
        NOON + timedelta(seconds=number) for number in range(6)
    ]


def test_start_and_end_are_included_and_nothing_is_due_later() -> None:
    hour = timedelta(hours=1)
    table = a_table(CronSchedule.of({"hour": "*"}, UTC_ZONE), start=NOON, end=NOON + 2 * hour)

    assert enumerated(table, NOON - DAY, NOON + DAY) == [NOON, NOON + hour, NOON + 2 * hour]
    assert table.next_after(NOON + 2 * hour) is None
    assert table.count(NOON - DAY, NOON + DAY) == 3
    assert table.last_until(NOON + DAY, NOON - DAY) == NOON + 2 * hour


def test_an_end_in_a_far_future_costs_no_memory() -> None:
    table = Timetable.of((MINUTELY,), Bounds(end=NOON.replace(year=2199), jitter=30), "seed")

    tracemalloc.start()
    try:
        assert table.next_after(NOON) is not None
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("seed", "abc")
@pytest.mark.parametrize("left", [0, 2])
def test_no_delay_passes_the_end(seed: str, left: int) -> None:
    bounds = Bounds(end=NOON + timedelta(seconds=left), jitter=3600)
    table = Timetable.of((CronSchedule.of({"hour": "12"}, UTC_ZONE),), bounds, seed)

    assert NOON <= enumerated(table, NOON - DAY / 2, NOON + DAY)[0] <= bounds.end
    assert table.count(NOON, bounds.end) == 1


def test_an_instant_finer_than_a_second_is_due_at_its_second() -> None:
    table = a_table(OnceSchedule(NOON + timedelta(milliseconds=300), UTC_ZONE), MINUTELY)

    assert enumerated(table, NOON, NOON + timedelta(seconds=59)) == [NOON]
    assert table.count(NOON, NOON) == 1


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"start": NOON, "end": NOON - DAY}, "end_date: lies before start_date"),
        ({"jitter": -1}, "jitter: must be between 0 and 43200"),
        ({"jitter": 43_201}, "jitter: must be between 0 and 43200"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(bounds, said: str) -> None:
    with pytest.raises(InvalidError, match=said):
        a_table(MINUTELY, **bounds)


@pytest.mark.parametrize("number", [0, 21])
def test_there_are_one_to_twenty_schedules(number: int) -> None:
    with pytest.raises(InvalidError, match="schedules: give 1 to 20"):
        a_table(*[MINUTELY] * number)
