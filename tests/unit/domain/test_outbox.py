"""When a mail is tried again."""

from datetime import timedelta

import pytest

from botsched.domain.outbox import retry_delay


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 15), (2, 30), (3, 60), (8, 1920), (9, 3600), (10_000, 3600)]
)
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert retry_delay(attempts) == timedelta(seconds=seconds)
