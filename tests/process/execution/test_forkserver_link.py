"""The fork server as its starter sees it: messages in, messages out."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from botsched.execution.forkserver_link import ForkServerLink
from tests.support.waiting import PATIENCE, is_alive, until

JOBS = """
import time
from botscheduler import *

class Sleep(JobBase):
    def run(self):
        time.sleep(600)

class Quick(JobBase):
    def run(self):
        pass
"""


@pytest.fixture
def link(tmp_path: Path) -> Iterator[ForkServerLink]:
    folder = tmp_path / "jobs"
    folder.mkdir()
    (folder / "some.py").write_text(JOBS)
    link = ForkServerLink([folder])
    assert link.receive() == {"what": "ready"}
    yield link
    with suppress(OSError):  # closed already
        link.close()


@pytest.fixture
def descriptors() -> Iterator[tuple[int, int, int, int]]:
    null = os.open(os.devnull, os.O_WRONLY)
    outcome = os.memfd_create("outcome")
    progress = os.memfd_create("progress")
    yield null, null, outcome, progress
    os.close(null)
    os.close(outcome)
    os.close(progress)


def call(execution_id: str, name: str) -> dict:
    return {
        "job_class": f"jobs.some.{name}",
        "job_id": "j1",
        "execution_id": execution_id,
        "args": [],
        "data_dir": "/tmp",
        "secrets": {},
        "why_not": "",
    }


def test_the_catalogue_tells_what_there_is(link) -> None:
    classes = [known.job_class_string for known in link.catalogue().classes]

    assert classes == ["jobs.some.Sleep", "jobs.some.Quick"]


def test_a_signal_right_behind_the_call_is_not_lost(link, descriptors) -> None:
    """Also when the process has not made its own group yet."""
    for number in range(30):
        link.run(call(f"e{number}", "Sleep"), descriptors)
        link.signal(f"e{number}", signal.SIGTERM)
        started, ended = link.receive(), link.receive()

        assert (started["what"], ended["what"]) == ("started", "ended")
        assert ended["status"] == -signal.SIGTERM


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_any_number_of_calls_can_be_made_before_an_answer_is_taken(link, descriptors) -> None:
    count = 1000
    for number in range(count):
        link.run(call(f"e{number}", "Quick"), descriptors)

    answers = [link.receive() for _ in range(2 * count)]

    assert sum(answer["what"] == "started" for answer in answers) == count
    assert sum(answer["what"] == "ended" for answer in answers) == count


def test_it_ends_with_all_its_runs_when_we_close(link, descriptors) -> None:
    link.run(call("e1", "Sleep"), descriptors)
    pid = link.receive()["pid"]
    assert is_alive(pid)
    begun = time.monotonic()

    link.close()

    assert time.monotonic() - begun < PATIENCE
    until(lambda: not is_alive(pid), "the end of the run")
    assert not is_alive(link.pid)


def test_it_ends_when_the_server_is_gone_also_while_a_module_hangs(tmp_path: Path) -> None:
    folder, seen = tmp_path / "jobs", tmp_path / "seen"
    folder.mkdir()
    (folder / "hangs.py").write_text(f"import time; open({str(seen)!r}, 'w'); time.sleep(600)")
    link = ForkServerLink([folder])
    until(seen.exists, "the import")

    link.channel.close()  # as the kernel does for a server that was killed

    assert link._process.wait(PATIENCE) == -signal.SIGIO
    with suppress(OSError):
        link.close()
