import logging
import os
from pathlib import Path

import pytest

from botsched.errors import SettingsError
from botsched.proxy.child.reload import WatchedFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_text("1")
    return path


@pytest.fixture
def applied() -> list[str]:
    return []


@pytest.fixture
def watched(path: Path, applied: list[str]) -> WatchedFile:
    return WatchedFile(path, lambda: applied.append(path.read_text()))


def test_an_unchanged_file_is_left_alone(watched: WatchedFile, applied: list[str]) -> None:
    watched.look()
    watched.look()
    assert applied == []


def test_a_change_is_applied_once_it_rests(
    watched: WatchedFile, applied: list[str], path: Path
) -> None:
    path.write_text("half")
    watched.look()
    path.write_text("half and half")
    watched.look()
    assert applied == []
    watched.look()
    watched.look()
    assert applied == ["half and half"]


def test_a_file_replaced_by_another_of_the_same_size_and_time_is_a_change(
    watched: WatchedFile, applied: list[str], path: Path
) -> None:
    times = path.stat()
    new = path.with_name("new")
    new.write_text("2")
    os.utime(new, ns=(times.st_atime_ns, times.st_mtime_ns))
    new.replace(path)
    watched.look()
    watched.look()
    assert applied == ["2"]


def test_a_broken_change_is_one_line_in_the_log(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise SettingsError("line 1 is bad", "line 2 too")

    watched = WatchedFile(path, refuse)
    path.write_text("broken")
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            watched.look()
    [record] = caplog.records
    assert "line 1 is bad line 2 too" in record.getMessage()


def test_a_file_that_goes_and_comes_back_is_applied_again(
    watched: WatchedFile, applied: list[str], path: Path
) -> None:
    path.unlink()
    watched.look()
    path.write_text("back")
    watched.look()
    watched.look()
    assert applied == ["back"]
