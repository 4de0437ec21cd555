"""The data folder: what users put there, and what never leaves it."""

import os
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest

from botsched.catalog import CatalogueDescription
from botsched.domain.datafile import DataFile, FileUse, version_of
from botsched.errors import (
    ConflictError,
    ExecutionError,
    InvalidError,
    NotFoundError,
    StoreUnavailableError,
)
from botsched.scheduling.files import MOST_TEXT, FileService
from tests.support.values import NOW, a_job


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def files(record, clock, data) -> FileService:
    return FileService(record.store, clock, data, CatalogueDescription)


def told(files: FileService) -> list[DataFile]:
    return [stored.file for stored in files.all()]


def test_a_file_is_stored_listed_and_told(files, record, data) -> None:
    file = files.put("hosts.txt", b"# The hosts\nweb1\n\nweb2\n", "ann")

    assert file == DataFile("hosts.txt", "ann", NOW, 2, "The hosts")
    assert told(files) == [file]
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

    assert told(files) == [DataFile("a.txt", "bob", later, 2, "")]
    with reader:
        assert reader.read() == b"one\n"
    assert [path.name for path in data.iterdir()] == ["a.txt"]


def test_the_size_and_the_last_change_are_those_on_the_disk(files, data) -> None:
    files.put("a.txt", b"one\n", "ann")
    (data / "a.txt").write_bytes(b"one\ntwo\n")
    os.utime(data / "a.txt", (1_800_000_000, 1_800_000_000))

    (stored,) = files.all()
    assert (stored.size, stored.modified_at) == (8, datetime.fromtimestamp(1_800_000_000, UTC))


def test_an_edit_takes_the_place_of_what_the_user_saw(files, record) -> None:
    files.put("a.txt", b"one\n", "ann")
    seen = files.text("a.txt")

    version = files.edit("a.txt", "zwei ☃\r\n", "bob", seen.version)

    assert (seen.text, seen.complete) == ("one\n", True)
    after = files.text("a.txt")
    assert (after.text, after.version, after.stored.file.user) == ("zwei ☃\r\n", version, "bob")
    assert record.audit()[1] == ("file_modified", "bob", "", "a.txt: 10 bytes")


def test_the_audit_log_tells_what_changed_but_not_the_content(files, changes) -> None:
    files.put("a.txt", b"# Old\nsecret\n", "ann")
    files.edit("a.txt", "# New\nsecret\n", "bob", None)
    files.put("a.txt", b"one\ntwo\n", "ann")

    assert changes() == [
        None,
        [("description", "Old", "New")],
        [("size", 13, 8), ("entries", 1, 2), ("description", "New", "")],
    ]


def test_who_did_not_see_the_present_content_is_told(files, data, record) -> None:
    files.put("a.txt", b"one\n", "ann")
    seen = files.text("a.txt").version
    (data / "a.txt").write_text("by hand\n")

    with pytest.raises(ConflictError, match=r"'a\.txt' was changed meanwhile"):
        files.edit("a.txt", "mine\n", "bob", seen)
    with pytest.raises(ConflictError, match=r"There is a file 'a\.txt' already"):
        files.edit("a.txt", "mine\n", "bob", "")
    assert (data / "a.txt").read_text() == "by hand\n"

    files.delete("a.txt", "ann")
    with pytest.raises(ConflictError, match=r"'a\.txt' was deleted meanwhile"):
        files.edit("a.txt", "mine\n", "bob", seen)
    assert list(data.iterdir()) == []
    assert [line[0] for line in record.audit()] == ["file_added", "file_deleted"]


def test_a_new_file_can_be_written_and_any_be_replaced_unseen(files) -> None:
    files.edit("a.txt", "one\n", "ann", "")
    files.edit("a.txt", "two\n", "ann", None)

    assert files.text("a.txt").text == "two\n"


@pytest.mark.parametrize("content", [b"a\0b", b"\xff\xfe", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_text_is_not_shown_as_one(files, content) -> None:
    files.put("a", content, "ann")

    shown = files.text("a")
    assert (shown.text, shown.complete, shown.version) == (None, True, None)


def test_of_a_large_text_the_beginning_is_shown_and_no_letter_cut(files) -> None:
    files.put("a", b"x" + "é".encode() * MOST_TEXT, "ann")

    shown = files.text("a")
    assert shown.text == "x" + "é" * (MOST_TEXT // 2 - 1)
    assert (shown.complete, shown.version) == (False, None)
    assert shown.stored.size == 2 * MOST_TEXT + 1


def test_a_text_of_just_the_limit_can_be_edited_and_no_longer_one(files) -> None:
    files.edit("a", "x" * MOST_TEXT, "ann", "")

    assert files.text("a").version == version_of(b"x" * MOST_TEXT)
    with pytest.raises(InvalidError, match=r"text: has 524289 bytes"):
        files.edit("a", "x" * (MOST_TEXT + 1), "ann", None)


def test_a_file_that_may_not_be_read_says_so(files, data, monkeypatch) -> None:
    files.put("a", b"x", "ann")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ConflictError, match="'a' cannot be read: Permission denied"):
        files.text("a")


def test_while_job_classes_are_loaded_any_argument_may_name_a_file(record, clock, data) -> None:
    def loading() -> CatalogueDescription:
        raise ExecutionError("They are being loaded.")

    record.add(a_job(id="1", name="job 1", arguments=["a.txt"]))
    files = FileService(record.store, clock, data, loading)
    files.put("a.txt", b"x", "ann")

    assert files.text("a.txt").stored.use == FileUse(1, (("1", "job 1"),))
    assert [stored.use.count for stored in files.all()] == [1]


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
    assert told(files) == [
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
    assert [file.filename for file in told(files)] == ["b.txt"]


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
