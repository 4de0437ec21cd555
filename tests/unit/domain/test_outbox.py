"""When a mail is owed, and when it is tried again."""

from datetime import timedelta

import pytest

from botsched.domain.execution import FINAL, State
from botsched.domain.outbox import is_owed, retry_delay

FAILURES = {State.FAILED, State.TIMEOUT, State.SCHEDULED_ERROR, State.LOST}


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_failure_is_always_mailed_and_anything_else_when_it_gave_output(state: State) -> None:
    assert is_owed(state, has_output=False) is (state in FAILURES)
    assert is_owed(state, has_output=True)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 15), (2, 30), (3, 60), (8, 1920), (9, 3600), (10_000, 3600)]
)
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert retry_delay(attempts) == timedelta(seconds=seconds)
