"""Secrets reach the run that asks for them, and nothing that is kept of it."""

import json

import pytest

from botsched.domain.execution import State

SECRET = "correct horse battery staple"
ASKING = """
class Job(JobBase):
    info = {"arguments": [{"type": "secret", "name": "password"}]}

    def run(self, password, *others):
"""


@pytest.fixture
def secrets(engine):
    path = engine.folder / "secrets.ini"
    path.write_text(f"[secrets]\nbackup = {SECRET}\nother = never mentioned\nshort = YWJj\n")
    path.chmod(0o600)


def kept(engine, execution_id: str) -> str:
    execution = engine.get(execution_id)
    told = [execution.reason, execution.result, execution.report, execution.progress_text]
    return json.dumps([told, execution.arguments, engine.output(execution_id)])


def test_a_run_gets_the_value_and_nobody_is_told(engine, secrets) -> None:
    engine.write("asking", ASKING + """
        assert password == "correct horse" + " battery staple", "another value"
        with open("/proc/self/cmdline") as line, open("/proc/self/environ") as variables:
            assert password not in line.read() + variables.read()
        os.write(1, b"it is correct horse bat")
        time.sleep(0.05)
        os.write(1, b"tery staple.\\n")
        print(password, file=sys.stderr)
        self.progress(0.5, "with " + password)
        return {password: [password, "correct"]}
    """)  # fmt: skip
    engine.start()

    execution = engine.run("asking.Job", "backup")

    assert execution.state is State.SUCCEEDED, execution.reason
    assert execution.result == {"***": ["***", "correct"]}
    assert execution.progress_text == "with ***"
    assert engine.output(execution.id, "out") == "it is ***.\n"
    assert engine.output(execution.id, "err") == "***\n"
    assert SECRET not in kept(engine, execution.id)


@pytest.mark.parametrize("before", ["", "x" * 985])
def test_an_error_shows_no_part_of_it(engine, secrets, before: str) -> None:
    engine.write("asking", ASKING + f"        raise ValueError({before!r} + password)\n")
    engine.start()

    execution = engine.run("asking.Job", "backup")

    assert execution.state is State.FAILED
    assert "correct" not in kept(engine, execution.id)


def test_a_short_one_leaves_pictures_and_files_whole(engine, secrets) -> None:
    engine.write("asking", ASKING.replace("    def", "    @report\n    def") + """
        yield File(b"abc", password + ".txt"), List([Image(b"abc", alt=password)])
    """)  # fmt: skip
    engine.start()

    execution = engine.run("asking.Job", "short")

    assert execution.state is State.SUCCEEDED, execution.reason
    file, pictures = execution.report
    assert (file["name"], file["data"]) == ("***.txt", "YWJj")
    assert (pictures["items"][0]["alt"], pictures["items"][0]["data"]) == ("***", "YWJj")


def test_a_report_is_masked(engine, secrets) -> None:
    engine.write("asking", ASKING.replace("    def", "    @report\n    def") + """
        yield Table([[password, 1]])
        raise JobError("Not " + password)
    """)  # fmt: skip
    engine.start()

    execution = engine.run("asking.Job", "backup")

    assert execution.reason == "Not ***"
    assert "***" in json.dumps(execution.report)
    assert SECRET not in kept(engine, execution.id)


def test_a_secret_that_is_not_there_fails_the_run_with_its_cure(engine, secrets) -> None:
    engine.write("asking", ASKING + "        pass\n")
    engine.start()

    assert "has no such entry" in engine.run("asking.Job", "nothing").reason
    (engine.folder / "secrets.ini").chmod(0o644)
    assert "chmod 600" in engine.run("asking.Job", "backup").reason
