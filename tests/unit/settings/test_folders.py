from pathlib import Path

import pytest

from tests.unit.settings.conftest import FaultsOf, Load


def test_a_folder_jobs_here_is_preferred_to_the_shipped_one(load: Load, tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()

    assert load().execution.job_folders == (tmp_path / "jobs",)


def test_giving_folders_replaces_the_default(load: Load, tmp_path: Path) -> None:
    for name in ("jobs", "nightly", "weekly"):
        (tmp_path / name).mkdir()

    settings = load({"BOTS_SCHEDULER_JOBS": "nightly, weekly"})

    assert settings.execution.job_folders == (tmp_path / "nightly", tmp_path / "weekly")


def test_a_folder_given_twice_counts_once(load: Load, tmp_path: Path) -> None:
    (tmp_path / "nightly").mkdir()

    assert len(load(jobs=("nightly", "./nightly/")).execution.job_folders) == 1


def test_an_explicit_folder_must_exist(faults_of: FaultsOf, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert [fault.split(": ")[1] for fault in faults_of(jobs=("nowhere", "file"))] == [
        "No such file or directory; a folder is accepted.",
        "Not a directory; a folder is accepted.",
    ]


def test_two_folders_of_one_name_are_refused(faults_of: FaultsOf, tmp_path: Path) -> None:
    (tmp_path / "a" / "nightly").mkdir(parents=True)
    (tmp_path / "b" / "nightly").mkdir(parents=True)

    assert "'nightly'" in faults_of(jobs=("a/nightly", "b/nightly"))[0]


@pytest.mark.parametrize("name", ["email", "click", "botsched"])
def test_a_folder_named_like_a_module_is_refused(
    faults_of: FaultsOf, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()

    assert f"{name!r} is the name of a Python module" in faults_of(jobs=name)[0]


def test_folders_in_different_packages_are_told_apart_by_their_full_names(
    faults_of: FaultsOf, tmp_path: Path
) -> None:
    for name in ("day/jobs", "night/jobs", "email/jobs"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name).with_name("__init__.py").touch()

    (fault,) = faults_of(jobs=("day/jobs", "night/jobs", "email/jobs"))
    assert "'email' is the name of a Python module" in fault
