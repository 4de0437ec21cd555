"""What is called around runs."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from botsched.catalog import load
from botsched.errors import ExecutionError
from botsched.job import JobBase, JobError
from botsched.job.hooks import MissingHooks, RunHooks, load_hooks
from botsched.job.invoke import invoke
from botsched.job.outcome import Call, Outcome

CALL = Call("j1", "e1", [3])


class Half(JobBase):
    def run(self, number: int, fail: bool = False) -> float:
        if fail:
            raise JobError("It cannot be halved.")
        return number / 2


class Telling(RunHooks):
    def __init__(self, before: BaseException | None = None, after: BaseException | None = None):
        self.seen: list[Any] = []
        self._before, self._after = before, after

    def before_run(self, job: JobBase, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self.seen.append((type(job), job.job_id, job.execution_id, args, kwargs))
        if self._before:
            raise self._before

    def after_run(
        self, job: JobBase, args: Sequence[Any], kwargs: Mapping[str, Any], outcome: Outcome
    ) -> None:
        self.seen.append((outcome.succeeded, outcome.result, outcome.error))
        if self._after:
            raise self._after


def test_hooks_see_the_run_and_what_came_of_it() -> None:
    hooks = Telling()

    assert invoke(Half, CALL, hooks=hooks).result == 1.5
    assert hooks.seen == [(Half, "j1", "e1", (3,), {}), (True, 1.5, None)]

    failed = invoke(Half, Call("j", "e", {"number": 1, "fail": True}), hooks=hooks)
    assert failed.error == "It cannot be halved."
    assert hooks.seen[-1] == (False, None, "It cannot be halved.")


@pytest.mark.parametrize("error", [JobError("not today"), ValueError("not today"), SystemExit(3)])
def test_what_is_raised_before_keeps_the_job_from_running(error: BaseException) -> None:
    hooks = Telling(before=error)
    outcome = invoke(Half, CALL, hooks=hooks)

    assert not outcome.succeeded
    assert any(word in (outcome.error or "") for word in ("not today", "exit code 3"))
    assert len(hooks.seen) == 1


def test_what_is_raised_afterwards_makes_it_a_failure_with_its_result() -> None:
    outcome = invoke(Half, CALL, hooks=Telling(after=RuntimeError("no room")))

    assert (outcome.succeeded, outcome.result) == (False, 1.5)
    assert outcome.error == "After the run: RuntimeError: no room"
    assert outcome.traceback
    assert "no room" in outcome.traceback


def test_neither_error_hides_the_other() -> None:
    call = Call("j", "e", {"number": 1, "fail": True})
    outcome = invoke(Half, call, hooks=Telling(after=JobError("No room.")))

    assert outcome.error == "It cannot be halved. After the run: No room."


def test_hooks_are_loaded_by_their_name() -> None:
    assert isinstance(load_hooks(f"{__name__}.Telling"), Telling)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nonesuch.Hooks", "could not be loaded: ModuleNotFoundError"),
        (f"{__name__}.Nonesuch", "could not be loaded: AttributeError"),
        (f"{__name__}.Half", "no subclass of botsched.job.hooks.RunHooks"),
    ],
)
def test_without_its_hooks_no_run_begins(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(ExecutionError, match=told):
        load_hooks(name)

    catalogue = load([], hooks=name)
    (failure,) = catalogue.description().failures
    assert told in failure.error
    assert isinstance(catalogue.hooks, MissingHooks)
    outcome = invoke(Half, CALL, hooks=catalogue.hooks)
    assert not outcome.succeeded
    assert told in (outcome.error or "")


def test_hooks_may_lie_in_a_job_folder(tmp_path: Path) -> None:
    folder = tmp_path / "hooked"
    folder.mkdir()
    (folder / "around.py").write_text(
        "from botsched.job.hooks import RunHooks\nclass Hooks(RunHooks): ...\n"
    )
    catalogue = load([folder], hooks="hooked.around.Hooks")

    assert catalogue.description().failures == ()
    assert type(catalogue.hooks).__name__ == "Hooks"
    assert sys.modules.pop("hooked.around")
