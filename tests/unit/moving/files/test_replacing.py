import errno
import os
from pathlib import Path

import pytest

from botsched.moving.files.replacing import replace


def test_what_a_full_disk_interrupts_leaves_the_old_file(tmp_path, monkeypatch) -> None:
    def full(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[:1])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    old = tmp_path / "old"
    old.write_text("old")
    monkeypatch.setattr(Path, "write_bytes", full)

    with pytest.raises(OSError, match="No space left"):
        replace(old, b"new")

    assert old.read_text() == "old"
    assert list(tmp_path.iterdir()) == [old]


def test_modes_and_links_stay(tmp_path) -> None:
    own, link = tmp_path / "own", tmp_path / "link"
    own.touch(0o640)
    own.chmod(0o640)
    link.symlink_to(own)

    replace(link, b"new")

    assert link.is_symlink()
    assert (own.read_bytes(), own.stat().st_mode & 0o777) == (b"new", 0o640)


def test_a_pipe_is_written_to_and_stays(tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        replace(pipe, b"new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
