"""Commands, by real programs."""

import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from botsched.errors import DeliveryError
from botsched.notify.channels.command import CommandChannel
from botsched.settings.model import Command
from tests.support.waiting import is_alive, open_descriptors, until
from tests.unit.notify.channels.conftest import Told

Make = Callable[..., CommandChannel]


@pytest.fixture
def command(tmp_path: Path) -> Make:
    """A shell script as the command."""

    def make(script: str, *arguments: str, timeout: float = 60.0) -> CommandChannel:
        program = tmp_path / "tell"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        argv = (str(program), *arguments)
        return CommandChannel(Command("pager", argv=argv, folder=tmp_path, timeout=timeout))

    return make


def failed(channel: CommandChannel, notice: Told) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught, channel.open() as line:
        line.send(notice, ())
    return caught.value


def test_it_reads_json_and_a_few_variables(
    command: Make, notice: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "hunter2")
    channel = command('cat > data; env > env; pwd > where; echo "$1" >&2; echo sent', "a b; id")

    delivery = channel.send(notice, ())

    assert (delivery.accepted, delivery.words) == (("pager",), "a b; id sent")
    data = json.loads((tmp_path / "data").read_text())
    assert (data["id"], data["channel"], data["to"]) == ("m1", "pager", [])
    assert data["text"] == "It failed.\N{SNOWMAN}"
    env = (tmp_path / "env").read_text()
    assert "BOTS_MAIL_ID=m1\n" in env
    assert "BOTS_MAIL_CHANNEL=pager\n" in env
    assert "BOTS_MAIL_SUBJECT=backup: failed\n" in env
    assert "hunter2" not in env
    assert (tmp_path / "where").read_text().strip() == str(tmp_path.resolve())


def test_it_need_not_read(command: Make, notice: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Told, "text", lambda self: "x" * 1_000_000)

    assert command("exit 0").send(notice, ()).accepted == ("pager",)


def test_75_is_tried_again(command: Make, notice: Told) -> None:
    error = failed(command("echo the modem is busy >&2; exit 75"), notice)

    assert (error.permanent, error.uncertain) == (False, False)
    assert "ended with exit code 75: the modem is busy" in str(error)


@pytest.mark.parametrize("code", [1, 2, 64, 127, 255])
def test_other_codes_are_for_good(command: Make, notice: Told, code: int) -> None:
    error = failed(command(f"exit {code}"), notice)

    assert error.permanent
    assert str(error).endswith(f"ended with exit code {code}.")


def test_one_that_is_killed_may_have_told_it(command: Make, notice: Told) -> None:
    error = failed(command("kill -9 $$"), notice)

    assert (error.permanent, error.uncertain) == (False, True)
    assert "was killed by SIGKILL" in str(error)


def test_its_whole_group_is_killed_after_its_time(
    command: Make, notice: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = command("sleep 600 & echo $! > pid; echo waiting; touch ready; echo; wait")
    now, looks = time.monotonic, itertools.count()

    def an_hour_later() -> float:
        return now() + (3600 if next(looks) and (tmp_path / "ready").exists() else 0)

    monkeypatch.setattr("botsched.notify.channels.command.monotonic", an_hour_later)

    error = failed(channel, notice)

    assert (error.permanent, error.uncertain) == (False, True)
    assert "took longer than its 60 seconds and was killed: waiting" in str(error)
    pid = int((tmp_path / "pid").read_text())
    until(lambda: not is_alive(pid), "what it started is gone, too")


def test_a_signal_without_a_name_is_told_by_its_number(command: Make, notice: Told) -> None:
    error = failed(command("kill -40 $$"), notice)

    assert "was killed by signal 40" in str(error)


def test_what_it_leaves_running_ends_with_it(command: Make, notice: Told, tmp_path: Path) -> None:
    assert command("sleep 600 & echo $! > pid").send(notice, ()).accepted == ("pager",)

    pid = int((tmp_path / "pid").read_text())
    until(lambda: not is_alive(pid), "what it left is gone, too")


def test_of_much_output_the_end_is_kept(command: Make, notice: Told) -> None:
    script = f"{sys.executable} -c \"print('x' * 10_000_000); print('the end')\"; exit 3"

    error = failed(command(script), notice)

    assert str(error).endswith("xx the end")
    assert len(str(error)) < 600


def test_what_is_said_at_the_very_end_is_kept(
    command: Make, notice: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(pid: int) -> bool:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT) is not None

    monkeypatch.setattr("botsched.notify.channels.command._has_ended", waits)

    assert command("echo sent").send(notice, ()).words == "sent"


def test_one_that_closed_its_output_is_waited_for(command: Make, notice: Told) -> None:
    error = failed(command("exec >&- 2>&-; sleep 0.2; exit 75"), notice)

    assert str(error).endswith("ended with exit code 75.")


def test_one_that_cannot_be_started_is_tried_again(
    command: Make, notice: Told, tmp_path: Path
) -> None:
    channel = command("exit 0")
    (tmp_path / "tell").unlink()

    error = failed(channel, notice)

    assert not error.permanent
    assert "cannot be started: No such file or directory." in str(error)


def test_nothing_is_left_open(command: Make, notice: Told) -> None:
    before = open_descriptors()

    command("exit 0").send(notice, ())
    failed(command("sleep 600", timeout=0.2), notice)

    assert set(open_descriptors()) <= set(before)
