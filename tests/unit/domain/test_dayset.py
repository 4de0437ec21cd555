from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain import dayset

START = datetime(2027, 1, 1, tzinfo=UTC)


class EveryThird:
    """Due at each third second of each day."""

    def seconds_from(self, start: datetime) -> int:
        return dayset.every(3)


def seconds_of(found: int) -> list[int]:
    return [second for second in range(found.bit_length()) if found >> second & 1]


@pytest.mark.parametrize("step", [1, 7, 3600, 43200, 86399, 86400, 10**8])
def test_each_nth_second_of_a_day(step: int) -> None:
    assert seconds_of(dayset.every(step)) == list(range(0, 86400, step))


def test_times_of_a_day() -> None:
    found = dayset.of_times((0, 23), (5, 59), (0, 30))
    assert seconds_of(found) == [
        hour * 3600 + minute * 60 + second
        for hour in (0, 23)
        for minute in (5, 59)
        for second in (0, 30)
    ]


@pytest.mark.parametrize(
    ("first", "last", "count"), [(0, 0, 1), (0, 3, 2), (-0.5, 2.9, 1), (1, 0, 0)]
)
def test_both_ends_are_counted(first: float, last: float, count: int) -> None:
    span = START + timedelta(seconds=first), START + timedelta(seconds=last)
    assert dayset.count([EveryThird()], *span) == count


def test_what_is_due_twice_counts_once() -> None:
    two_days = START + timedelta(days=2)
    assert dayset.count([EveryThird(), EveryThird()], START, two_days) == 57601
