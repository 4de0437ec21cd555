import os
from pathlib import Path

from botsched.catalog import fingerprint
from botsched.catalog.discovery import job_modules, python_files
from tests.unit.catalog.conftest import MakeFolder


def found(folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in python_files(folder)]


def test_python_files_are_found_packages_first(make_folder: MakeFolder) -> None:
    names = ["B.py", "a.py", "__init__.py", "sub/b.py", "sub/__init__.py", "x.txt", "_lib/c.py"]
    folder = make_folder("jobs", dict.fromkeys(names, ""))
    assert found(folder) == [
        "__init__.py",
        "B.py",
        "a.py",
        "_lib/c.py",
        "sub/__init__.py",
        "sub/b.py",
    ]
    modules = [name for name, _ in job_modules(folder)]
    assert modules == ["jobs", "jobs.B", "jobs.a", "jobs.sub", "jobs.sub.b"]


def test_what_holds_no_jobs_is_left_out(make_folder: MakeFolder) -> None:
    names = ["tests/a.py", "__pycache__/a.py", ".git/a.py", ".a.py", "venv/lib/a.py"]
    folder = make_folder("jobs", dict.fromkeys([*names, "venv/pyvenv.cfg"], ""))
    (folder / "folder.py").mkdir()
    (folder / "dangling.py").symlink_to(folder / "nowhere")
    assert found(folder) == []


def test_loops_of_links_end(make_folder: MakeFolder) -> None:
    folder = make_folder("jobs", {"a.py": "", "sub/b.py": ""})
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    assert found(folder) == ["a.py", "sub/b.py"]


def test_a_fingerprint_changes_with_any_python_file(make_folder: MakeFolder) -> None:
    folder = make_folder("jobs", {"a.py": "1", "_lib/b.py": "1", "data.txt": "1"})
    first = fingerprint([folder])
    (folder / "data.txt").write_text("22")
    assert fingerprint([folder]) == first
    os.utime(folder / "_lib" / "b.py", (1, 1))
    second = fingerprint([folder])
    (folder / "c.py").touch()
    third = fingerprint([folder])
    assert len({first, second, third}) == 3


def test_a_fingerprint_of_no_folder_is_a_fingerprint(tmp_path: Path) -> None:
    assert fingerprint([tmp_path / "missing"]) == fingerprint([])
