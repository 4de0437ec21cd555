import os
import time
from pathlib import Path

import pytest

from tests.unit.jobs.conftest import RunJob, shown

NAME = "file_age.FileAge"
HOUR = 3600


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    for hours, name in ((30, "old.tar"), (2, "deep/new.tar"), (1, "deep/folder.tar/x")):
        file = tmp_path / "backup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * 1000)
        os.utime(file, (time.time() - hours * HOUR,) * 2)
    return tmp_path / "backup"


def test_a_fresh_file_of_some_size_succeeds(run_job: RunJob, backups: Path) -> None:
    outcome = run_job(NAME, f"{backups}/**/*.tar", "3", 1000)
    assert (outcome.succeeded, outcome.error) == (True, None)
    lines = [line for line in shown(outcome).splitlines() if ".tar" in line]
    assert ["new.tar" in lines[0], "old.tar" in lines[1], len(lines)] == [True, True, 2]
    assert "1000 B" in lines[0]


@pytest.mark.parametrize(
    ("pattern", "rest", "error"),
    [
        ("*.tar", [], "/old.tar, is 30.0 hours old; 24 are allowed."),
        ("**/*.tar", [1.5], "/deep/new.tar, is 2.0 hours old; 1.5 are allowed."),
        ("**/*.tar", [3, "1001"], "/deep/new.tar, has 1000 bytes; 1001 are demanded."),
        ("*.zip", [], "No file matches '"),
        ("*.tar", ["x"], "The age in hours must be a number, not 'x'."),
    ],
)
def test_what_is_too_old_too_small_or_missing_fails(
    run_job: RunJob, backups: Path, pattern: str, rest: list[object], error: str
) -> None:
    assert error in str(run_job(NAME, f"{backups}/{pattern}", *rest).error)


def test_arguments_may_be_given_by_name(run_job: RunJob, backups: Path) -> None:
    assert run_job(NAME, pattern=f"{backups}/*.tar", hours=48, bytes=1).succeeded
