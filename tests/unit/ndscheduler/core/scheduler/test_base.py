"""Hooks as ndscheduler has them."""

from typing import Any

import pytest

from botsched.job import JobBase, JobError
from botsched.job.invoke import invoke
from botsched.job.outcome import Call
from ndscheduler.corescheduler.core.base import BaseScheduler


class Twice(JobBase):
    def run(self, number: int) -> dict[str, int]:
        if number < 0:
            raise JobError("less than nothing")
        return {"twice": 2 * number}


@pytest.fixture
def seen() -> list[Any]:
    return []


@pytest.fixture
def hooks(seen: list[Any]) -> BaseScheduler:
    class Around(BaseScheduler):
        @classmethod
        def pre_run(cls, job_class: Any, *args: Any, **kwargs: Any) -> None:
            seen.append(("pre", job_class, args, kwargs))

        @classmethod
        def post_run(cls, job_class: Any, *args: Any, **kwargs: Any) -> None:
            seen.append(("post", job_class, args, kwargs))
            if args[-1] == 13:
                raise RuntimeError("not this one")

    return Around()


def test_they_are_called_around_a_success(hooks: BaseScheduler, seen: list[Any]) -> None:
    assert invoke(Twice, Call("j", "e", [2]), hooks=hooks).succeeded
    assert invoke(Twice, Call("j", "e", {"number": 3}), hooks=hooks).succeeded

    assert seen == [
        ("pre", Twice, ("j", "e", 2), {}),
        ("post", Twice, ("j", "e", '{\n    "twice": 4\n}', 2), {}),
        ("pre", Twice, ("j", "e"), {"number": 3}),
        ("post", Twice, ("j", "e", '{\n    "twice": 6\n}'), {"number": 3}),
    ]


def test_after_a_failure_only_the_first_was_called(hooks: BaseScheduler, seen: list[Any]) -> None:
    assert invoke(Twice, Call("j", "e", [-1]), hooks=hooks).error == "less than nothing"
    assert [each[0] for each in seen] == ["pre"]


def test_an_error_afterwards_makes_a_failure(hooks: BaseScheduler) -> None:
    outcome = invoke(Twice, Call("j", "e", [13]), hooks=hooks)
    assert (outcome.succeeded, outcome.error) == (
        False,
        "After the run: RuntimeError: not this one",
    )
