"""How ``tests/run`` runs its parts side by side and tells of them one after another."""

import signal
import sys
from pathlib import Path

import pytest

from tests.support import parts as parts_module
from tests.support.parts import Part, run

WAIT = "import pathlib, sys, time\nwhile not pathlib.Path({!r}).exists(): time.sleep(0.02)\n"
COLOURED = "import time; print('\\x1b[32m== two ==\\x1b[0m'); "
INTERRUPT = """import os, signal, time
try:
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(600)
except KeyboardInterrupt:
    print("ended in order")
"""


def part(name: str, code: str) -> Part:
    return Part(name, [sys.executable, "-c", code])


def test_two_run_at_once_and_are_told_in_their_order(tmp_path: Path, capfdbinary) -> None:
    begin, end = "print('early', flush=True)\n", "print('late'); sys.exit(3)"
    first = part("first", begin + WAIT.format("second is there") + end)
    second = part("second", COLOURED + "time.sleep(0.3); open('second is there', 'w')")

    run([first, second], tmp_path, at_once=2)

    told = capfdbinary.readouterr().out.decode()
    assert told == "--- first\nearly\nlate\n--- second\n\x1b[32m== two ==\x1b[0m\n"
    assert (first.code, second.code) == (3, 0)
    assert (first.last_line, second.last_line) == ("late", "== two ==")


def test_no_more_run_than_may(tmp_path: Path) -> None:
    first = part("first", "import time; time.sleep(0.3); open('first is over', 'w')")
    second = part("second", "open('first is over')")

    run([first, second], tmp_path, at_once=1)

    assert second.code == 0


def test_an_interrupt_ends_all_that_run_and_tells_what_they_said(
    tmp_path: Path, capfdbinary
) -> None:
    lasting = "open('one is there', 'w')\n" + WAIT.format("never")
    interrupting = WAIT.format("one is there") + INTERRUPT
    parts = [part("one", lasting), part("two", interrupting), part("three", "print('never')")]

    with pytest.raises(KeyboardInterrupt):
        run(parts, tmp_path, at_once=2)

    told = capfdbinary.readouterr().out.decode()
    assert told.startswith("--- one\nTraceback")
    assert told.endswith("KeyboardInterrupt\n--- two\nended in order\n")
    assert [it.code for it in parts] == [-signal.SIGINT, 0, None]


@pytest.mark.slow
def test_who_takes_an_interrupt_for_his_own_gets_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "_PATIENCE", 2.0)
    deaf = part("deaf", INTERRUPT + "time.sleep(600)")

    with pytest.raises(KeyboardInterrupt):
        run([deaf], tmp_path, at_once=1)

    assert deaf.code == -signal.SIGINT
