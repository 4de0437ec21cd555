import re
import subprocess
from pathlib import Path

import pytest

from tests.unit.jobs.conftest import RunJob, shown

NAME = "disk_usage.DiskUsage"


@pytest.mark.parametrize("limit", [100, "100", 100.0])
def test_file_systems_below_the_limit_succeed(
    run_job: RunJob, tmp_path: Path, limit: object
) -> None:
    outcome = run_job(NAME, [str(tmp_path), "/"], limit)
    assert (outcome.succeeded, outcome.error) == (True, None)
    assert str(tmp_path) in shown(outcome)


def test_a_file_system_above_the_limit_fails_and_is_still_reported(run_job: RunJob) -> None:
    outcome = run_job(NAME, "/", 0)
    assert str(outcome.error).startswith("Above the limit of 0 %: / is at ")
    assert "Inodes used" in shown(outcome)


def test_the_share_is_that_of_df(run_job: RunJob) -> None:
    df = subprocess.check_output(["df", "--output=pcent", "/"], text=True)
    used = re.search(r" ([0-9.]+) %", shown(run_job(NAME)))
    assert used is not None
    assert float(used[1]) == pytest.approx(int(df.split()[1].rstrip("%")), abs=1.1)  # df rounds up


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["/no/such/path"], "/no/such/path cannot be examined: No such file or directory."),
        (["/", "much"], "The limit must be a number, not 'much'."),
        (["/", 101], "The limit must be 0 to 100, not 101."),
        (["/", "nan"], "The limit must be 0 to 100, not 'nan'."),
    ],
)
def test_wrong_arguments_are_said_in_a_sentence(
    run_job: RunJob, args: list[object], error: str
) -> None:
    assert run_job(NAME, *args).error == error
