"""How long attempts wait."""

import re
from datetime import timedelta

import pytest

from botsched.domain.retry import GREATEST_FACTOR, KIND, MOST_ATTEMPTS, Retry


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


def test_what_is_left_off_is_usual() -> None:
    assert KIND.read({}) == Retry()
    assert KIND.data(Retry()) == {
        "attempts": 3,
        "delay": 60,
        "factor": 2,
        "max_delay": 3600,
        "jitter": 0.1,
    }
    assert KIND.words(Retry(4)) == (
        "attempts 4, delay 60 s, factor 2, max_delay 3600 s, jitter 0.1"
    )


def test_a_delay_beyond_the_usual_limit_is_its_own_limit() -> None:
    assert KIND.read({"delay": 7200}).max_delay == timedelta(hours=2)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"attempts": 1}, "attempts: 1 is out of range; give 2 to 100"),
        ({"attempts": 101}, "attempts: 101 is out of range; give 2 to 100"),
        ({"delay": -0.5}, "delay: -0.5 is out of range; give 0 to 315360000"),
        ({"factor": 0.5}, "factor: 0.5 is out of range; give 1 to 100"),
        ({"jitter": 1.1}, "jitter: 1.1 is out of range; give 0 to 1"),
        ({"delay": 60, "max_delay": 59}, "max_delay is shorter than delay"),
        ({"max_delay": 59}, "max_delay is shorter than delay"),
    ],
)
def test_what_makes_no_sense_is_told(value, fault) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(fault)}$"):
        KIND.read(value)


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        (3, "an object with any of attempts, delay, factor, max_delay, jitter, or null"),
        ({"tries": 3}, "an object with any of attempts, delay, factor, max_delay, jitter, or null"),
        ({"attempts": 2.5}, "an object in which attempts is a whole number"),
        ({"delay": "1m"}, "an object in which delay is a number"),
        ({"jitter": None}, "an object in which jitter is a number"),
    ],
)
def test_what_is_accepted_is_told(value, accepted) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(accepted)}$"):
        KIND.read(value)
