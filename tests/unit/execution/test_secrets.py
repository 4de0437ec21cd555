"""The secrets of runs are those of the file as it is at that moment."""

from pathlib import Path

from botsched.execution.secrets import Secrets, SecretsFile


def test_the_file_is_read_anew_when_it_was_changed(tmp_path: Path) -> None:
    path = tmp_path / "secrets.ini"
    file = SecretsFile(path)

    assert file.read().values == {}
    path.write_text("[secrets]\na = one\n")
    path.chmod(0o600)
    assert file.read().values == {"a": "one"}
    assert file.read() is file.read()
    path.write_text("[secrets]\na = other\n")
    assert file.read().values == {"a": "other"}
    path.chmod(0o644)
    assert file.read().values == {}
    assert "chmod 600" in str(file.read().fault)
    path.unlink()
    assert file.read() == Secrets(path)


def test_only_those_that_are_named_are_handed_on() -> None:
    secrets = Secrets(Path("s.ini"), {"a": "first", "b": "two"})

    assert secrets.named_in(["a", ["b"], 1, "c"]) == {"a": "first"}
    assert secrets.named_in({"password": "b"}) == {"b": "two"}
    assert "first" not in repr(secrets)
