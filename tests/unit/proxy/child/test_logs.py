import logging
import re
import sys

import pytest

from botsched.proxy.child import logs


def record(name: str = "x", message: str = "it %s", *args: object) -> logging.LogRecord:
    try:
        raise ValueError("bad")
    except ValueError:
        return logging.LogRecord(name, logging.ERROR, "", 0, message, args, sys.exc_info())


def test_exceptions_of_mitmproxy_are_one_line() -> None:
    text = logs.Format("%(message)s").format(record("mitmproxy.proxy", "it %s", "crashed"))
    assert text == "it crashed ValueError('bad')"


def test_exceptions_of_ours_keep_their_traceback() -> None:
    assert "Traceback" in logs.Format("%(message)s").format(
        record("botsched.x", "it %s", "crashed")
    )


def test_a_flood_of_lines_is_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 6000.0
    monkeypatch.setattr(logs.time, "monotonic", lambda: now)
    flood = logs.FloodFilter(lines_a_minute=3)
    assert [flood.filter(record("x", "a")) for _ in range(5)] == [True] * 3 + [False] * 2
    now += 60
    later = record("x", "b")
    assert flood.filter(later)
    assert later.getMessage() == "b (2 earlier lines were dropped.)"


def test_lines_tell_the_offset_of_their_time() -> None:
    line = logs.Format("%(asctime)s %(message)s", logs.TIME_FORMAT).format(record("x", "y"))

    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} y", line)


def test_what_is_said_in_our_words_is_not_said_again() -> None:
    assert logs._LEVELS["mitmproxy.certs"] > logging.WARNING
