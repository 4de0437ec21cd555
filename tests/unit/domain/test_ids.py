"""Identifiers: fresh ones, in order."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from botsched.domain.ids import job_id_fault, new_id


def test_identifiers_made_one_after_another_sort_in_that_order() -> None:
    made = [new_id() for _ in range(10_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_threads_never_get_the_same_one() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(10_000)))

    assert len(set(made)) == len(made)


def test_an_identifier_tells_when_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_800_000_000_123_456_789)

    made = uuid.UUID(new_id())

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_800_000_000_123


def test_a_clock_that_was_set_back_gives_earlier_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    later = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)

    assert new_id() < later


@pytest.mark.parametrize("good", ["a", "7", "Backup.nightly:db-1_x", "x" * 128, new_id()])
def test_an_id_of_a_job_may_be_chosen(good: str) -> None:
    assert job_id_fault(good) is None


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        *((bad, "begin with a letter or a digit") for bad in ("", ".", "-a", "a/b", "a b", "ü")),
        *(("x" * 129, "give 1 to 128 of the characters"), ("a\n", "cannot be an id")),
        *(("new", "a meaning of its own in addresses"), ("bulk", "give another id")),
    ],
)
def test_why_it_may_not_be_chosen_is_said(bad: str, words: str) -> None:
    assert words in job_id_fault(bad)
