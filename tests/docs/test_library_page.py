"""The examples of docs/library.md are run as they stand there, but for the port."""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from botsched.library import Jobs, Server
from tests.support.program import Program, until

PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text()
JOB, SCHEDULER, HOOKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    environment = {
        "BOTS_SCHEDULER_NO_PROXY": "1",
        "BOTS_SCHEDULER_RUN_HOOKS": "nightly.hooks.Stopwatch",
    }
    script = tmp_path / "scheduler.py"
    program = Program(tmp_path, (), environment, direct=True, command=(sys.executable, str(script)))
    (tmp_path / "nightly").mkdir()
    (tmp_path / "nightly" / "greeting.py").write_text(JOB)
    (tmp_path / "nightly" / "hooks.py").write_text(HOOKS)
    script.write_text(SCHEDULER.replace("port=9443", f"port={program.port}"))
    try:
        yield program.start()
    finally:
        program.clean_up()


@pytest.mark.slow
def test_the_examples_make_a_scheduler(program: Program, tmp_path: Path) -> None:
    [job] = program.get("jobs")["jobs"]
    assert (job["name"], job["hour"], job["pub_args"]) == ("Greet the moon", "2", ["moon"])
    assert program.get("logs")["logs"][0]["user"].endswith(" (program)")

    run = program.ran(job["job_id"])
    assert run["result_data"] == {"greeted": "moon"}
    printed = program.text_of(run["execution_id"])
    assert re.search(r"^Greeting begins, execution \w+\nGood night, moon.\nsucceeded af", printed)

    (tmp_path / "nightly" / "hooks.py").write_text(HOOKS.replace("time.monotonic()\n", "no_such\n"))
    failed = until(lambda: program.ran(job["job_id"]), lambda run: run["state"] == "failed")
    assert "no_such" in failed["description"]
    assert (tmp_path / "nightly.db").exists()
    assert program.stop() == 0
    assert program.is_gone()


def test_the_calls_of_the_tables_are_there() -> None:
    for kind, name in ((Jobs, "jobs"), (Server, "server")):
        told = set(re.findall(rf"`{name}\.(\w+)\(", PAGE))
        there = {each for each, _ in inspect.getmembers(kind, inspect.isfunction)}
        assert told <= there
    told = set(re.findall(r"`jobs\.(\w+)\(", PAGE))
    assert told == {each for each in vars(Jobs) if not each.startswith("_")}
    for name in re.findall(r"^\| `(after_\w+)\(self\)` \|", PAGE, re.MULTILINE):
        assert hasattr(Server, name)
