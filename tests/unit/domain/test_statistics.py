"""Stretches of time, failures in a row, quantiles."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botsched.domain.execution import Cause, State
from botsched.domain.statistics import (
    Run,
    failures_in_a_row,
    median,
    quantile,
    stretches_back,
    width_for,
)
from tests.support.values import NOW

HOUR = timedelta(hours=1)


def runs(states: str, retry_of: str | None = None) -> list[Run]:
    names = {"s": State.SUCCEEDED, "f": State.FAILED, "l": State.LOST, "x": State.STOPPED,
             "k": State.SKIPPED}  # fmt: skip
    return [
        Run(str(n), names[each], Cause.RETURNED, NOW, NOW, NOW, NOW, retry_of)
        for n, each in enumerate(states)
    ]


@pytest.mark.parametrize(
    ("states", "number"),
    [("", 0), ("s", 0), ("fs", 1), ("flfsfff", 3), ("sf", 0), ("kfxfs", 2), ("ff", 2)],
)
def test_failures_count_from_the_latest_run_back_to_a_success(states: str, number: int) -> None:
    assert failures_in_a_row(runs(states)) == number


def test_attempts_of_one_run_are_one_failure() -> None:
    assert failures_in_a_row(runs("fff", retry_of="first")) == 1


@given(
    st.floats(0.02, 400 * 24).map(lambda hours: timedelta(hours=hours)),
    st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds)),
)
def test_stretches_follow_each_other_through_the_whole_period(
    period: timedelta, shift: timedelta
) -> None:
    start = NOW + shift
    stretches = list(stretches_back(start, start + period))[::-1]

    assert stretches[0][0] == start
    assert stretches[-1][1] == start + period
    assert all(one[1] == other[0] for one, other in pairwise(stretches))
    assert all(first < last for first, last in stretches)
    assert len(stretches) <= 75


def test_stretches_begin_at_the_full_hour() -> None:
    start = NOW - 24 * HOUR + timedelta(minutes=20)

    stretches = list(stretches_back(start, NOW + timedelta(minutes=20)))

    assert stretches[0] == (NOW, NOW + timedelta(minutes=20))
    assert stretches[-1] == (start, NOW - 23 * HOUR)


def test_a_longer_period_has_wider_stretches() -> None:
    assert width_for(2 * HOUR) == timedelta(minutes=5)
    assert width_for(24 * HOUR) == HOUR
    assert width_for(timedelta(days=366)) == timedelta(days=7)


def test_quantiles_are_values_that_were_there() -> None:
    assert quantile(range(1, 11), 0.9) == 9
    assert quantile(range(1, 8), 0.9) == 7
    assert quantile([5.0], 0.9) == 5.0
    assert quantile([], 0.9) is None


def test_the_median_is_in_the_middle() -> None:
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5
    assert median([]) is None
