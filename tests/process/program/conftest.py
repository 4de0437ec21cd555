"""The program as its users run it."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Program, prepare

JOBS = '''
import os, signal, subprocess, sys, time


class Greet(JobBase):
    def run(self, name="you"):
        print(f"Hello, {name}!")
        return {"greeted": name}


class Fail(JobBase):
    def run(self):
        raise JobError("The disk is full.")


class Sleep(JobBase):
    """Sleeps beside two processes of its own, of which one leaves the process group."""

    def run(self, seconds, marker="started"):
        subprocess.Popen(["sleep", "600"])
        subprocess.Popen(["setsid", "sleep", "600"])
        print(marker, flush=True)
        time.sleep(seconds)


class Stubborn(JobBase):
    """Does not end when it is asked to."""

    def run(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("started", flush=True)
        time.sleep(600)


class Lines(JobBase):
    def run(self, count):
        for number in range(count):
            print(f"line {number}")


class Bytes(JobBase):
    def run(self, data):
        os.write(1, bytes.fromhex(data))


class Weekly(JobBase):
    info = {"job_class_name": "Weekly figures", "report_title": "Weekly figures"}

    @report
    def run(self, lines=0):
        for number in range(lines):
            print(f"line {number}")
        yield Title("Weekly figures")
        yield Table([["mails", 12], ["<b>", 1]], header=["what", "count"])
        yield Plot([3, 5, 4], ["Mon", "Tue", "Wed"], title="Mails a day")
        yield File(b"what;count", "figures.csv")
'''

FLAGS = ("--jobs", "jobs", "--jobs", "own")

_programs: list[Program] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure, show what the program said."""
    report = yield
    if report.failed:
        report.sections.extend((f"the program in {it.folder}", it.told) for it in _programs)
    return report


MakeProgram = Callable[..., Program]


def _maker(factory: pytest.TempPathFactory) -> Iterator[MakeProgram]:
    made: list[Program] = []

    def make(*flags: str, users: str | None = None, jobs: str = JOBS, **options: Any) -> Program:
        folder = factory.mktemp("program")
        prepare(folder, jobs=jobs, **({} if users is None else {"users": users}))
        (folder / "jobs").symlink_to(Path(__file__).resolve().parents[3] / "jobs")
        program = Program(folder, (*FLAGS, *flags), **options)
        made.append(program)
        _programs.append(program)
        return program

    yield make
    for program in made:
        program.clean_up()
        _programs.remove(program)


@pytest.fixture
def make_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeProgram]:
    """Makes programs, not started yet, that end with the test; flags go to each start."""
    yield from _maker(tmp_path_factory)


@pytest.fixture(scope="module")
def make_program_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeProgram]:
    """The same for all tests of a module."""
    yield from _maker(tmp_path_factory)
