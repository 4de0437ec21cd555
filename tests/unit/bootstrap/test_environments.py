"""The stamp decides: environments are made by hand here, in milliseconds."""

import os
import sys
from pathlib import Path

import pytest

from botsched.bootstrap import environments, pythons
from botsched.bootstrap.environments import Environment
from botsched.bootstrap.errors import BootstrapError
from botsched.bootstrap.pythons import Python

VERSION = sys.version_info[:3]


class Maker:
    """Makes environments as the real thing does, without the minutes; counts how often."""

    def __init__(self, environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
        self.environment = environment
        self.made = 0
        self.fails = False
        real = os.path.realpath(sys.executable)
        monkeypatch.setattr(pythons, "choose", lambda _: Python(real, VERSION, True, ()))
        monkeypatch.setattr(environments._Steps, "run", self.run)
        monkeypatch.delenv(pythons.CHOICE, raising=False)

    def run(self, command: list[str]) -> None:
        if "venv" in command:
            self.made += 1
            (self.environment.folder / "lib/python3.x/site-packages").mkdir(parents=True)
            (self.environment.folder / "bin").mkdir()
            self.environment.python.symlink_to(sys.executable)
        elif self.fails:
            raise BootstrapError("no network")


@pytest.fixture
def maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maker:
    (tmp_path / "requirements").mkdir()
    for version in ("3.11", "3.12"):
        (tmp_path / "requirements" / f"python-{version}.txt").write_text("a==1\n")
    return Maker(Environment(tmp_path, ".venv", ("python",)), monkeypatch)


def test_a_second_start_finds_everything_ready(maker: Maker) -> None:
    assert environments.ensure(maker.environment) == maker.environment.python
    assert environments.ensure(maker.environment) == maker.environment.python
    assert maker.made == 1


def test_an_environment_cut_short_is_made_anew(maker: Maker) -> None:
    maker.fails = True
    with pytest.raises(BootstrapError):
        environments.ensure(maker.environment)

    maker.fails = False
    environments.ensure(maker.environment)

    assert maker.made == 2


def test_changed_pins_make_it_anew(maker: Maker) -> None:
    environments.ensure(maker.environment)
    for file in (maker.environment.tree / "requirements").iterdir():
        file.write_text("a==2\n")

    environments.ensure(maker.environment)

    assert maker.made == 2


def test_an_interpreter_that_changed_below_makes_it_anew(maker: Maker) -> None:
    environments.ensure(maker.environment)
    maker.environment.python.unlink()
    maker.environment.python.symlink_to("/bin/sh")

    environments.ensure(maker.environment)

    assert maker.made == 2


def test_another_choice_of_interpreter_makes_it_anew(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    environments.ensure(maker.environment)
    monkeypatch.setenv(pythons.CHOICE, "python3.11")

    environments.ensure(maker.environment)
    environments.ensure(maker.environment)

    assert maker.made == 2


def test_a_folder_of_somebody_else_is_left_alone(maker: Maker) -> None:
    maker.environment.folder.mkdir()
    (maker.environment.folder / "precious").touch()

    with pytest.raises(BootstrapError, match="was not made by bots-scheduler"):
        environments.ensure(maker.environment)

    assert (maker.environment.folder / "precious").exists()


def test_the_tree_can_be_imported_from_anywhere(maker: Maker) -> None:
    environments.ensure(maker.environment)

    [names] = maker.environment.folder.glob("lib/*/site-packages/*.pth")
    assert names.read_text() == f"{maker.environment.tree}\n"


def test_a_tree_that_cannot_be_written_is_told_plainly(maker: Maker) -> None:
    maker.environment.tree.joinpath(".venv.lock").mkdir()

    with pytest.raises(BootstrapError, match=r"Cannot prepare .*\.venv: .*Is a directory"):
        environments.ensure(maker.environment)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (
            "Retrying after connection broken by '...'\nERROR: No matching distribution found\n",
            "No package index can be reached",
        ),
        (
            "ERROR: No matching distribution found for a==1\n",
            "No matching distribution found for a==1. Is pip's package index complete",
        ),
        ("Building\nerror: subprocess failed\nhint\n", "error: subprocess failed"),
        ("", "no reason given"),
    ],
)
def test_a_failed_step_is_explained(output: str, told: str) -> None:
    assert told in environments._explain(output, "install.log")
