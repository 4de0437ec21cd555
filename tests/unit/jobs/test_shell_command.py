from typing import Any

import pytest

from tests.unit.jobs.conftest import RunJob

NAME = "shell_command.ShellCommand"


def test_one_text_runs_through_the_shell(
    run_job: RunJob, capfd: pytest.CaptureFixture[str]
) -> None:
    outcome = run_job(NAME, "echo a b | tr a-z A-Z; echo error >&2")
    assert (outcome.succeeded, outcome.result) == (True, None)
    assert capfd.readouterr() == ("A B\n", "error\n")


def test_several_texts_are_a_program_and_its_arguments_as_they_are(
    run_job: RunJob, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_job(NAME, "printf", "%s|", "a b", "$HOME", 3, "").succeeded
    assert capfd.readouterr().out == "a b|$HOME|3||"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["exit 3"], "The command ended with exit code 3."),
        (["false", "x"], "The command ended with exit code 1."),
        (["no-such-program-here x"], "The command ended with exit code 127."),
        (["kill -9 $$"], "The command was ended by SIGKILL."),
        (["no-such-program-here", "x"], "no-such-program-here cannot be started: No such file"),
        (["/etc", "x"], "/etc cannot be started: Permission denied."),
        ([], "The arguments do not fit run(command, *arguments): missing a required"),
    ],
)
def test_a_command_that_does_not_succeed_is_a_failure(
    run_job: RunJob, args: list[Any], error: str
) -> None:
    outcome = run_job(NAME, *args)
    assert not outcome.succeeded
    assert str(outcome.error).startswith(error)


def test_the_command_reads_nothing(run_job: RunJob, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_job(NAME, "cat; echo done").succeeded
    assert capfd.readouterr().out == "done\n"
