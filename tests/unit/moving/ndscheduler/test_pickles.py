import builtins
import codecs
import contextlib
import os
import pickle
import subprocess
import sys
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.moving.ndscheduler import pickles
from botsched.moving.ndscheduler.pickles import Made, Name, OldText, RefusedError, read
from botsched.moving.ndscheduler.shapes import KNOWN
from tests.support.ndscheduler import job_state, pickled


class Calls:
    """Pickled so that unpickling it calls a function."""

    def __init__(self, *reduced: Any) -> None:
        self.reduced = reduced

    def __reduce__(self) -> Any:
        return self.reduced


TOUCH = "touch hostile-pickle-ran"
_GETATTR_OF_OS = b"\x80\x04\x8c\x08builtins\x8c\x07getattr\x93\x8c\x02os\x8c\x06system\x86R."
_TRIGGER = b"\x80\x04\x8c\x19apscheduler.triggers.cron\x8c\x0bCronTrigger\x93)\x81"


def _nested() -> bytes:
    return pickled({"args": [Calls(eval, (Calls(os.getenv, ("HOME",)),))]})


HOSTILE = {
    "os.system": (pickled(Calls(os.system, (TOUCH,))), "'posix.system'"),
    "subprocess": (pickled(Calls(subprocess.check_call, ([TOUCH],))), "subprocess.check_call"),
    "eval": (pickled(Calls(builtins.eval, ("1",))), "builtins.eval"),
    "exec": (pickled(Calls(builtins.exec, ("1",))), "builtins.exec"),
    "open": (pickled(Calls(open, ("/etc/passwd",))), f"'{open.__module__}.open'"),
    "import": (pickled(Calls(builtins.__import__, ("os",))), "builtins.__import__"),
    "getattr of a text": (_GETATTR_OF_OS, "calls builtins.getattr in a way"),
    "getattr of a zone": (
        _GETATTR_OF_OS.replace(b"\x8c\x02os", b"\x8c\x08zoneinfo\x8c\x08ZoneInfo\x93"),
        "calls builtins.getattr in a way",
    ),
    "call within a job": (pickled(job_state(args=(Calls(os.system, (TOUCH,)),))), "posix.system"),
    "calls within calls": (_nested(), "names"),
    "as the key of a dictionary": (
        b"\x80\x04}cos\nsystem\n\x8c\x02id\x85RK\x01s.",
        "'os.system'",
    ),
    "name with dots": (
        b"\x80\x04\x8c\x08builtins\x8c\x10object.__class__\x93.",
        "object.__class__",
    ),
    "dots in an allowed name": (
        b"\x80\x04\x8c\x08datetime\x8c\x16datetime.fromtimestamp\x93K\x01\x85R.",
        "datetime.datetime.fromtimestamp",
    ),
    "name made of numbers": (b"\x80\x04K\x01K\x02\x93.", "names something by values"),
    "name made of Python 2's texts": (b"\x80\x02U\x02osU\x06system\x93.", "names something by"),
    "name in Python 2": (b"cposix\nsystem\n(S'id'\ntR.", "'posix.system'"),
    "Python 2's eval": (b"c__builtin__\neval\n(S'1'\ntR.", "__builtin__.eval"),
    "state for a function": (b"c_codecs\nencode\n}b.", "sets attributes"),
    "state for a class": (
        b"\x80\x04\x8c\x19apscheduler.triggers.cron\x8c\x0bCronTrigger\x93}b.",
        "sets attributes",
    ),
    "__setstate__ with a list": (_TRIGGER + b"]b.", "sets attributes"),
    "state for what a call made": (b"cpytz\n_UTC\n)R}b.", "sets attributes"),
    "state set twice": (_TRIGGER + b"}b}b.", "sets attributes"),
    "items of a trigger": (_TRIGGER + b"K\x01K\x02s.", "no dictionary"),
    "append to a trigger": (_TRIGGER + b"K\x01a.", "no list"),
    "trigger made with arguments": (
        b"\x80\x04\x8c\x19apscheduler.triggers.cron\x8c\x0bCronTrigger\x93K\x01\x85\x81.",
        "makes something",
    ),
    "call of a class": (
        b"\x80\x04\x8c\x19apscheduler.triggers.cron\x8c\x0bCronTrigger\x93)R.",
        "calls apscheduler.triggers.cron.CronTrigger",
    ),
    "reconstructor of something else": (
        b"ccopy_reg\n_reconstructor\n(c__builtin__\nobject\nc__builtin__\nobject\nNtR.",
        "makes something of builtins.object",
    ),
    "codecs with another encoding": (b"c_codecs\nencode\n(Vx\nVzip\ntR.", "calls _codecs.encode"),
    "call of what a call made": (b"cpytz\n_UTC\n)R)R.", "no name"),
    "call with a list": (b"cpytz\n_UTC\n]R.", "no name"),
    "instance of an old class": (b"(S'id'\nios\nsystem\n.", "operation INST"),
    "OBJ": (b"(cpytz\n_UTC\nS'id'\no.", "operation OBJ"),
    "NEWOBJ_EX": (b"\x80\x04cpytz\n_UTC\n)}\x92.", "operation NEWOBJ_EX"),
    "EXT1": (b"\x80\x02\x82\x01.", "operation EXT1"),
    "EXT2": (b"\x80\x02\x83\x01\x01.", "operation EXT2"),
    "EXT4": (b"\x80\x02\x84\x01\x01\x01\x01.", "operation EXT4"),
    "persistent id": (b"Pabc\n.", "operation PERSID"),
    "binary persistent id": (b"\x80\x02K\x01Q.", "operation BINPERSID"),
    "buffer from elsewhere": (b"\x80\x05\x97.", "operation NEXT_BUFFER"),
    "bytearray": (pickled(bytearray(b"x"), 5), "operation BYTEARRAY8"),
    "set": (pickled({1, 2}), "operation EMPTY_SET"),
    "frozenset": (pickled(frozenset({1})), "operation FROZENSET"),
    "deque": (pickled(deque([1])), "collections.deque"),
    "defaultdict": (pickled(defaultdict(list)), "collections.defaultdict"),
    "key that is no text": (pickled({1: 2}), "key that is no text"),
    "key that holds itself": (b"\x80\x04}](h\x00\x94e", "damaged"),
    "bytes that are not there": (b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.", "damaged"),
    "text of 2 GiB": (b"\x80\x04X\xff\xff\xff\x7f.", "damaged"),
    "number of 2 GiB": (b"\x80\x04\x8b\xff\xff\xff\x7f.", "damaged"),
    "number of negative size": (b"\x80\x04\x8b\xff\xff\xff\xff.", "damaged"),
    "decimal number of 100,000 digits": (b"I" + b"9" * 100_000 + b"\n.", "damaged"),
    "memo that is not there": (b"\x80\x04h\x07.", "damaged"),
    "memo with a huge index": (b"\x80\x04Nr\xff\xff\xff\xffh\x01.", "damaged"),
    "empty stack": (b"\x80\x04R.", "damaged"),
    "no mark": (b"\x80\x04N0t.", "damaged"),
    "pop of nothing": (b"0.", "damaged"),
    "nothing at the end": (b"\x80\x04.", "damaged"),
    "truncated": (pickled(job_state())[:-40], "damaged"),
    "empty": (b"", "damaged"),
    "garbage": (b"\xde\xad\xbe\xef" * 10, "damaged"),
    "text": (b"hello, world", "damaged"),
    "too long": (b"\x80\x04" + b"N0" * (pickles.MOST_BYTES // 2) + b"N.", "larger than"),
    "too many operations": (b"\x80\x04" + b"N0" * 150_000 + b"N.", "more than 200,000"),
}


_WATCHED = {
    *("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "open"),
    *("exec", "compile", "import", "pickle.find_class", "socket.connect"),
}
_listening: list[list[str]] = []


def _listen(event: str, _arguments: object) -> None:
    if event in _WATCHED:
        for happened in _listening:
            happened.append(event)


sys.addaudithook(_listen)  # which Python has nobody take off: it listens while a test wants it


@pytest.fixture
def happened() -> Iterator[list[str]]:
    """What Python was made to do meanwhile that a reader of pickles has no need of."""
    codecs.lookup("raw-unicode-escape")  # which is imported when it is first asked for
    happened: list[str] = []
    _listening.append(happened)
    yield happened
    _listening.remove(happened)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pickle_makes_nothing_and_is_refused_with_its_reason(
    name: str, happened: list[str]
) -> None:
    data, reason = HOSTILE[name]
    happened.clear()

    try:
        made = read(data, KNOWN)
    except RefusedError as error:
        told = str(error)
    else:
        told = f"accepted: {made!r}"

    assert happened == []
    assert reason in told


def test_the_watch_sees_what_unpickling_would_do(happened: list[str]) -> None:
    pickle.loads(b"cos\ngetcwd\n)R.")

    assert "pickle.find_class" in happened


def test_a_value_that_holds_itself_is_read_as_it_is() -> None:
    value = read(b"\x80\x04]\x94h\x00a.", KNOWN)

    assert value[0] is value


def test_a_refusal_does_not_show_what_the_pickle_holds() -> None:
    state = pickled(job_state(args=("secret-4711", Calls(os.system, ("secret-4711",)))))

    with pytest.raises(RefusedError) as refused:
        read(state, KNOWN)

    assert "secret" not in str(refused.value)


def test_a_long_name_is_told_in_part_and_printable() -> None:
    with pytest.raises(RefusedError) as refused:
        read(b"c\x1b[2Jposix\n" + b"x" * 5000 + b"\n.", KNOWN)

    assert len(str(refused.value)) < 200
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("protocol", range(6))
def test_plain_values_are_read_of_every_protocol(protocol: int) -> None:
    value = {
        "a": [1, -1, 255, 65536, 1 << 70, -(1 << 40), 2.5, True, False, None],
        "b": ("", "ä☃", b"\x00\xff", (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
        "c": {"d": {}, "e": []},
    }

    assert read(pickled(value, protocol), KNOWN) == value


def test_texts_of_python_2_are_read() -> None:
    data = b"(dp0\nS'na\\xc3\\xafve'\np1\nU\x02\xff\xfesT\x01\x00\x00\x00xI1\ns."

    value = read(data, KNOWN)

    assert {key: str(each) for key, each in value.items()} == {"naïve": "ÿþ", "x": "1"}
    assert isinstance(value["naïve"], OldText)


def test_an_ordered_dictionary_is_a_dictionary() -> None:
    assert read(pickled(OrderedDict(a=1), 2), KNOWN) == {"a": 1}


def test_classes_of_triggers_are_only_noted() -> None:
    made = read(pickled(job_state())[:], KNOWN)["trigger"]

    assert isinstance(made, Made)
    assert made.by == Name("apscheduler.triggers.cron", "CronTrigger")
    assert made.state is not None
    assert made.state["version"] == 2


_PICKLES = [pickled(job_state(), protocol) for protocol in range(6)]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_PICKLES),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=0, max_size=6)), max_size=4),
)
def test_damaged_pickles_are_read_or_refused_and_nothing_else(
    data: bytes, changes: list[tuple[int, bytes]]
) -> None:
    for place, content in changes:
        start = place % len(data)
        data = data[:start] + content + data[start + len(content) :]

    with contextlib.suppress(RefusedError):
        read(data, KNOWN)


_OPERATIONS = [bytes([code]) for code in range(256)] + [b"cos\nsystem\n", b"X\x01\x00\x00\x00a"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_OPERATIONS), max_size=60))
def test_any_operations_are_read_or_refused(operations: list[bytes]) -> None:
    with contextlib.suppress(RefusedError):
        read(b"".join(operations) + b".", KNOWN)
