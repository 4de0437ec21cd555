"""Progress as jobs tell it."""

import pytest

from botsched.job import JobBase
from botsched.job.invoke import invoke
from botsched.job.outcome import Call
from botsched.job.progress import MAX_TEXT


class Copy(JobBase):
    def run(self, *told: object) -> None:
        self.progress(*told)  # type: ignore[arg-type]


def told(*arguments: object) -> list[tuple[float | None, str]]:
    """What is heard of a job that tells its progress so."""
    heard: list[tuple[float | None, str]] = []
    outcome = invoke(Copy, Call("j", "e", list(arguments)), lambda *what: heard.append(what))
    assert outcome.succeeded, outcome.error
    return heard


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0.4, "copying"), (0.4, "copying")),
        ((1,), (1.0, "")),
        ((None, "looking"), (None, "looking")),
        ((), (None, "")),
        ((1.2,), (1.0, "")),
        ((-3, "x"), (0.0, "x")),
        ((0, "two\nlines \x1b[31mred"), (0.0, "two lines red")),
        ((0, "x" * 300), (0.0, "x" * MAX_TEXT)),
        ((0, 7), (0.0, "7")),
    ],
)
def test_progress_is_told(arguments: tuple[object, ...], expected: tuple[object, str]) -> None:
    assert told(*arguments) == [expected]


@pytest.mark.parametrize("wrong", ["half", True, float("nan"), [1]])
def test_what_is_no_number_is_the_authors_mistake(wrong: object) -> None:
    outcome = invoke(Copy, Call("j", "e", [wrong]), lambda *_: None)

    assert not outcome.succeeded
    assert "progress: the fraction must be a number from 0 to 1" in (outcome.error or "")


def test_without_a_scheduler_nobody_is_told() -> None:
    Copy().progress(0.5, "alone")
