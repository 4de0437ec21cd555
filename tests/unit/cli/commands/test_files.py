"""``files`` and ``logs`` against a real server."""

import errno
import io
import json
import os
import sys
from pathlib import Path

import pytest

from botsched.cli.remote import asking
from botsched.web.gate import LARGEST_UPLOAD
from tests.unit.cli.conftest import Bots


def test_a_file_is_stored_listed_fetched_and_deleted(remote: Bots, tmp_path: Path) -> None:
    (tmp_path / "hosts.txt").write_bytes(b"# Our hosts\nweb1\nweb2\n\xff")

    assert remote("files", "put", "hosts.txt").out == "hosts.txt is stored.\n"
    heading, line = remote("files", "list").out.splitlines()
    assert heading.split()[:3] == ["NAME", "SIZE", "ENTRIES"]
    assert line.startswith("hosts.txt  23 bytes  3        ")
    assert line.endswith("  0     Our hosts")
    (file,) = json.loads(remote("files", "list", "--json").out)["files"]
    assert (file["filename"], file["size"]) == ("hosts.txt", 23)
    assert remote("files", "get", "hosts.txt", "-o", "copy").code == 0
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "hosts.txt").read_bytes()

    assert "give --yes" in remote("files", "delete", "hosts.txt").err
    assert remote("files", "delete", "hosts.txt", "--yes").out == "hosts.txt is deleted.\n"
    gone = remote("files", "get", "hosts.txt")
    assert (gone.code, gone.err.count("\n")) == (1, 1)


def test_a_file_comes_from_standard_input(remote: Bots, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "needs a --name" in remote("files", "put", "-").err

    monkeypatch.setattr("tests.unit.cli.conftest.StringIO", typed)
    ended = remote("files", "put", "-", "--name", "typed.txt", "--json", stdin="one\n")

    assert json.loads(ended.out) == {"file": "typed.txt"}
    assert remote("files", "get", "typed.txt").out == "one\n"


def typed(text: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), sys.getdefaultencoding())


def test_files_that_cannot_be_read_or_written_are_named(remote: Bots) -> None:
    assert "nothing: cannot be read: No such file" in remote("files", "put", "nothing").err
    odd = Path(os.fsdecode(b"caf\xe9"))
    odd.write_bytes(b"x")
    ended = remote("files", "put", str(odd))
    assert (ended.code, ended.err) == (
        2,
        "bots-scheduler: 'caf\\udce9' is no name of a file. Give another one by --name.\n",
    )


def test_a_full_disk_leaves_the_old_file(
    remote: Bots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        path.touch()
        os.truncate(path, 0)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    hosts = tmp_path / "hosts.txt"
    hosts.write_bytes(b"old")
    remote("files", "put", "hosts.txt")
    monkeypatch.setattr(Path, "write_bytes", full)

    ended = remote("files", "get", "hosts.txt", "-o", "hosts.txt")

    assert ended.err == ("bots-scheduler: hosts.txt: cannot be written: No space left on device.\n")
    assert hosts.read_bytes() == b"old"


def test_what_has_no_end_is_not_stored(remote: Bots, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "/dev/null: is no regular file" in remote("files", "put", "/dev/null").err

    assert asking._LARGEST == LARGEST_UPLOAD
    monkeypatch.setattr(asking, "_LARGEST", 3)
    monkeypatch.setattr("tests.unit.cli.conftest.StringIO", typed)
    assert remote("files", "put", "-", "--name", "x", stdin="one").code == 0
    ended = remote("files", "put", "-", "--name", "x", stdin="many")
    assert (ended.code, "standard input: is larger than 3 bytes" in ended.err) == (2, True)
