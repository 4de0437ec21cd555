"""The data folder: what users put there, and what never leaves it."""

import os
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest

from botsched.domain.datafile import DataFile
from botsched.errors import ConflictError, InvalidError, NotFoundError, StoreUnavailableError
from botsched.scheduling.files import FileService
from tests.support.values import NOW


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def files(record, clock, data) -> FileService:
    return FileService(record.store, clock, data)


def test_a_file_is_stored_listed_and_told(files, record, data) -> None:
    file = files.put("hosts.txt", b"# The hosts\nweb1\n\nweb2\n", "ann")

    assert file == DataFile("hosts.txt", "ann", NOW, 2, "The hosts")
    assert files.all() == [file]
    assert files.path("hosts.txt") == data / "hosts.txt"
    assert (data / "hosts.txt").read_bytes() == b"# The hosts\nweb1\n\nweb2\n"
    assert record.audit() == [("file_added", "ann", "", "hosts.txt: 23 bytes")]


def test_nothing_is_there_before_the_first_file(files) -> None:
    assert files.all() == []


def test_a_file_takes_the_place_of_its_namesake(files, clock, data) -> None:
    files.put("a.txt", b"one\n", "ann")
    reader = (data / "a.txt").open("rb")
    later = clock.move(seconds=5)

    files.put("a.txt", b"one\ntwo\n", "bob")

    assert files.all() == [DataFile("a.txt", "bob", later, 2, "")]
    with reader:
        assert reader.read() == b"one\n"
    assert [path.name for path in data.iterdir()] == ["a.txt"]


def test_a_file_is_deleted_with_its_row(files, record, data) -> None:
    files.put("a.txt", b"one\n", "ann")

    files.delete("a.txt", "bob")

    assert files.all() == []
    assert list(data.iterdir()) == []
    assert record.audit()[1] == ("file_deleted", "bob", "", "a.txt")
    for ask in (files.path, lambda name: files.delete(name, "bob")):
        with pytest.raises(NotFoundError, match=r"There is no file 'a\.txt'"):
            ask("a.txt")


@pytest.mark.parametrize("name", ["../x", "..", "/etc/passwd", "sub/x", "a\0", ".hidden", "x/../y"])
def test_a_name_that_leads_elsewhere_is_refused(files, record, tmp_path, name) -> None:
    for ask in (
        files.path,
        lambda name: files.put(name, b"x", "eve"),
        lambda name: files.delete(name, "eve"),
    ):
        with pytest.raises(InvalidError):
            ask(name)

    assert not (tmp_path / "x").exists()
    assert record.audit() == []


def test_a_link_that_leads_out_of_the_folder_is_not_followed(files, data, tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("# keep out\n")
    data.mkdir()
    (data / "link").symlink_to(secret)
    (data / "up").symlink_to("..")

    for name in ("link", "up"):
        for ask in (
            files.path,
            lambda name: files.put(name, b"x", "eve"),
            lambda name: files.delete(name, "eve"),
        ):
            with pytest.raises(InvalidError, match="leads out of the data folder"):
                ask(name)

    assert secret.read_text() == "# keep out\n"
    assert files.all() == []


def test_files_put_there_by_hand_are_listed_too(files, data) -> None:
    files.put("b.txt", b"x\n", "ann")
    by_hand = data / "a.txt"
    by_hand.write_bytes(b"# By hand\none\n\xff\n")
    os.utime(by_hand, (1_800_000_000, 1_800_000_000))
    (data / ".hidden").touch()
    (data / "folder").mkdir()
    (data / "dangling").symlink_to("nothing")

    changed = datetime.fromtimestamp(1_800_000_000, UTC)
    assert files.all() == [
        DataFile("a.txt", "", changed, 2, "By hand"),
        DataFile("b.txt", "ann", NOW, 1, ""),
    ]


def test_a_file_that_goes_while_it_is_listed_hides_no_other(files, data, monkeypatch) -> None:
    data.mkdir()
    for name in ("a.txt", "b.txt"):
        (data / name).write_text("x")
    is_file = Path.is_file

    def goes(path: Path) -> bool:
        found = is_file(path)
        if path.name == "a.txt":
            path.unlink()
        return found

    monkeypatch.setattr(Path, "is_file", goes)
    assert [file.filename for file in files.all()] == ["b.txt"]


def test_a_folder_is_not_overwritten_and_nothing_is_left_of_the_attempt(
    files, data, record
) -> None:
    (data / "folder").mkdir(parents=True)

    with pytest.raises(ConflictError, match="'folder' is a folder"):
        files.put("folder", b"x", "ann")

    assert [path.name for path in data.iterdir()] == ["folder"]
    assert record.audit() == []


def test_of_a_file_that_finds_no_space_nothing_is_left(files, data, record) -> None:
    files.put("a.txt", b"old", "ann")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        with pytest.raises(StoreUnavailableError, match=r"'a\.txt' could not be written"):
            files.put("a.txt", b"x" * 2_000_000, "ann")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert [path.name for path in data.iterdir()] == ["a.txt"]
    assert (data / "a.txt").read_bytes() == b"old"
    assert len(record.audit()) == 1


def test_a_file_that_vanished_by_hand_is_not_listed(files, data) -> None:
    files.put("a.txt", b"x\n", "ann")
    (data / "a.txt").unlink()

    assert files.all() == []
