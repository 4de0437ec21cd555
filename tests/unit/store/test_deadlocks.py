"""What the database takes back is done anew, and not for ever."""

import pytest

from botsched.store.deadlocks import despite_deadlocks
from botsched.store.errors import DeadlockError


def test_one_that_is_taken_back_again_and_again_fails_in_the_end() -> None:
    taken_back = []

    def work() -> None:
        taken_back.append(1)
        raise DeadlockError("again")

    with pytest.raises(DeadlockError):
        despite_deadlocks(work)

    assert 1 < len(taken_back) < 10
