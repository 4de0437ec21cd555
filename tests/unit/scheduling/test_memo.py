"""Answers that many ask for at the same time."""

import pytest

from botsched.scheduling.memo import Memo


def test_an_answer_is_made_once_for_each_key() -> None:
    memo: Memo[int] = Memo(1000)
    made = iter(range(9))

    assert [memo.get(key, lambda: next(made)) for key in "aabab"] == [0, 0, 1, 0, 1]


def test_an_old_answer_is_made_anew() -> None:
    memo: Memo[int] = Memo(0)
    made = iter(range(9))

    assert [memo.get("a", lambda: next(made)) for _ in range(2)] == [0, 1]


def test_a_fault_is_not_kept() -> None:
    memo: Memo[float] = Memo(1000)

    with pytest.raises(ZeroDivisionError):
        memo.get("a", lambda: 1 / 0)

    assert memo.get("a", lambda: 2) == 2


def test_the_memory_does_not_grow_without_end() -> None:
    memo: Memo[int] = Memo(1000)
    for number in range(1000):
        memo.get(number, lambda: 1)

    assert len(memo._answers) <= 100
