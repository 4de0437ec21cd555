import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from botsched.errors import ExecutionError
from botsched.job import Data, JobBase, JobError, Table, Text, Title, report
from botsched.job.invoke import invoke
from botsched.job.outcome import Call, Outcome


def run(job_class: type[JobBase], args: Any = (), data_dir: Path | None = None) -> Outcome:
    """Invoke, and send the outcome through JSON as the fork server does."""
    args = args if isinstance(args, dict) else list(args)
    outcome = invoke(job_class, Call("job-1", "run-1", args, data_dir))
    sent = json.loads(json.dumps(outcome.to_data(), allow_nan=False))
    assert Outcome.from_data(sent) == outcome
    return outcome


def returning(value: Any) -> type[JobBase]:
    class Job(JobBase):
        def run(self) -> Any:
            return value

    return Job


def raising(error: BaseException) -> type[JobBase]:
    class Job(JobBase):
        def run(self) -> None:
            raise error

    return Job


class Add(JobBase):
    def run(self, a: int, b: int = 10) -> int:
        return a + b


@pytest.mark.parametrize(
    ("args", "result"), [([1], 11), ([1, 2], 3), ({"a": 1}, 11), ({"b": 2, "a": 1}, 3)]
)
def test_a_list_is_passed_by_position_and_a_dictionary_by_name(args: Any, result: int) -> None:
    outcome = run(Add, args)
    assert (outcome.succeeded, outcome.result, outcome.report) == (True, result, None)
    assert (outcome.error, outcome.traceback) == (None, None)


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ([], "missing a required argument: 'a'"),
        ([1, 2, 3], "too many positional arguments"),
        ({"a": 1, "c": 2}, "got an unexpected keyword argument 'c'"),
    ],
)
def test_arguments_that_do_not_fit_are_said_in_a_sentence(args: Any, reason: str) -> None:
    outcome = run(Add, args)
    assert outcome.error == f"The arguments do not fit run(a: int, b: int = 10) -> int: {reason}."
    assert (outcome.succeeded, outcome.traceback) == (False, None)


def test_the_ids_are_set_even_when_the_constructor_is_overridden() -> None:
    class Job(JobBase):
        def __init__(self, job_id: str, execution_id: str) -> None:
            self.seen = [job_id, execution_id]

        def run(self) -> Any:
            return [*self.seen, self.job_id, self.execution_id]

    assert run(Job).result == ["job-1", "run-1", "job-1", "run-1"]


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (None, None),
        ((1, [2.5, "x", True]), [1, [2.5, "x", True]]),
        ({1: None, "k": {}}, {"1": None, "k": {}}),
        ([float("nan"), float("inf"), float("-inf")], ["NaN", "Infinity", "-Infinity"]),
        ("caf\udce9 \0", "caf? \0"),
    ],
)
def test_a_result_becomes_plain_json_data(value: Any, result: Any) -> None:
    assert run(returning(value)).result == result


def nested() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (object(), "Object of type object is not JSON serializable"),
        ([Path("x")], "Object of type PosixPath is not JSON serializable"),
        ({(1, 2): 3}, "keys must be str, int, float, bool or None, not tuple"),
        (nested(), "Circular reference detected"),
        ((n for n in [1]), "Object of type generator is not JSON serializable"),
    ],
)
def test_a_result_that_json_does_not_have_is_a_failure(value: Any, reason: str) -> None:
    outcome = run(returning(value))
    assert (outcome.succeeded, outcome.result, outcome.traceback) == (False, None, None)
    assert outcome.error is not None
    assert outcome.error.startswith(f"The result cannot be stored as JSON: {reason}")


@pytest.mark.parametrize("ending", [None, JobError("No more."), SystemExit(1), SystemExit(0)])
def test_what_a_run_has_as_its_result_so_far_is_kept_however_it_ends(
    ending: BaseException | None,
) -> None:
    class Job(JobBase):
        def run(self) -> None:
            self.result_so_far = {"done": 2}
            if ending is not None:
                raise ending

    assert run(Job).result == {"done": 2}


def test_a_result_stands_beside_a_report_but_gives_way_to_what_is_returned() -> None:
    class Reporting(JobBase):
        @report
        def run(self) -> Any:
            self.result_so_far = {"done": 2}
            return "told"

    class Returning(JobBase):
        def run(self) -> Any:
            self.result_so_far = {"done": 2}
            return 3

    outcome = run(Reporting)
    assert (outcome.result, outcome.report) == ({"done": 2}, (Text("told"),))
    assert run(Returning).result == 3


def test_a_failed_run_whose_result_cannot_be_stored_still_tells_its_error() -> None:
    class Job(JobBase):
        def run(self) -> None:
            self.result_so_far = object()
            raise JobError("No more.")

    outcome = run(Job)
    assert (outcome.error, outcome.result) == ("No more.", None)


def test_a_raising_job_fails_with_a_traceback_of_its_own_frames() -> None:
    class Job(JobBase):
        @report
        def run(self) -> Any:
            yield "begun"
            self.deeper()

        def deeper(self) -> None:
            try:
                int("x")
            except ValueError as error:
                raise RuntimeError("over\ntwo lines") from error

    outcome = run(Job)
    assert outcome.error == "RuntimeError: over two lines"
    assert outcome.report == (Text("begun"),)
    assert outcome.traceback is not None
    assert outcome.traceback.count("test_invoke.py") == 3
    assert "botsched/job" not in outcome.traceback
    assert "direct cause" in outcome.traceback


def test_our_frames_are_left_out_of_linked_exceptions_too() -> None:
    class Job(JobBase):
        def run(self) -> None:
            try:
                Data(object())
            except TypeError as error:
                raise RuntimeError("no data") from error

    traceback = run(Job).traceback
    assert traceback is not None
    assert "Data(object())" in traceback
    assert "botsched/reports" not in traceback
    assert "<string>" not in traceback


def test_code_of_the_author_that_lies_in_no_file_stays_in_the_traceback() -> None:
    class Job(JobBase):
        def run(self) -> None:
            exec("1 / 0")

    assert 'File "<string>", line 1' in str(run(Job).traceback)


def test_a_job_error_is_a_message_without_a_traceback() -> None:
    outcome = run(raising(JobError("Exit code 3.")))
    assert (outcome.succeeded, outcome.error, outcome.traceback) == (False, "Exit code 3.", None)


def test_an_endless_recursion_is_told_shortly() -> None:
    class Job(JobBase):
        def run(self) -> Any:
            return self.other()

        def other(self) -> Any:
            return self.run()

    outcome = run(Job)
    assert outcome.error is not None
    assert outcome.error.startswith("RecursionError")
    assert outcome.traceback is not None
    assert len(outcome.traceback) < 21_000


def test_an_exception_that_cannot_be_shown_is_named() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise ValueError

    outcome = run(raising(MuteError()))
    assert outcome.error is not None
    assert outcome.error.endswith("MuteError: (its message cannot be shown)")


@pytest.mark.parametrize(
    ("code", "succeeded", "error"),
    [
        (0, True, None),
        (None, True, None),
        (3, False, "The job ended with exit code 3."),
        ("no space left", False, "no space left"),
    ],
)
def test_sys_exit_ends_the_job_as_it_ends_a_script(
    code: Any, succeeded: bool, error: str | None
) -> None:
    outcome = run(raising(SystemExit(code)))
    assert (outcome.succeeded, outcome.error) == (succeeded, error)
    assert outcome.traceback is None


@pytest.mark.parametrize("error", [KeyboardInterrupt(), GeneratorExit(), BaseException("odd")])
def test_nothing_that_a_job_raises_gets_through(error: BaseException) -> None:
    outcome = run(raising(error))
    assert outcome.error is not None
    assert outcome.error.startswith(type(error).__name__)


def test_a_report_may_be_returned_or_yielded() -> None:
    class Returned(JobBase):
        @report
        def run(self, word: str) -> Any:
            return [Title(word), ["text", [Table([[1]])]]]

    class Yielded(JobBase):
        @report
        def run(self, word: str) -> Any:
            yield Title(word)
            yield ["text", Table([[1]])]

    for job_class in (Returned, Yielded):
        outcome = run(job_class, ["x"])
        assert outcome.report == (Title("x"), Text("text"), Table([[1]]))
        assert (outcome.succeeded, outcome.result) == (True, None)
        assert job_class().run("x") == outcome.report


def test_a_broken_report_is_a_failure_that_keeps_what_came_before() -> None:
    class Job(JobBase):
        @report
        def run(self) -> Any:
            yield "fine"
            yield 3.5

    outcome = run(Job)
    assert (outcome.succeeded, outcome.report, outcome.traceback) == (False, (Text("fine"),), None)
    assert outcome.error is not None
    assert "not of float" in outcome.error


def test_an_empty_report_is_a_report() -> None:
    class Job(JobBase):
        @report
        def run(self) -> Any:
            yield from ()

    assert run(Job).report == ()


class WithFile(JobBase):
    info = {
        "arguments": [
            {"type": "string", "description": "a word"},
            {"type": "file", "description": "a file", "name": "path"},
        ]
    }

    def run(self, word: str, path: str | None = None) -> Any:
        return path


class UnnamedFile(WithFile):
    info = {"arguments": [*WithFile.info["arguments"][:1], {"type": "file", "description": ""}]}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (data / "hosts.txt").write_text("alpha")
    (data / "sub").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    return data


@pytest.mark.parametrize("job_class", [WithFile, UnnamedFile])
@pytest.mark.parametrize(
    "args", [["x", "hosts.txt"], {"word": "x", "path": "hosts.txt"}, ["x", "sub/../hosts.txt"]]
)
def test_a_file_argument_arrives_as_an_absolute_path(
    job_class: type[JobBase], args: Any, data_dir: Path
) -> None:
    assert run(job_class, args, data_dir).result == str(data_dir / "hosts.txt")


def test_a_file_argument_may_be_left_off(data_dir: Path) -> None:
    assert run(WithFile, ["x"], data_dir).succeeded
    assert run(WithFile, ["x", None], data_dir).succeeded


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("../secret.txt", "lies outside the data folder"),
        ("/etc/passwd", "lies outside the data folder"),
        ("link", "lies outside the data folder"),
        ("folder/secret.txt", "lies outside the data folder"),
        ("other.txt", "There is no file 'other.txt' in the data folder"),
        ("sub", "There is no file 'sub' in the data folder"),
        (".", "There is no file '.' in the data folder"),
        ("", "must name a data file"),
        (7, "must name a data file"),
        ("nul\0byte", "cannot be the name of a data file"),
        ("n" * 5000, "cannot be the name of a data file"),
    ],
)
def test_a_file_that_is_not_to_be_had_is_a_failure(
    name: Any, error: str, data_dir: Path, tmp_path: Path
) -> None:
    (data_dir / "link").symlink_to(tmp_path / "secret.txt")
    (data_dir / "folder").symlink_to(tmp_path)
    outcome = run(WithFile, ["x", name], data_dir)
    assert outcome.error is not None
    assert error in outcome.error
    assert (outcome.succeeded, outcome.traceback) == (False, None)


def test_the_data_folder_may_be_a_link_or_relative(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "linked").symlink_to(data_dir)
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path / "linked", Path("data")):
        assert run(WithFile, ["x", "hosts.txt"], folder).result == str(data_dir / "hosts.txt")


def test_without_a_data_folder_there_are_no_files() -> None:
    assert "no data folder" in str(run(WithFile, ["x", "hosts.txt"]).error)


def test_the_class_may_describe_the_outcome() -> None:
    class Job(Add):
        def get_succeeded_description(self, result: Any = None) -> str:  # type: ignore[override]
            return f"sum is {result}"

        @staticmethod
        def get_failed_description() -> str:
            raise ValueError

    assert run(Job, [1]).description == "sum is 11"
    assert run(Job, []).description == ""
    assert run(Add, [1]).description == ""


def test_a_wrong_info_keeps_the_job_from_running() -> None:
    class Job(Add):
        info = {"arguments": "file"}

    assert "info['arguments'] must be a list" in str(run(Job, [1]).error)


def test_what_authors_import_is_light() -> None:
    """The fork server loads it before every other thing, and each run inherits it."""
    code = "import sys, botscheduler, botsched.job.invoke, botsched.catalog;print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    heavy = {"email", "urllib.request", "logging", "asyncio", "http.client", "ssl", "socket"}
    assert heavy.isdisjoint(loaded)
    assert {"sqlalchemy", "tornado", "mitmproxy"}.isdisjoint(loaded)
    assert "botscheduler" in loaded


def test_an_error_before_the_run_is_not_taken_for_the_jobs_own() -> None:
    class Job(JobBase):
        def __init__(self) -> None: ...

        def run(self) -> None: ...

    outcome = run(Job)
    assert outcome.error is not None
    assert outcome.error.startswith("TypeError")
    assert (outcome.report, outcome.description) == (None, "")
    assert run(raising(ExecutionError("not possible"))).error == "not possible"
