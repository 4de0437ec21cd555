from pathlib import Path

import pytest

from botsched.errors import SettingsError
from botsched.settings.ini import read_ini


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("password = secret\n", "line 1: a [section] must come first."),
        ("[a]\npassword secret\n", "line 2: neither [section] nor name = value."),
        ("[a]\n[b]\n[a]\n", "line 3: the section [a] is there twice."),
        ("[a]\nuser = x\nuser = y\n", "line 3: user is there twice in [a]."),
    ],
)
def test_a_fault_names_the_line_and_never_shows_it(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "x.ini"
    file.write_text(text)

    with pytest.raises(SettingsError) as caught:
        read_ini(file)

    assert list(caught.value.faults) == [f"{file} {fault}"]
    assert "secret" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read: Is a directory\."):
        read_ini(tmp_path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.ini"
    file.write_bytes(b"[a]\nuser = \xff\n")

    with pytest.raises(SettingsError, match="is not text in UTF-8"):
        read_ini(file)
