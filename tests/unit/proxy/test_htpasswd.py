import os
import stat
from pathlib import Path

import pytest

from botsched.errors import ConflictError, InvalidError, NotFoundError, SettingsError
from botsched.proxy import hashes, htpasswd

SHA = "{SHA}NMfTLf4kql4x98PMVl16orqGin0="
APR1 = "$apr1$saltsalt$dlYe.Hj2BD6ZPtkWiilfQ1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "users"
    path.write_text(f"# who may log in\nann:{SHA}\n\nbob:{APR1}\n")
    path.chmod(0o640)
    return path


def faults(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        htpasswd.parse(text, Path("users"))
    return list(caught.value.faults)


def test_users_are_read_with_comments_blank_lines_and_windows_line_ends(path: Path) -> None:
    assert htpasswd.read(path) == {"ann": SHA, "bob": APR1}
    assert htpasswd.parse(f"ann:{SHA}\r\n", path) == {"ann": SHA}


def test_fields_after_the_hash_are_ignored_as_apache_does(path: Path) -> None:
    assert htpasswd.parse(f"ann:{SHA}:Ann Other:x", path) == {"ann": SHA}


def test_every_fault_is_named_by_its_line() -> None:
    text = f"ann:{SHA}\nnonsense\n:{SHA}\nbob:secret\nann:{SHA}\n"
    found = faults(text)
    assert [fault.split(":")[0] for fault in found] == [
        "users, line 2",
        "users, line 3",
        "users, line 4",
        "users, line 5",
    ]
    assert "expected user:hash" in found[0]
    assert "'bob'" in found[2]
    assert "twice" in found[3]


def test_a_password_in_clear_is_not_repeated_in_the_message() -> None:
    assert "hunter2" not in faults("bob:hunter2")[0]


def test_a_file_that_is_not_text_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "users"
    path.write_bytes(f"ann:{SHA}\nb\xfcb:".encode("latin-1"))
    with pytest.raises(SettingsError, match="line 2: not UTF-8"):
        htpasswd.read(path)


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        htpasswd.read(tmp_path / "none")


def test_the_file_of_a_first_run_is_private_and_its_password_works(tmp_path: Path) -> None:
    path = tmp_path / "users"
    before = os.umask(0)
    try:
        password = htpasswd.create(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    users = htpasswd.read(path)
    assert list(users) == ["administrator"]
    assert hashes.matches(password.encode(), users["administrator"])
    assert password not in path.read_text()


def test_two_first_runs_have_different_passwords(tmp_path: Path) -> None:
    assert htpasswd.create(tmp_path / "a") != htpasswd.create(tmp_path / "b")


def test_a_first_run_never_overwrites(path: Path) -> None:
    before = path.read_text()
    with pytest.raises(ConflictError):
        htpasswd.create(path)
    assert path.read_text() == before


def test_a_first_run_in_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Cannot create"):
        htpasswd.create(tmp_path / "none" / "users")


def test_adding_a_user_keeps_everything_else(path: Path) -> None:
    htpasswd.add(path, "çem il", "geheim:1")
    text = path.read_text()
    assert text.startswith(f"# who may log in\nann:{SHA}\n\nbob:{APR1}\nçem il:$2b$12$")
    assert hashes.matches(b"geheim:1", htpasswd.read(path)["çem il"])
    assert htpasswd.list_users(path) == ["ann", "bob", "çem il"]


def test_adding_a_user_twice_is_a_conflict(path: Path) -> None:
    with pytest.raises(ConflictError, match="'ann'"):
        htpasswd.add(path, "ann", "x")


def test_a_new_password_replaces_the_line_of_its_user(path: Path) -> None:
    htpasswd.set_password(path, "ann", "new")
    assert htpasswd.list_users(path) == ["ann", "bob"]
    users = htpasswd.read(path)
    assert hashes.matches(b"new", users["ann"])
    assert users["bob"] == APR1


def test_a_removed_user_is_gone_and_the_others_stay(path: Path) -> None:
    htpasswd.remove(path, "ann")
    assert path.read_text() == f"# who may log in\n\nbob:{APR1}\n"


def test_unknown_users_are_not_found(path: Path) -> None:
    with pytest.raises(NotFoundError):
        htpasswd.remove(path, "eve")
    with pytest.raises(NotFoundError):
        htpasswd.set_password(path, "eve", "x")


def test_an_edit_keeps_the_mode_and_leaves_no_other_file(path: Path) -> None:
    htpasswd.remove(path, "ann")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in path.parent.iterdir()] == ["users"]


def test_an_edit_goes_through_a_symbolic_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(path)
    htpasswd.remove(link, "ann")
    assert link.is_symlink()
    assert htpasswd.list_users(path) == ["bob"]


def test_a_failed_edit_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(SettingsError, match="No space left"):
        htpasswd.remove(path, "ann")
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["users"]


@pytest.mark.parametrize("user", ["", "a:b", "a\nb", "a\0", " a", "a ", "#a", "ü" * 128, "\ud800"])
def test_user_names_that_cannot_be_sent_or_stored_are_refused(path: Path, user: str) -> None:
    with pytest.raises(InvalidError) as caught:
        htpasswd.add(path, user, "x")
    assert "user" in caught.value.fields


@pytest.mark.parametrize("password", ["", "a\nb", "x" * 73, "ü" * 37])
def test_passwords_that_would_not_work_are_refused(path: Path, password: str) -> None:
    with pytest.raises(InvalidError) as caught:
        htpasswd.set_password(path, "ann", password)
    assert "password" in caught.value.fields
