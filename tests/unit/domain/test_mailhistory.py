"""What the runs before come to."""

from datetime import timedelta

import pytest

from botsched.domain.execution import State
from botsched.domain.mailforms import read_rule
from botsched.domain.mailhistory import (
    Attempt,
    History,
    Incident,
    PastRun,
    incident_of,
    is_bad,
    is_raised,
    raised_since,
    runs_of,
)
from tests.support.values import NOW

HOUR = timedelta(hours=1)
BEGUN = ("long ago", NOW - 99 * HOUR)


def past(tokens: str) -> list[PastRun]:
    """Runs told the oldest first, an hour apart; given the newest first."""
    return [
        PastRun(str(number), token == "F", NOW + number * HOUR)
        for number, token in enumerate(tokens.split())
    ][::-1]


@pytest.mark.parametrize(
    ("state", "attempt", "bad"),
    [
        (State.SUCCEEDED, 1, False),
        (State.SUCCEEDED, 2, False),
        (State.FAILED, 1, True),
        (State.TIMEOUT, 1, True),
        (State.SCHEDULED_ERROR, 1, True),
        (State.LOST, 3, True),
        (State.STOPPED, 1, None),
        (State.STOPPED, 2, None),
        (State.MISSED, 1, None),
        (State.SKIPPED, 1, None),
        (State.MISSED, 2, True),  # it was to repair a failure
        (State.SKIPPED, 2, True),
    ],
)
def test_how_a_run_ended(state: State, attempt: int, bad: bool | None) -> None:
    assert is_bad(state, attempt) is bad


def test_attempts_of_one_run_are_one_by_the_last_of_them() -> None:
    found = runs_of(
        [
            Attempt("d", 2, State.STOPPED, NOW),
            Attempt("d", 1, State.FAILED, NOW),
            Attempt("c", 2, State.SCHEDULED, NOW),
            Attempt("c", 1, State.FAILED, NOW),
            Attempt("b", 2, State.SUCCEEDED, NOW),
            Attempt("a", 1, State.FAILED, NOW),
            Attempt("b", 1, State.FAILED, NOW),
        ]
    )

    assert found == [PastRun("b", bad=False, at=NOW), PastRun("a", bad=True, at=NOW)]


@pytest.mark.parametrize(
    ("runs", "incident"),
    [
        ("", None),
        (". .", None),
        ("F F . .", Incident("0", 2, NOW)),
        (". F F", Incident("1", 2, NOW + HOUR)),
        ("F F F", Incident("0", 3, NOW)),
    ],
)
def test_an_incident_is_the_bad_runs_in_a_row(runs: str, incident: Incident | None) -> None:
    assert incident_of(History(past(runs))) == incident


def test_an_incident_that_is_longer_than_what_is_known_begins_where_it_was_told_to() -> None:
    assert incident_of(History(past("F F"), whole=False, begun=BEGUN)) == Incident(
        BEGUN[0], 2, BEGUN[1]
    )
    assert incident_of(History(past(". F"), whole=False, begun=BEGUN)) == Incident(
        "1", 1, NOW + HOUR
    )


@pytest.mark.parametrize(
    ("keys", "raised", "calm"),
    [
        ({}, "F", "F ."),
        ({"after": 2}, ". F F", "F . F"),
        ({"rate": {"failures": 2, "of": 3}}, "F . F", "F . . F"),
        ({"rate": {"failures": 2, "of": 3}}, "F F .", "F F . ."),
        ({"after": 2, "rate": {"failures": 3, "of": 9}}, "F . F . F .", "F . F ."),
        ({"after": 2, "rate": {"failures": 3, "of": 9}}, "F F", "F"),
    ],
)
def test_when_bad_ends_count(keys: dict[str, object], raised: str, calm: str) -> None:
    rule = read_rule({"on": ["failure"]} | keys)

    assert is_raised(rule, past(raised))
    assert not is_raised(rule, past(calm))
    assert not is_raised(rule, [])


def test_since_when_bad_ends_count() -> None:
    rule = read_rule({"on": ["failure"], "after": 2})

    assert raised_since(rule, History(past(". F F F"))) == NOW + 2 * HOUR
    assert (
        raised_since(
            rule,
            History(past("F F .")),
        )
        is None
    )
    assert raised_since(read_rule({"on": ["failure"]}), History(past("F F"), whole=False)) is None
