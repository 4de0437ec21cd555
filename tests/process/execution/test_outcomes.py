"""How runs end by themselves, and what is recorded of them."""

import json
import os

import pytest

from botsched.domain.execution import Cause, State
from botsched.execution.forkserver.protocol import CALL_IN_PACKET, OUTCOME_LIMIT


def how(execution) -> tuple:
    return execution.state, execution.cause, execution.reason


def test_a_success_is_recorded_with_its_result_and_what_it_used(engine) -> None:
    engine.write(
        "good",
        """
        class Add(JobBase):
            def run(self, a, b=1):
                return {"sum": a + b, "text": "ü\\u2603", "none": None}
        """,
    )
    engine.start()

    execution = engine.run("good.Add", 2, 3)

    assert how(execution) == (State.SUCCEEDED, Cause.RETURNED, "")
    assert execution.result == {"sum": 5, "text": "ü\u2603", "none": None}
    assert execution.report is None
    assert execution.started_at <= execution.ended_at
    assert execution.hostname
    assert execution.boot_id
    assert execution.pid != os.getpid()
    assert 0 < execution.cpu_seconds < 5
    assert 1_000_000 < execution.max_rss < 1_000_000_000


def test_a_report_is_recorded_as_data(engine) -> None:
    engine.write(
        "good",
        """
        class Disk(JobBase):
            @report
            def run(self):
                yield Title("Disks")
                yield Table([["/", 40]], header=["mount", "used"])
        """,
    )
    engine.start()

    execution = engine.run("good.Disk")

    assert execution.state is State.SUCCEEDED
    assert [item["type"] for item in execution.report] == ["title", "table"]
    assert execution.result is None


def test_arguments_by_name_and_files_arrive(engine) -> None:
    engine.write(
        "good",
        """
        class Echo(JobBase):
            def run(self, first, second="?"):
                return [first, second, self.job_id, self.execution_id]
        """,
    )
    engine.start()

    execution = engine.run("good.Echo", arguments={"second": 2, "first": 1})

    assert execution.result == [1, 2, "j1", execution.id]


def test_both_streams_are_kept_apart_and_in_order(engine, tmp_path) -> None:
    engine.write(
        "good",
        """
        class Talk(JobBase):
            def run(self, folder):
                for number in range(3):
                    for name, stream in ("out", sys.stdout), ("err", sys.stderr):
                        print(name, number, file=stream)
                        while not os.path.exists(f"{folder}/{name} {number} is read"):
                            time.sleep(0.01)
                os.system("echo from a shell; echo and its errors >&2")
        """,
    )
    engine.start()

    execution_id = engine.submit("good.Talk", str(tmp_path))
    for said in ("out 0", "err 0", "out 1", "err 1", "out 2", "err 2"):
        engine.printed(execution_id, said)
        (tmp_path / f"{said} is read").touch()
    execution = engine.ended(execution_id)

    assert engine.output(execution.id, "out") == "out 0\nout 1\nout 2\nfrom a shell\n"
    assert engine.output(execution.id, "err") == "err 0\nerr 1\nerr 2\nand its errors\n"
    talk = engine.output(execution.id)
    assert talk.startswith("out 0\nerr 0\nout 1\nerr 1\nout 2\nerr 2\n")
    assert [chunk.sequence for chunk in engine.chunks(execution.id)] == list(
        range(1, len(engine.chunks(execution.id)) + 1)
    )
    assert execution.output_bytes == len(talk)


FAILURES = {
    "raise ValueError('no good')": (Cause.RAISED, "ValueError: no good"),
    "raise JobError('Disk is full.')": (Cause.RAISED, "Disk is full."),
    "sys.exit(3)": (Cause.RAISED, "The job ended with exit code 3."),
    "sys.exit('enough')": (Cause.RAISED, "enough"),
    "os._exit(3)": (Cause.EXITED, "The job's process left with exit code 3."),
    "os._exit(0)": (Cause.EXITED, "The job's process left with exit code 0."),
    "os.kill(os.getpid(), 9)": (Cause.KILLED, "The job's process was killed by signal 9."),
    "import ctypes; ctypes.string_at(0)": (
        Cause.KILLED,
        "The job's process was killed by signal 11.",
    ),
    "raise OSError(os.fsdecode(b'caf\\xe9'))": (Cause.RAISED, "OSError: caf\ufffd"),
    "os.pwrite(next(f for f in range(3, 99) if 'outcome' in str(os.path.realpath(f'/proc/self/fd/"
    "{f}'))), b'{no json', 0); os._exit(0)": (
        Cause.RAISED,
        "The job's process left an outcome that cannot be read.",
    ),
}


@pytest.mark.parametrize("code", FAILURES)
def test_a_failure_says_why(engine, code: str) -> None:
    engine.write("bad", f"class Job(JobBase):\n    def run(self):\n        {code}\n")
    engine.start()

    assert how(engine.run("bad.Job")) == (State.FAILED, *FAILURES[code])


def test_an_exception_shows_the_authors_part_of_the_traceback(engine) -> None:
    engine.write(
        "bad",
        """
        def helper():
            return {}["missing"]

        class Job(JobBase):
            def run(self):
                print("before")
                helper()
        """,
    )
    engine.start()

    execution = engine.run("bad.Job")

    shown = engine.output(execution.id, "err")
    assert "in helper" in shown
    assert "in run" in shown
    assert shown.rstrip().endswith("KeyError: 'missing'")
    assert "botsched" not in shown
    assert engine.output(execution.id, "out") == "before\n"


def test_a_result_that_is_no_json_fails_and_names_the_type(engine) -> None:
    engine.write("bad", "class Job(JobBase):\n    def run(self):\n        return {1, 2}\n")
    engine.start()

    execution = engine.run("bad.Job")

    assert execution.state is State.FAILED
    assert "cannot be stored as JSON" in execution.reason
    assert "set" in execution.reason


def test_a_class_that_is_not_there_is_an_error_of_the_schedule(engine) -> None:
    engine.write("broken", "import nothing_of_this_name\n")
    engine.start()

    unknown, broken = engine.run("no.Such"), engine.run("broken.Job")

    assert unknown.state is broken.state is State.SCHEDULED_ERROR
    assert unknown.cause is Cause.NOT_STARTED
    assert unknown.reason == "There is no job class 'jobs.no.Such' in the job folders."
    assert "nothing_of_this_name" in broken.reason


def test_arguments_that_do_not_fit_are_told(engine) -> None:
    engine.write("good", "class Job(JobBase):\n    def run(self, a):\n        pass\n")
    engine.start()

    execution = engine.run("good.Job")

    assert execution.state is State.FAILED
    assert "missing a required argument: 'a'" in execution.reason


@pytest.mark.parametrize("size", [CALL_IN_PACKET - 300, CALL_IN_PACKET, 3_000_000])
def test_arguments_of_any_size_arrive(engine, size: int) -> None:
    engine.write("good", "class Job(JobBase):\n    def run(self, a):\n        return len(a)\n")
    engine.start()

    assert engine.run("good.Job", "x" * size).result == size


def test_a_result_that_is_too_large_is_refused(engine) -> None:
    engine.write("bad", "class Job(JobBase):\n    def run(self, n):\n        return 'x' * n\n")
    engine.start()

    large, too_large = engine.run("bad.Job", OUTCOME_LIMIT - 200), engine.run("bad.Job", 10**7)

    assert large.state is State.SUCCEEDED
    assert len(large.result) == OUTCOME_LIMIT - 200
    assert too_large.state is State.FAILED
    assert f"at most {OUTCOME_LIMIT} are kept" in too_large.reason
    assert too_large.result is None


def test_a_run_sees_the_environment_and_nothing_of_the_server(engine, monkeypatch) -> None:
    monkeypatch.setenv("FROM_THE_ADMINISTRATOR", "yes")
    engine.write(
        "good",
        """
        class Job(JobBase):
            def run(self):
                print(open("/proc/self/environ").read())
                print(open("/proc/self/cmdline").read())
                return {
                    "environment": dict(os.environ),
                    "modules": sorted(sys.modules),
                    "descriptors": sorted(
                        os.path.realpath(f"/proc/self/fd/{name}")
                        for name in os.listdir("/proc/self/fd")
                    ),
                    "stdin": sys.stdin.read(),
                    "leads": os.getpid() == os.getpgrp() == os.getsid(0),
                }
        """,
    )
    engine.start()

    execution = engine.run("good.Job")

    seen = execution.result
    added = set(seen["environment"].items()) - set(os.environ.items())
    assert added - {("COLUMNS", "80"), ("LINES", "24")} == {("BOTS_EXECUTION_ID", execution.id)}
    assert seen["environment"]["FROM_THE_ADMINISTRATOR"] == "yes"
    for name in ("sqlalchemy", "tornado", "apscheduler", "smtplib", "botsched.store.store"):
        assert name not in seen["modules"]
    assert "test.db" not in json.dumps(seen["descriptors"]) + engine.output(execution.id)
    assert len(seen["descriptors"]) < 12
    assert (seen["stdin"], seen["leads"]) == ("", True)


def test_a_run_leaves_nothing_behind_in_the_next(engine) -> None:
    engine.write(
        "good",
        """
        seen = []

        class Job(JobBase):
            def run(self):
                seen.append(1)
                os.environ["LEFT"] = "yes"
                os.chdir("/")
                return [len(seen), os.getcwd() == "/" and "LEFT" in os.environ]
        """,
    )
    engine.start(slots=1)

    assert [engine.run("good.Job").result for _ in range(3)] == [[1, True]] * 3


def test_a_report_may_hold_what_neither_json_nor_any_database_takes(engine) -> None:
    engine.write(
        "good",
        """
        class Odd(JobBase):
            @report
            def run(self):
                yield Text("name " + os.fsdecode(b"a\\xff"))
                yield Data({"a": [float("nan")]})
        """,
    )
    engine.start()

    execution = engine.run("good.Odd")

    assert execution.state is State.SUCCEEDED, execution.reason
    assert execution.report[0]["text"] == "name a?"
    assert execution.report[1]["value"] == {"a": ["NaN"]}


def test_a_class_may_describe_its_failures(engine) -> None:
    engine.write(
        "bad",
        """
        class Described(JobBase):
            @classmethod
            def get_failed_description(cls):
                return "Call the night shift."
            def run(self):
                raise ValueError("orig")
        """,
    )
    engine.start()

    assert how(engine.run("bad.Described")) == (
        *(State.FAILED, Cause.RAISED),
        "Call the night shift. (ValueError: orig)",
    )
