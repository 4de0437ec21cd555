import os
import subprocess
from pathlib import Path

import pytest

from botsched.reports import Plot, Table
from tests.unit.jobs.conftest import RunJob, shown

NAME = "folder_sizes.FolderSizes"
KIB = 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    (folder / "logs" / "old").mkdir(parents=True)
    (folder / "logs" / "old" / "a.log").write_bytes(os.urandom(200 * KIB))
    (folder / "logs" / "b.log").write_bytes(os.urandom(100 * KIB))
    (folder / "mail.mbox").write_bytes(os.urandom(150 * KIB))
    (folder / "empty").mkdir()
    (folder / "loop").symlink_to(folder)
    os.link(folder / "mail.mbox", folder / "zz-again.mbox")
    return folder


def du(path: Path) -> int:
    told = subprocess.check_output(["du", "-s", "--block-size=1", str(path)], text=True)
    return int(told.split()[0])


def test_the_largest_are_drawn_and_listed(run_job: RunJob, folder: Path) -> None:
    outcome = run_job(NAME, str(folder), 2)
    assert outcome.succeeded
    plot, table = outcome.report or ()
    assert isinstance(plot, Plot)
    assert isinstance(table, Table)
    assert (plot.kind, plot.unit) == ("bars", "KiB")
    assert (len(plot.x), plot.x[0]) == (2, "logs")
    assert table.rows[0][1] == f"{plot.numbers[0]:.1f} KiB"
    assert table.footer[0] == "Everything"


def test_the_sizes_are_those_of_du(run_job: RunJob, folder: Path) -> None:
    (plot, _) = run_job(NAME, str(folder)).report or ()
    assert isinstance(plot, Plot)
    drawn = dict(zip(plot.x, plot.series[0].values, strict=True))
    assert drawn["logs"] == pytest.approx(du(folder / "logs") / KIB, rel=0.01)
    # a hard link counts once, under one of its two names
    once = sum(drawn.get(name) or 0 for name in ("mail.mbox", "zz-again.mbox"))
    assert once == pytest.approx(du(folder / "mail.mbox") / KIB, rel=0.01)


def test_an_empty_folder_has_an_empty_report(run_job: RunJob, tmp_path: Path) -> None:
    text = shown(run_job(NAME, str(tmp_path)))
    assert "There are no values to show." in text
    assert "Everything  0 B" in text


def test_what_cannot_be_read_is_told(
    run_job: RunJob, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def refusing(path: object) -> object:
        if getattr(path, "name", "") == "old":
            raise PermissionError
        return real(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refusing)
    assert "could not be read, and are not counted: 1." in shown(run_job(NAME, str(folder)))


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["/no/such/path"], "/no/such/path cannot be examined: No such file or directory."),
        (["/", "many"], "The count must be a number, not 'many'."),
        (["/", 51], "The count must be 1 to 50, not 51."),
    ],
)
def test_wrong_arguments_are_said_in_a_sentence(
    run_job: RunJob, args: list[object], error: str
) -> None:
    assert run_job(NAME, *args).error == error
