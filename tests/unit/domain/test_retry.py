"""How long attempts wait."""

from datetime import timedelta

import pytest

from botsched.domain.retry import GREATEST_FACTOR, MOST_ATTEMPTS, Retry


def seconds(retry: Retry, chance: float = 0.0) -> list[float]:
    """What lies between the attempts."""
    return [retry.wait(n, chance).total_seconds() for n in range(1, retry.attempts)]


def test_each_wait_is_longer_than_the_one_before_up_to_a_limit() -> None:
    retry = Retry(6, timedelta(seconds=30), 2.0, timedelta(seconds=200), jitter=0.0)

    assert seconds(retry) == [30, 60, 120, 200, 200]


def test_with_factor_1_all_waits_are_alike() -> None:
    assert seconds(Retry(4, timedelta(seconds=5), 1.0, jitter=0.0)) == [5, 5, 5]


@pytest.mark.parametrize(("chance", "expected"), [(0.0, 60), (0.5, 75), (1.0, 90)])
def test_chance_lengthens_a_wait_by_at_most_its_share(chance, expected) -> None:
    assert Retry(jitter=0.5).wait(1, chance) == timedelta(seconds=expected)


def test_no_number_of_attempts_is_too_large() -> None:
    longest = timedelta(days=3650)
    retry = Retry(MOST_ATTEMPTS, longest, GREATEST_FACTOR, longest, jitter=1.0)

    assert retry.wait(MOST_ATTEMPTS, 1.0) == 2 * longest
