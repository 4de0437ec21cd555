import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.jobs.conftest import RunJob

NAME = "python_function.PythonFunction"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "beside_it.py").write_text("FACTOR = 10\n")
    file = tmp_path / "a_script.py"
    file.write_text("import beside_it\ndef times(a, b=1):\n    return a * b * beside_it.FACTOR\n")
    yield str(file)
    for name in ("a_script", "beside_it"):
        sys.modules.pop(name, None)


def test_a_function_is_called_and_its_value_is_the_result(run_job: RunJob, script: str) -> None:
    assert run_job(NAME, script, "times", 2, 3).result == 60
    assert run_job(NAME, path=script, function="times", a=2).result == 20


def test_a_changed_script_is_read_anew(run_job: RunJob, script: str) -> None:
    assert run_job(NAME, script, "times", 2).result == 20
    Path(script).write_text("def times(a):\n    return 'quite another function'\n")
    assert run_job(NAME, script, "times", 2).result == "quite another function"


def test_what_is_not_there_is_said_in_a_sentence(run_job: RunJob, script: str) -> None:
    folder = Path(script).parent
    assert run_job(NAME, str(folder), "x").error == f"There is no Python script {folder}."
    assert run_job(NAME, f"{script}x", "x").error == f"There is no Python script {script}x."
    assert run_job(NAME, script, "FACTOR").error == f"{script} has no function 'FACTOR'."


def test_a_script_named_like_a_library_does_not_replace_it(run_job: RunJob, script: str) -> None:
    file = Path(script).with_name("json.py")
    file.write_text("def one():\n    return 1\n")
    assert run_job(NAME, str(file), "one").result == 1
    assert sys.modules["json"] is json
