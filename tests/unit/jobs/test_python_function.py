import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from botsched.catalog import Catalogue
from botsched.job.invoke import invoke
from botsched.job.outcome import Call
from tests.unit.jobs.conftest import RunJob

NAME = "python_function.PythonFunction"


@pytest.fixture(autouse=True)
def _as_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each run has one; here they all share what is put back in the end."""
    before = dict(sys.modules)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", [*sys.argv])
    yield
    for name in set(sys.modules) - set(before):
        del sys.modules[name]
    sys.modules.update(before)


@pytest.fixture
def script(tmp_path: Path) -> str:
    (tmp_path / "beside_it.py").write_text("FACTOR = 10\n")
    file = tmp_path / "a_script.py"
    file.write_text("import beside_it\ndef times(a, b=1):\n    return a * b * beside_it.FACTOR\n")
    return str(file)


def written(script: str, text: str) -> str:
    Path(script).write_text(text)
    return script


def test_a_function_is_called_and_its_value_is_the_result(run_job: RunJob, script: str) -> None:
    assert run_job(NAME, script, "times", 2, 3).result == 60
    assert run_job(NAME, path=script, function="times", a=2).result == 20


@pytest.mark.parametrize("text", ["async def f():\n    pass\n", "def f():\n    yield 1\n"])
def test_a_function_of_which_a_call_runs_nothing_is_refused(
    run_job: RunJob, script: str, text: str
) -> None:
    outcome = run_job(NAME, written(script, text), "f")
    assert "'f' is async or yields, so that a call runs nothing of it" in outcome.error


def test_a_script_is_read_anew_even_within_a_second(
    run_job: RunJob, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for number in "123":  # of the same length, so that only its text tells that it is another one
        written(script, f"def one():\n    return {number}\n")
        os.utime(script, (1_000_000_000, 1_000_000_000))
        assert run_job(NAME, script, "one").result == int(number)
        sys.modules.pop("a_script")


def test_it_is_as_if_python_had_started_the_script(run_job: RunJob, script: str) -> None:
    text = """
import pickle, sys, a_script
from dataclasses import dataclass

if __name__ == "__main__":
    raise SystemExit("not for a function")

@dataclass
class Point:
    x: "int"

def look():
    assert a_script.look is look
    point = pickle.loads(pickle.dumps(Point(1)))
    assert isinstance(point, a_script.Point)
    return [__name__, __file__, sys.argv, sys.path[0]]
"""
    folder = str(Path(script).parent)
    found = run_job(NAME, written(script, text), "look")
    assert found.error is None
    assert found.result == ["a_script", script, [script], folder]


def test_what_lies_beside_a_script_is_meant_before_the_job_folders(
    run_job: RunJob, script: str
) -> None:
    Path(script).with_name("jobs.py").write_text("OWN = True\n")
    written(script, "import jobs\ndef own():\n    return jobs.OWN\n")
    assert run_job(NAME, script, "own").result is True


def test_what_is_not_there_is_said_in_a_sentence(run_job: RunJob, script: str) -> None:
    folder = Path(script).parent
    cure = "give the whole path of a file on the machine of the scheduler."
    assert run_job(NAME, str(folder), "x").error == (
        f"There is no Python script {folder} that can be read (Is a directory); {cure}"
    )
    assert run_job(NAME, f"{script}x", "x").error == (
        f"There is no Python script {script}x that can be read (No such file or directory); {cure}"
    )
    assert run_job(NAME, script, "FACTOR").error == f"{script} has no function 'FACTOR'."
    assert run_job(NAME, script, "tiems").error == (
        f"{script} has no function 'tiems'; times is near."
    )


def test_a_library_that_is_missing_is_named_with_the_cure(run_job: RunJob, script: str) -> None:
    written(script, "import a_library_that_is_missing\n")
    assert run_job(NAME, script, "x").error == (
        f"{script} cannot be loaded: No module named 'a_library_that_is_missing'. "
        f"Put it beside the script, or install it for {sys.executable}."
    )


def test_a_script_that_ends_itself_while_it_is_loaded_is_no_success(
    run_job: RunJob, script: str
) -> None:
    written(script, "import sys\ndef one():\n    return 1\nsys.exit(0)\n")
    assert 'Put what is for the command line below if __name__ == "__main__":' in str(
        run_job(NAME, script, "one").error
    )


def test_a_fault_of_the_script_is_shown_with_its_place(catalogue: Catalogue, script: str) -> None:
    written(script, "def one():\n    return nothing_of_that_name\n")
    call = Call("job", "run", [script, "one"], Path(script).parent)
    outcome = invoke(catalogue.find(f"jobs.{NAME}"), call)
    assert outcome.error == "NameError: name 'nothing_of_that_name' is not defined"
    assert f'File "{script}", line 2, in one' in str(outcome.traceback)
    assert "    return nothing_of_that_name" in str(outcome.traceback)


def test_a_script_named_like_a_library_does_not_replace_it(run_job: RunJob, script: str) -> None:
    file = Path(script).with_name("json.py")
    file.write_text("def one():\n    return 1\n")
    assert run_job(NAME, str(file), "one").result == 1
    assert sys.modules["json"] is json
