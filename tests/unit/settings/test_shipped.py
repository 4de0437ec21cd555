"""What comes with the program: in a checkout, and installed."""

from pathlib import Path

import pytest

from botsched.settings import shipped


def test_a_checkout_pins_what_an_extra_needs() -> None:
    option, path = shipped.requirements("mysql").split()

    assert option == "-r"
    assert Path(path).read_text().startswith("PyMySQL==")


def test_an_installed_program_names_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "botsched")

    assert shipped.requirements("mysql") == "'bots-scheduler[mysql]'"
