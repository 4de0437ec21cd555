"""The file of secrets: what is read, and what is refused without telling a value."""

from pathlib import Path

import pytest

from botsched.errors import SettingsError
from botsched.settings.secrets import load_secrets


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "secrets.ini"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_values_are_taken_as_they_stand_and_names_as_they_are_written(tmp_path: Path) -> None:
    path = written(tmp_path, "[secrets]\nToken = a%b;c # d\nkey = one\n  two\nempty =\n")

    assert load_secrets(path) == {"Token": "a%b;c # d", "key": "one\ntwo"}


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert load_secrets(tmp_path / "none.ini") == {}


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o777])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, "[secrets]\na = hunter2\n", mode)

    with pytest.raises(SettingsError, match=r"chmod 600") as caught:
        load_secrets(path)

    assert "hunter2" not in str(caught.value)


def test_a_group_may_read_it(tmp_path: Path) -> None:
    assert load_secrets(written(tmp_path, "[secrets]\na = b\n", 0o640)) == {"a": "b"}


@pytest.mark.parametrize("text", ["[other]\na = hunter2\n", "[DEFAULT]\na = hunter2\n", "hunter2"])
def test_what_is_not_read_is_a_fault(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_secrets(written(tmp_path, text))

    assert "hunter2" not in str(caught.value)
