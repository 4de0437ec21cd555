"""What keeps a job from running, and when."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botsched.domain.clock import NEVER
from botsched.domain.closures import TICK, Closure, closures_of, stretches
from botsched.domain.controls import Controls, Hold
from botsched.domain.execution import Cause, State
from botsched.domain.fates import decide
from botsched.domain.job import JobPolicy, Missed
from botsched.domain.window import windows_kind
from tests.support.values import DEFAULTS, NOW, a_job, cron

HOUR = timedelta(hours=1)
NONE = Controls()
HOLD = Controls(hold=Hold("ann", NOW - HOUR, "the disk is full"))


def windows(*data: tuple[str, str, int]):
    return windows_kind().read(
        [{"name": name, "crontab": text, "duration": length} for name, text, length in data]
    )


def told(job, controls: Controls) -> list[tuple]:
    found = closures_of(job, controls, NOW - 2 * HOUR, NOW)
    return [(each.cause, each.end, each.reason) for each in found]


def test_nothing_keeps_an_ordinary_job_from_running() -> None:
    assert told(a_job(), NONE) == []


def test_a_pause_says_who_made_it_and_until_when() -> None:
    paused = {"paused_at": NOW - HOUR, "paused_by": "bob"}

    assert told(a_job(**paused), NONE) == [
        (Cause.PAUSED, NEVER, "The job was paused by bob at 2027-03-01 11:00:00 UTC.")
    ]
    assert told(a_job(**paused, paused_until=NOW), NONE) == [
        (
            *(Cause.PAUSED, NOW),
            "The job was paused by bob at 2027-03-01 11:00:00 UTC, until 2027-03-01 12:00:00 UTC.",
        )
    ]


def test_the_hold_says_who_wants_it_since_when_and_why() -> None:
    reason = "All jobs are held by ann since 2027-03-01 11:00:00 UTC: the disk is full."

    assert told(a_job(), HOLD) == [(Cause.HOLD, NEVER, reason)]


def test_windows_of_all_and_of_the_job_say_their_names_and_ends() -> None:
    job = a_job(policy=JobPolicy(windows=windows(("own", "30 11 * * *", 60))))

    assert told(job, Controls(windows=windows(("all", "0 11 * * *", 7200)))) == [
        (
            *(Cause.WINDOW, NOW + HOUR),
            "In the maintenance window 'all', until 2027-03-01 13:00:00 UTC.",
        ),
        (
            *(Cause.WINDOW, NOW - HOUR / 2 + timedelta(minutes=1)),
            "In the maintenance window 'own', until 2027-03-01 11:31:00 UTC.",
        ),
    ]


@pytest.mark.timeout(20)
def test_before_very_many_windows_nothing_is_run() -> None:
    job = a_job(policy=JobPolicy(Missed.ALL, timedelta(days=3650), 9, queue=9999))
    often = Controls(windows=windows(("often", "* * * * *", 30)))
    first = NOW - timedelta(days=365)
    seconds = cron(second="*")

    found = closures_of(job, often, first, NOW)
    decisions = decide(seconds, first, NOW, job.policy.over(DEFAULTS), 0, found)

    assert (decisions[0].state, decisions[0].cause) == (State.MISSED, Cause.LIMIT)
    assert decisions[0].reason == "Too long ago: the window 'often' was open 100 times since."
    assert len(found) == 101
    assert sum(each.count for each in decisions) == seconds.count(first, NOW)


SPANS = st.lists(st.tuples(st.integers(-50, 150), st.integers(1, 60)), max_size=6)


@given(SPANS, st.integers(0, 100))
def test_stretches_cover_all_the_time_once_and_in_order(spans, length) -> None:
    closures = sorted(
        (
            Closure(NOW + start * TICK, NOW + (start + length) * TICK, Cause.WINDOW, "")
            for start, length in spans
        ),
        key=lambda each: each.start,
    )
    end = NOW + length * TICK

    found = list(stretches(NOW, end, closures))

    at = NOW
    for stretch in found:
        assert stretch.start == at <= stretch.end
        for moment in (stretch.start, stretch.end):
            covered = any(closure.covers(moment) for closure in closures)
            assert covered == (stretch.closure is not None)
        at = stretch.end + TICK
    assert at == end + TICK
