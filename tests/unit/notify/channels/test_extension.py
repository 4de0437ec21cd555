"""Classes of one's own."""

import math
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from botsched.errors import DeliveryError, SettingsError
from botsched.notify.channels.extension import ExtensionChannel
from botsched.settings.model import Extension
from tests.unit.notify.channels.conftest import Told

PAGER = """
from asyncio import CancelledError
from botsched.errors import DeliveryError

class Wordless(Exception):
    def __str__(self):
        raise ValueError("none")

class Pager:
    def __init__(self, options):
        self.options = options
        self.count = 0

    def send(self, notice):
        self.count += 1
        if notice["to"] == ["nobody"]:
            raise DeliveryError("no such room with hunter2", permanent=True, retry_after=5)
        if notice["to"][:1] == ["wait"]:
            raise DeliveryError("busy", retry_after=eval(notice["to"][1]))
        if notice["to"] == ["wordless"]:
            raise Wordless
        if notice["to"] == ["bug"]:
            raise KeyError(self.options["token"])
        if notice["to"] == ["exit"]:
            raise SystemExit
        if notice["to"] == ["cancelled"]:
            raise CancelledError
        if notice["to"] == ["odd"]:
            return Wordless()
        if notice["to"] == ["silent"]:
            return None
        return f"{notice['id']} by {self.options['token']}, number {self.count}"
"""

Make = Callable[[str, str], ExtensionChannel]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    def make(source: str = PAGER, name: str = "Pager") -> ExtensionChannel:
        file = tmp_path / "pager.py"
        file.write_text(source)
        options = (("token", "hunter2"), ("room", "a"))
        return ExtensionChannel(Extension("pager", file=file, class_name=name, options=options))

    yield make
    sys.modules.pop("botsched_channel_pager", None)


def test_one_object_sends_one_notice_after_the_other(make: Make, notice: Told) -> None:
    channel = make()

    with channel.open() as line:
        line.send(notice, ())
        delivery = line.send(notice, ())

    assert (delivery.accepted, delivery.words) == (("pager",), "m1 by ***, number 2")
    assert channel.send(notice, ("silent",)).words == ""
    assert channel.send(notice, ("odd",)).words == "it has no words"  # told it is, all the same


def test_it_says_whether_trying_again_helps(make: Make, notice: Told) -> None:
    with pytest.raises(DeliveryError) as caught:
        make().send(notice, ("nobody",))

    assert str(caught.value) == "Channel 'pager': no such room with ***"
    assert (caught.value.permanent, caught.value.retry_after) == (True, 5)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("2.5", 2.5),
        ("1e300", 1e300),
        ("10**400", 10**400),
        ("-5", None),
        ("float('inf')", math.inf),
        ("float('nan')", None),
        ("'soon'", None),
    ],
)
def test_it_is_left_alone_as_long_as_it_asks_for(
    make: Make, notice: Told, asked: str, wait: float | None
) -> None:
    with pytest.raises(DeliveryError) as caught:
        make().send(notice, ("wait", asked))

    assert caught.value.retry_after == wait


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("bug", "KeyError: '***'"),
        ("exit", "SystemExit"),
        ("cancelled", "CancelledError"),
        ("wordless", "Wordless: it has no words"),
    ],
)
def test_whatever_else_it_raises_is_tried_again(
    make: Make, notice: Told, who: str, words: str
) -> None:
    with pytest.raises(DeliveryError) as caught:
        make().send(notice, [who])

    assert str(caught.value) == f"Channel 'pager': {words}"
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("", "is not there"),
        ("Pager = 1", "is not there"),
        ("class Pager: pass", "has no method send(notice)"),
        ("class Pager:\n    def send(self, notice): ...", "cannot be had: TypeError: "),
        ("import nothing_of_this_name", "cannot be had: ModuleNotFoundError: "),
        ("def broken(:", "cannot be had: SyntaxError: "),
        ("raise SystemExit(3)", "cannot be had: SystemExit: 3"),
        (
            "class Pager:\n    send = print\n    def __init__(self, o): raise OSError(o['token'])",
            "cannot be had: OSError: ***",
        ),
    ],
)
def test_a_class_that_cannot_be_had_is_a_fault(make: Make, source: str, fault: str) -> None:
    with pytest.raises(SettingsError) as caught:
        make(source)

    [told] = caught.value.faults
    assert told.startswith("[channel pager]: class Pager of ")
    assert fault in told


BUSY = """
import time

class Pager:
    def __init__(self, options):
        self.calls = 0

    def send(self, notice):
        self.calls += 1
        time.sleep(0.01)
        calls, self.calls = self.calls, 0
        return str(calls)
"""


def test_it_is_called_by_one_thread_at_a_time(make: Make, notice: Told) -> None:
    channel = make(BUSY)

    with ThreadPoolExecutor(4) as pool:
        words = [sent.words for sent in pool.map(lambda _: channel.send(notice, ()), range(8))]

    assert words == ["1"] * 8
