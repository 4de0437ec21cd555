from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.interval import IntervalSchedule
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError

BRUSSELS = parse_timezone("Europe/Brussels")
ANCHOR = datetime(2027, 1, 1, 12, tzinfo=UTC)


def test_due_every_so_often_from_the_anchor_and_before_it() -> None:
    schedule = IntervalSchedule.of(90, "minutes", ANCHOR, BRUSSELS)
    assert schedule.next_after(ANCHOR) == ANCHOR + timedelta(minutes=90)
    assert schedule.next_after(ANCHOR - timedelta(seconds=1)) == ANCHOR
    assert schedule.next_after(ANCHOR - timedelta(hours=2)) == ANCHOR - timedelta(minutes=90)


def test_hours_go_on_in_real_time_when_the_clock_changes() -> None:
    schedule = IntervalSchedule.of(6, "hours", ANCHOR, BRUSSELS)
    before = datetime(2027, 3, 27, 18, tzinfo=UTC)
    assert schedule.next_after(before) == before + timedelta(hours=6)


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_days_keep_their_time_of_day_when_the_clock_changes(day: str) -> None:
    schedule = IntervalSchedule.of(1, "days", ANCHOR, BRUSSELS)
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=BRUSSELS)
    due = schedule.next_after(noon.astimezone(UTC))
    assert due is not None
    assert due.astimezone(BRUSSELS).isoformat().startswith(f"{day}T13:00:00")


@pytest.mark.parametrize(
    ("number", "unit"), [(1, "seconds"), (7, "minutes"), (5, "hours"), (2, "days")]
)
def test_counting_equals_enumerating(number: int, unit: str) -> None:
    schedule = IntervalSchedule.of(number, unit, ANCHOR, BRUSSELS)
    first = schedule.next_after(datetime(2027, 3, 27, 22, 59, 58, tzinfo=UTC))
    assert first is not None
    last, expected = first, 1
    for _ in range(200):
        following = schedule.next_after(last)
        assert following is not None
        last, expected = following, expected + 1
    assert schedule.count(first, last) == expected
    assert schedule.last_until(last + timedelta(microseconds=1), first) == last
    assert schedule.last_until(first - timedelta(microseconds=1), first) is None


@pytest.mark.parametrize(
    ("number", "unit"), [(0, "seconds"), (-5, "minutes"), (99999, "days"), (10**30, "days")]
)
def test_a_length_that_makes_no_sense_is_refused(number: int, unit: str) -> None:
    with pytest.raises(InvalidError, match="between 1 second and 10 years"):
        IntervalSchedule.of(number, unit, ANCHOR, BRUSSELS)


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(InvalidError, match="'fortnights' is unknown"):
        IntervalSchedule.of(1, "fortnights", ANCHOR, BRUSSELS)
