"""Asking the parts of the program how they are."""

import threading

import pytest

from botsched.app.survey import Survey
from botsched.errors import StoreUnavailableError
from tests.support.waiting import PATIENCE


def test_a_part_that_fails_says_so_and_the_others_answer(caplog: pytest.LogCaptureFixture) -> None:
    def away() -> None:
        raise StoreUnavailableError("The database is away.")

    def broken() -> None:
        raise KeyError("secret")

    told = Survey({"good": lambda: [1], "away": away, "broken": broken})()

    assert told["good"] == [1]
    assert told["away"] == {"error": "The database is away."}
    assert told["broken"] == {"error": "It could not be asked; the log of the server says more."}
    assert "secret" in caplog.text


def test_a_part_that_hangs_is_not_waited_for_nor_asked_again() -> None:
    go_on, asked = threading.Event(), []

    def hang() -> str:
        asked.append(1)
        go_on.wait(PATIENCE)
        return "there"

    survey = Survey({"hung": hang, "good": lambda: 1}, patience=0.05)
    try:
        for _ in range(3):
            assert survey() == {"hung": {"error": "No answer within 0.05 seconds."}, "good": 1}
        assert len(asked) == 1
    finally:
        go_on.set()

    patient = Survey({"hung": hang}, patience=30)
    assert patient() == {"hung": "there"}
