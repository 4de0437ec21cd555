"""Answers that many ask for at the same time."""

import pytest

from botsched.scheduling.memo import Memo


class Asked:
    """A memo by a clock of its own, and answers that are numbers and take ``takes`` seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.takes = 0.0
        self.made = 0
        self.memo: Memo[int] = Memo(1, 20, lambda: self.now)

    def get(self, key: str = "a") -> int:
        return self.memo.get(key, self._make)

    def _make(self) -> int:
        self.now += self.takes
        self.made += 1
        return self.made


def test_an_answer_is_made_once_for_each_key() -> None:
    asked = Asked()

    assert [asked.get(key) for key in "aabab"] == [1, 1, 2, 1, 2]


def test_an_old_answer_is_made_anew() -> None:
    asked = Asked()

    asked.get()
    asked.now += 0.9
    assert asked.get() == 1
    asked.now += 0.2
    assert asked.get() == 2


def test_an_answer_that_took_long_is_kept_for_longer() -> None:
    asked = Asked()
    asked.takes = 1.5

    asked.get()
    asked.now += 14
    assert asked.get() == 1
    asked.now += 2
    assert asked.get() == 2


def test_no_answer_is_kept_for_ever() -> None:
    asked = Asked()
    asked.takes = 100

    asked.get()
    asked.now += 19
    assert asked.get() == 1
    asked.now += 2
    assert asked.get() == 2


def test_a_fault_is_not_kept() -> None:
    memo: Memo[float] = Memo(1000, 1000)

    with pytest.raises(ZeroDivisionError):
        memo.get("a", lambda: 1 / 0)

    assert memo.get("a", lambda: 2) == 2


def test_the_memory_does_not_grow_without_end() -> None:
    memo: Memo[int] = Memo(1000, 1000)
    for number in range(1000):
        memo.get(number, lambda: 1)

    assert len(memo._answers) <= 100
