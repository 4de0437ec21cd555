"""The launcher for real, in a small tree of its own whose pins are empty."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
PROGRAM = """\
import os, sys
print("program", sys.version_info[:2] >= (3, 11), os.getcwd(), *sys.argv[1:])
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout reduced to the launcher and a program that tells how it was started."""
    tree = tmp_path / "tree"
    shutil.copytree(TREE / "botsched" / "bootstrap", tree / "botsched" / "bootstrap")
    shutil.copy(TREE / "bots-scheduler", tree)
    (tree / "botsched" / "__init__.py").touch()
    (tree / "botsched" / "__main__.py").write_text(PROGRAM)
    (tree / "requirements").mkdir()
    for version in ("3.11", "3.12"):
        (tree / "requirements" / f"python-{version}.txt").touch()
    return tree


def start(tree: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(tree / "bots-scheduler"), *arguments],
        cwd=tree.parent,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(tree: Path, *arguments: str) -> tuple[str, str]:
    out, err = start(tree, *arguments).communicate(timeout=100)
    return out, err


def test_the_first_start_prepares_and_later_ones_hand_over_at_once(tree: Path) -> None:
    # A module that lies in the working folder must not be taken for the program's own.
    (tree.parent / "botsched.py").write_text("raise SystemExit('the wrong module')")

    out, err = run(tree, "run", "--port", "80")
    assert out == f"program True {tree.parent} run --port 80\n"
    assert err.startswith(f"Preparing {tree}/.venv with Python 3.")
    assert err.endswith("Ready.\n")

    assert run(tree) == (f"program True {tree.parent}\n", "")

    (tree / "botsched" / "__main__.py").write_text(
        "import os; print(os.environ['BOTS_SCHEDULER_STARTED_AS'])"
    )
    assert run(tree) == (f"{tree}/bots-scheduler\n", "")


def test_a_python_that_may_not_be_run_is_named(tree: Path) -> None:
    run(tree)
    python = tree / ".venv" / "bin" / "python"
    code = (
        "import os, runpy, sys\n"
        "def refuse(path, arguments): raise PermissionError(13, os.strerror(13))\n"
        "os.execv = refuse  # root, as tests may run, may run anything\n"
        f"runpy.run_path({str(tree / 'bots-scheduler')!r}, run_name='__main__')"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=False
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith(
        f"bots-scheduler: {python.resolve()} cannot be run: Permission denied."
    )
    assert "BOTS_SCHEDULER_PYTHON" in ended.stderr


def test_two_first_starts_at_once_prepare_once(tree: Path) -> None:
    both = [start(tree), start(tree)]
    ended = [process.communicate(timeout=100) for process in both]

    assert [out for out, _ in ended] == [f"program True {tree.parent}\n"] * 2
    assert sum("Preparing" in err for _, err in ended) == 1


def test_a_start_killed_half_way_is_mended_by_the_next(tree: Path) -> None:
    with start(tree) as process:
        assert process.stderr
        assert "Preparing" in process.stderr.readline()
        process.send_signal(signal.SIGKILL)

    out, err = run(tree)

    assert out == f"program True {tree.parent}\n"
    assert "Preparing" in err


def test_an_interrupted_start_says_so_without_traceback(tree: Path) -> None:
    with start(tree) as process:
        assert process.stderr
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()

    assert process.returncode == 130
    assert "the next start carries on" in err
    assert "Traceback" not in err
