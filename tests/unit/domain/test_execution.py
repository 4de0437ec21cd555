"""States, what may follow what, and what became of an instant."""

from datetime import timedelta

import pytest

from botsched.domain.execution import (
    ACTIVE,
    ENDINGS,
    FINAL,
    LATE_AFTER,
    UNSUCCESSFUL,
    Cause,
    Fate,
    State,
    may_come_from,
)
from tests.support.values import NOW, an_execution

# Each state, and all that may follow it.
TRANSITIONS = {
    "scheduled": {"running", "stopped", "scheduled error", "missed", "skipped"},
    "running": {
        *("stopping", "stopped", "succeeded", "failed", "timeout", "scheduled error", "lost"),
    },
    "stopping": {"stopped", "succeeded", "failed", "timeout", "scheduled error", "lost"},
    "stopped": set(),
    "failed": set(),
    "succeeded": set(),
    "timeout": set(),
    "scheduled error": set(),
    "missed": set(),
    "skipped": set(),
    "lost": set(),
}


def test_the_table_names_every_state() -> None:
    assert set(TRANSITIONS) == {state.value for state in State}


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_what_may_follow_what(before: State, after: State) -> None:
    allowed = after.value in TRANSITIONS[before.value]

    assert (after in ENDINGS.get(before, ())) is allowed
    assert (before in may_come_from(after)) is allowed


def test_a_state_is_either_active_or_final() -> None:
    assert {state.value for state in ACTIVE} == {"scheduled", "running", "stopping"}
    assert frozenset(State) - ACTIVE == FINAL


def test_every_running_execution_can_end_in_every_way_also_while_it_is_being_stopped() -> None:
    ways = ENDINGS[State.RUNNING] - {State.STOPPING}

    assert ways == ENDINGS[State.STOPPING]


def test_what_counts_as_unsuccessful() -> None:
    assert UNSUCCESSFUL < FINAL
    assert {each.value for each in UNSUCCESSFUL} == {"failed", "timeout", "scheduled error", "lost"}


STARTED = {"started_at": NOW, "scheduled_at": NOW}
FATES = [
    (Fate.PENDING, {"state": State.SCHEDULED}),
    (Fate.RAN, {"state": State.RUNNING, **STARTED}),
    (Fate.RAN, {"state": State.SUCCEEDED, **STARTED}),
    (Fate.RAN, {"state": State.FAILED, **STARTED, "started_at": NOW + LATE_AFTER}),
    (
        Fate.LATE,
        {
            "state": State.SUCCEEDED,
            **STARTED,
            "started_at": NOW + LATE_AFTER + timedelta(microseconds=1),
        },
    ),
    (Fate.COALESCED, {"state": State.SKIPPED, "cause": Cause.COALESCED}),
    (Fate.SKIPPED, {"state": State.SKIPPED, "cause": Cause.OVERLAP}),
    (Fate.SKIPPED, {"state": State.SKIPPED, "cause": Cause.PAUSED}),
    (Fate.SKIPPED, {"state": State.STOPPED, "cause": Cause.STOPPED, "started_at": None}),
    (Fate.NOT_STARTED, {"state": State.SCHEDULED_ERROR, "cause": Cause.NOT_STARTED, **STARTED}),
    (Fate.MISSED, {"state": State.MISSED, "cause": Cause.GRACE}),
    (Fate.LOST, {"state": State.LOST, "cause": Cause.CRASH, **STARTED}),
]


@pytest.mark.parametrize(("fate", "changes"), FATES)
def test_what_became_of_the_instant(fate: Fate, changes: dict) -> None:
    assert an_execution(**changes).fate is fate


def test_of_a_lost_execution_nobody_knows_how_long_it_took() -> None:
    times = {"started_at": NOW, "ended_at": NOW + timedelta(hours=9)}

    assert an_execution(state=State.SUCCEEDED, **times).duration == 32400
    assert an_execution(state=State.LOST, **times).duration is None
