"""Which instants run, and why the others do not."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from botsched.domain.closures import Closure
from botsched.domain.execution import Cause, State
from botsched.domain.fates import decide
from botsched.domain.job import CATCH_UP_LIMIT, Missed, Policy
from tests.support.values import NOW, cron

MINUTELY = cron(minute="*")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def policy(**changes) -> Policy:
    return Policy(**{"missed": Missed.LATEST, "misfire": HOUR, "max_instances": 1} | changes)


def fates(
    first: datetime, now: datetime, policy: Policy, active: int = 0, *closures: Closure
) -> list[tuple]:
    """The decisions about a job due every minute, short enough for a table."""
    return [
        (f"{each.first:%H:%M}", f"{each.last:%H:%M}", each.count, each.state, each.cause)
        for each in decide(MINUTELY, first, now, policy, active, closures)
    ]


def at(time: str, day: int = NOW.day) -> datetime:
    hour, minute, *second = map(int, time.split(":"))
    return NOW.replace(day=day, hour=hour, minute=minute, second=second[0] if second else 0)


ALL, SKIP = Missed.ALL, Missed.SKIP
RUN = (State.SCHEDULED, Cause.DUE)
FOLDED = (State.SKIPPED, Cause.COALESCED)
OVERLAP = (State.SKIPPED, Cause.OVERLAP)
MISSED = (State.MISSED, Cause.GRACE)
LIMIT = (State.MISSED, Cause.LIMIT)
SHUT = (State.SKIPPED, Cause.WINDOW)


def shut(start: str, end: str) -> Closure:
    return Closure(at(start), at(end), Cause.WINDOW, "Closed.")


TABLE = {
    "on time": (at("12:00"), at("12:00:00"), policy(), 0, [("12:00", "12:00", 1, *RUN)]),
    "a little late": (at("12:00"), at("12:00:50"), policy(), 0, [("12:00", "12:00", 1, *RUN)]),
    "several late, folded into the latest": (
        *(at("12:00"), at("12:05:30"), policy(), 0),
        [("12:00", "12:04", 5, *FOLDED), ("12:05", "12:05", 1, *RUN)],
    ),
    "several late, each run": (
        *(at("12:00"), at("12:02:30"), policy(missed=ALL), 0),
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
        *(at("11:50"), at("12:00:30"), policy(missed=ALL, misfire=timedelta(seconds=90)), 0),
        [
            ("11:50", "11:58", 9, *MISSED),
            ("11:59", "11:59", 1, *RUN),
            ("12:00", "12:00", 1, *RUN),
        ],
    ),
    "exactly as old as the grace": (
        *(at("12:00"), at("12:00:20"), policy(misfire=timedelta(seconds=20)), 0),
        [("12:00", "12:00", 1, *RUN)],
    ),
    "all beyond a short grace": (
        *(at("12:00"), at("12:00:21"), policy(misfire=timedelta(seconds=20)), 0),
        [("12:00", "12:00", 1, *MISSED)],
    ),
    "no grace, however late": (
        *(at("00:00", day=1), at("12:00", day=3), policy(misfire=None), 0),
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
        *(at("11:00"), at("12:00:30"), policy(missed=ALL, misfire=timedelta(seconds=100)), 1),
        [
            ("11:00", "11:58", 59, *MISSED),
            ("11:59", "11:59", 1, *RUN),
            ("12:00", "12:00", 1, *OVERLAP),
        ],
    ),
    "missed ones are not run": (
        *(at("11:50"), at("12:00:30"), policy(missed=SKIP), 0),
        [("11:50", "11:59", 10, *MISSED), ("12:00", "12:00", 1, *RUN)],
    ),
    "but those within the grace are": (
        *(at("11:50"), at("12:00:30"), policy(missed=SKIP, grace=timedelta(seconds=90)), 0),
        [
            ("11:50", "11:58", 9, *MISSED),
            ("11:59", "11:59", 1, *RUN),
            ("12:00", "12:00", 1, *OVERLAP),
        ],
    ),
    "a grace that is longer than the window": (
        *(at("12:00"), at("12:04"), policy(misfire=timedelta(), grace=4 * MINUTE), 0),
        [("12:00", "12:03", 4, *FOLDED), ("12:04", "12:04", 1, *RUN)],
    ),
    "at most two missed ones": (
        *(at("11:50"), at("12:00:30"), policy(missed=ALL, missed_limit=2), 0),
        [("11:50", "11:58", 9, *LIMIT), ("11:59", "11:59", 1, *RUN), ("12:00", "12:00", 1, *RUN)],
    ),
    "one that may wait": (
        *(at("12:00"), at("12:00"), policy(queue=2), 2),
        [("12:00", "12:00", 1, *RUN)],
    ),
    "one for which the queue is full": (
        *(at("12:00"), at("12:00"), policy(queue=2), 3),
        [("12:00", "12:00", 1, *OVERLAP)],
    ),
    "in a closed time": (
        *(at("11:00"), at("12:00:30"), policy(), 0, shut("11:00", "12:00")),
        [("11:00", "11:59", 60, *SHUT), ("12:00", "12:00", 1, *RUN)],
    ),
    "in closed times that overlap, before, between and behind them": (
        *(at("11:56"), at("12:03:30"), policy(missed=ALL), 0),
        *(shut("11:57", "11:59"), shut("11:58", "12:00"), shut("12:01", "12:02")),
        [
            ("11:56", "11:56", 1, *RUN),
            ("11:57", "11:58", 2, *SHUT),
            ("11:59", "11:59", 1, *SHUT),
            ("12:00", "12:00", 1, *RUN),
            ("12:01", "12:01", 1, *SHUT),
            ("12:02", "12:02", 1, *RUN),
            ("12:03", "12:03", 1, *RUN),
        ],
    ),
    "folded into the latest that is not closed": (
        *(at("11:56"), at("12:00"), policy(), 0, shut("11:57", "11:58"), shut("11:59", "13:00")),
        [
            ("11:56", "11:56", 1, *FOLDED),
            ("11:57", "11:57", 1, *SHUT),
            ("11:58", "11:58", 1, *RUN),
            ("11:59", "12:00", 2, *SHUT),
        ],
    ),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_every_due_instant_gets_its_fate(row: tuple) -> None:
    *given, expected = row

    assert fates(*given) == expected


def test_of_very_many_missed_instants_only_the_latest_are_run() -> None:
    first = NOW - timedelta(minutes=CATCH_UP_LIMIT + 9)

    dropped, *run = decide(
        MINUTELY, first, NOW, policy(missed=ALL, misfire=None, max_instances=2), 0
    )

    assert (dropped.first, dropped.count, dropped.state) == (first, 10, State.MISSED)
    assert f"{CATCH_UP_LIMIT}" in dropped.reason
    assert [each.first for each in run] == [
        NOW - timedelta(minutes=ago) for ago in reversed(range(CATCH_UP_LIMIT))
    ]
    assert {each.state for each in run} == {State.SCHEDULED}


@pytest.mark.parametrize("missed", [Missed.LATEST, Missed.ALL])
@pytest.mark.timeout(10)
def test_a_clock_far_ahead_is_settled_at_once(missed: Missed) -> None:
    every_second = cron(second="*")
    rules = policy(missed=missed, misfire=None)

    decisions = decide(every_second, NOW, NOW + timedelta(days=3650), rules, 0)

    assert sum(each.count for each in decisions) == 3650 * 86400 + 1
    assert len(decisions) == (2 if missed is Missed.LATEST else CATCH_UP_LIMIT + 1)


def test_a_late_run_says_how_late_it_was_found() -> None:
    (late,) = decide(MINUTELY, NOW, NOW + timedelta(seconds=59), policy(), 0)
    (_folded, later) = decide(MINUTELY, NOW, NOW + timedelta(seconds=119), policy(), 0)
    hourly = decide(cron(minute="0"), NOW, NOW + timedelta(seconds=119), policy(), 0)

    assert (late.reason, later.reason) == ("Due.", "Due.")
    assert [each.reason for each in hourly] == ["Found 119 s late."]


def test_an_overlap_says_how_many_runs_are_in_the_way() -> None:
    (one,) = decide(MINUTELY, NOW, NOW, policy(), 1)
    (two,) = decide(MINUTELY, NOW, NOW, policy(max_instances=2), 2)
    (full,) = decide(MINUTELY, NOW, NOW, policy(queue=5), 6)

    assert one.reason == "1 earlier run has not ended; 1 at a time is allowed."
    assert two.reason == "2 earlier runs have not ended; 2 at a time are allowed."
    assert full.reason == (
        "6 earlier runs have not ended; 1 at a time is allowed, and 5 more may wait."
    )


def test_what_is_missed_says_why() -> None:
    noon = NOW + timedelta(hours=2)
    (missed, *_) = decide(MINUTELY, NOW, noon, policy(missed=SKIP), 0)
    (late, *_) = decide(MINUTELY, NOW, noon, policy(), 0)
    (dropped, *_) = decide(MINUTELY, NOW, noon, policy(missed=ALL, misfire=None, missed_limit=3), 0)

    late_words = "s late: the scheduler did not run, or was busy."
    assert missed.reason == (
        f"Found more than 60 {late_words} Missed instants of this job are not run afterwards."
    )
    assert late.reason == f"Found more than 3600 {late_words}"
    assert dropped.reason == "Only the latest 3 missed instants are run afterwards."


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


CLOSED = st.lists(st.tuples(st.integers(-3600, 9 * 86400), st.integers(1, 2 * 86400)), max_size=4)


@settings(deadline=None)
@given(
    schedule=st.sampled_from(SCHEDULES),
    start=st.sampled_from([*STARTS, NOW]),
    offset=st.integers(0, 2 * 86400),
    gap=st.one_of(st.integers(0, 300), st.integers(0, 9 * 86400)),
    misfire=st.one_of(st.none(), st.integers(0, 100), st.integers(0, 5 * 86400)),
    grace=st.one_of(st.none(), st.integers(0, 100)),
    missed=st.sampled_from(Missed),
    limit=st.sampled_from([1, 2, 7, CATCH_UP_LIMIT]),
    queue=st.sampled_from([0, 2]),
    active=st.integers(0, 3),
    closed=CLOSED,
)
@example(SCHEDULES[0], NOW, 0, 9 * 86400, None, None, Missed.ALL, CATCH_UP_LIMIT, 0, 0, [])
def test_the_decisions_cover_every_due_instant_once_and_in_order(
    schedule, start, offset, gap, misfire, grace, missed, limit, queue, active, closed
) -> None:
    first = schedule.next_after(start + timedelta(seconds=offset))
    if first is None:
        return
    now = first + timedelta(seconds=gap, milliseconds=3)
    rules = policy(
        missed=missed,
        misfire=None if misfire is None else timedelta(seconds=misfire),
        grace=None if grace is None else timedelta(seconds=grace),
        max_instances=2,
        queue=queue,
        missed_limit=limit,
    )
    closures = sorted(
        (closure(first + timedelta(seconds=begin), length) for begin, length in closed),
        key=lambda each: each.start,
    )

    decisions = decide(schedule, first, now, rules, active, closures)

    assert decisions[0].first == first
    assert decisions[-1].last == schedule.last_until(now, first)
    for each, following in pairwise(decisions):
        assert schedule.next_after(each.last) == following.first
    for each in decisions:
        assert each.count == schedule.count(each.first, each.last)
        assert each.first <= each.last
        inside = [any(c.covers(end) for c in closures) for end in (each.first, each.last)]
        assert inside == [each.cause is Cause.WINDOW] * 2
    assert sum(each.count for each in decisions) == schedule.count(first, now)
    runs = [each for each in decisions if each.state is State.SCHEDULED]
    assert len(runs) <= (1 if missed is Missed.LATEST else limit)
    longest = rules.latest_start
    assert all(longest is None or now - each.first <= longest for each in runs)
    assert sum(now - each.first <= rules.on_time for each in runs) <= max(2 + queue - active, 0)


def closure(start: datetime, length: int) -> Closure:
    return Closure(start, start + timedelta(seconds=length), Cause.WINDOW, "Closed.")
