"""Which instants run, and why the others do not."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from botsched.domain.execution import Cause, State
from botsched.domain.fates import CATCH_UP_LIMIT, Decision, decide, skip
from botsched.domain.job import Policy
from tests.support.values import NOW, cron

MINUTELY = cron(minute="*")
HOUR = timedelta(hours=1)


def policy(**changes) -> Policy:
    return Policy(**{"coalesce": True, "grace": HOUR, "max_instances": 1} | changes)


def fates(first: datetime, now: datetime, policy: Policy, active: int = 0) -> list[tuple]:
    """The decisions about a job due every minute, short enough for a table."""
    return [
        (f"{each.first:%H:%M}", f"{each.last:%H:%M}", each.count, each.state, each.cause)
        for each in decide(MINUTELY, first, now, policy, active)
    ]


def at(time: str, day: int = NOW.day) -> datetime:
    hour, minute, *second = map(int, time.split(":"))
    return NOW.replace(day=day, hour=hour, minute=minute, second=second[0] if second else 0)


RUN = (State.SCHEDULED, Cause.DUE)
FOLDED = (State.SKIPPED, Cause.COALESCED)
OVERLAP = (State.SKIPPED, Cause.OVERLAP)
MISSED = (State.MISSED, Cause.GRACE)

TABLE = {
    "on time": (at("12:00"), at("12:00:00"), policy(), 0, [("12:00", "12:00", 1, *RUN)]),
    "a little late": (at("12:00"), at("12:00:50"), policy(), 0, [("12:00", "12:00", 1, *RUN)]),
    "several late, folded into the latest": (
        *(at("12:00"), at("12:05:30"), policy(), 0),
        [("12:00", "12:04", 5, *FOLDED), ("12:05", "12:05", 1, *RUN)],
    ),
    "several late, each run": (
        *(at("12:00"), at("12:02:30"), policy(coalesce=False), 0),
        [("12:00", "12:00", 1, *RUN), ("12:01", "12:01", 1, *RUN), ("12:02", "12:02", 1, *RUN)],
    ),
    "the older ones beyond grace": (
        *(at("09:00"), at("12:00:30"), policy(), 0),
        [
            ("09:00", "11:00", 121, *MISSED),
            ("11:01", "11:59", 59, *FOLDED),
            ("12:00", "12:00", 1, *RUN),
        ],
    ),
    "the older ones beyond grace, the others run": (
        *(at("11:50"), at("12:00:30"), policy(coalesce=False, grace=timedelta(seconds=90)), 0),
        [
            ("11:50", "11:58", 9, *MISSED),
            ("11:59", "11:59", 1, *RUN),
            ("12:00", "12:00", 1, *RUN),
        ],
    ),
    "exactly as old as the grace": (
        *(at("12:00"), at("12:00:20"), policy(grace=timedelta(seconds=20)), 0),
        [("12:00", "12:00", 1, *RUN)],
    ),
    "all beyond a short grace": (
        *(at("12:00"), at("12:00:21"), policy(grace=timedelta(seconds=20)), 0),
        [("12:00", "12:00", 1, *MISSED)],
    ),
    "no grace, however late": (
        *(at("00:00", day=1), at("12:00", day=3), policy(grace=None), 0),
        [("00:00", "11:59", 3600, *FOLDED), ("12:00", "12:00", 1, *RUN)],
    ),
    "on time while an earlier run goes on": (
        *(at("12:00"), at("12:00"), policy(), 1),
        [("12:00", "12:00", 1, *OVERLAP)],
    ),
    "on time while fewer than allowed go on": (
        *(at("12:00"), at("12:00"), policy(max_instances=2), 1),
        [("12:00", "12:00", 1, *RUN)],
    ),
    "an instant that is late is run after the one that goes on": (
        *(at("11:00"), at("12:00:30"), policy(coalesce=False, grace=timedelta(seconds=100)), 1),
        [
            ("11:00", "11:58", 59, *MISSED),
            ("11:59", "11:59", 1, *RUN),
            ("12:00", "12:00", 1, *OVERLAP),
        ],
    ),
}


@pytest.mark.parametrize(
    ("first", "now", "rules", "active", "expected"), TABLE.values(), ids=TABLE.keys()
)
def test_every_due_instant_gets_its_fate(
    first: datetime, now: datetime, rules: Policy, active: int, expected: list[tuple]
) -> None:
    assert fates(first, now, rules, active) == expected


def test_of_very_many_missed_instants_only_the_latest_are_run() -> None:
    first = NOW - timedelta(minutes=CATCH_UP_LIMIT + 9)

    dropped, *run = decide(MINUTELY, first, NOW, policy(coalesce=False, grace=None), 0)

    assert (dropped.first, dropped.count, dropped.state) == (first, 10, State.MISSED)
    assert f"{CATCH_UP_LIMIT}" in dropped.reason
    assert [each.first for each in run] == [
        NOW - timedelta(minutes=ago) for ago in reversed(range(CATCH_UP_LIMIT))
    ]
    assert {each.state for each in run} == {State.SCHEDULED}


@pytest.mark.parametrize("coalesce", [True, False])
@pytest.mark.timeout(10)
def test_a_clock_far_ahead_is_settled_at_once(coalesce: bool) -> None:
    every_second = cron(second="*")
    rules = policy(coalesce=coalesce, grace=None)

    decisions = decide(every_second, NOW, NOW + timedelta(days=3650), rules, 0)

    assert sum(each.count for each in decisions) == 3650 * 86400 + 1
    assert len(decisions) == (2 if coalesce else CATCH_UP_LIMIT + 1)


def test_a_late_run_says_how_late_it_was_found() -> None:
    (late,) = decide(MINUTELY, NOW, NOW + timedelta(seconds=59), policy(), 0)
    (_folded, later) = decide(MINUTELY, NOW, NOW + timedelta(seconds=119), policy(), 0)
    hourly = decide(cron(minute="0"), NOW, NOW + timedelta(seconds=119), policy(), 0)

    assert (late.reason, later.reason) == ("Due.", "Due.")
    assert [each.reason for each in hourly] == ["Found 119 s late."]


def test_an_overlap_says_how_many_runs_are_in_the_way() -> None:
    (one,) = decide(MINUTELY, NOW, NOW, policy(), 1)
    (two,) = decide(MINUTELY, NOW, NOW, policy(max_instances=2), 2)

    assert one.reason == "1 earlier run has not ended, and 1 at a time are allowed."
    assert two.reason == "2 earlier runs have not ended, and 2 at a time are allowed."


def test_skipping_is_one_decision() -> None:
    until = NOW + timedelta(minutes=9, seconds=30)

    (decision,) = skip(MINUTELY, NOW, until, Cause.PAUSED, "Paused.")

    nine = NOW + timedelta(minutes=9)
    assert decision == Decision(NOW, nine, 10, State.SKIPPED, Cause.PAUSED, "Paused.")


def test_skipping_nothing_decides_nothing() -> None:
    before = NOW - timedelta(seconds=1)

    assert skip(MINUTELY, NOW, before, Cause.PAUSED, "Paused.") == []


SCHEDULES = [
    cron(second="*/7"),
    cron(minute="*/5"),
    cron(minute="0,1,2", second="59"),
    cron(hour="3", minute="30"),
    cron("Europe/Brussels", hour="2", minute="30"),
    cron("Europe/Brussels", minute="*/20"),
    cron("Australia/Lord_Howe", hour="1-3", minute="15"),
    cron(day_of_week="mon", hour="8-9", minute="*/10"),
    cron(year="2027", month="3", day="1", hour="12"),
]
# Before the clock of Brussels goes forward, before it goes back, and any day.
STARTS = [datetime.fromisoformat(f"{day}T00:00Z") for day in ("2027-03-27", "2027-10-30")]


@settings(deadline=None)
@given(
    schedule=st.sampled_from(SCHEDULES),
    start=st.sampled_from([*STARTS, NOW]),
    offset=st.integers(0, 2 * 86400),
    gap=st.one_of(st.integers(0, 300), st.integers(0, 9 * 86400)),
    grace=st.one_of(st.none(), st.integers(0, 100), st.integers(0, 5 * 86400)),
    coalesce=st.booleans(),
    active=st.integers(0, 3),
)
@example(SCHEDULES[0], NOW, 0, 9 * 86400, None, False, 0)
def test_the_decisions_cover_every_due_instant_once_and_in_order(
    schedule, start, offset, gap, grace, coalesce, active
) -> None:
    first = schedule.next_after(start + timedelta(seconds=offset))
    if first is None:
        return
    now = first + timedelta(seconds=gap, milliseconds=3)
    rules = policy(
        coalesce=coalesce,
        grace=None if grace is None else timedelta(seconds=grace),
        max_instances=2,
    )

    decisions = decide(schedule, first, now, rules, active)

    assert decisions[0].first == first
    assert decisions[-1].last == schedule.last_until(now, first)
    for each, following in pairwise(decisions):
        assert schedule.next_after(each.last) == following.first
    for each in decisions:
        assert each.count == schedule.count(each.first, each.last)
        assert each.first <= each.last
    assert sum(each.count for each in decisions) == schedule.count(first, now)
    runs = [each for each in decisions if each.state is State.SCHEDULED]
    assert len(runs) <= (1 if coalesce else CATCH_UP_LIMIT)
    assert all(grace is None or now - each.first <= timedelta(seconds=grace) for each in runs)
