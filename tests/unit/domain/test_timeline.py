"""When a job was due, over several versions of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from botsched.domain.jobversion import Change, JobVersion
from botsched.domain.timeline import TICK, Timeline
from tests.support.values import NOW, a_job, cron

MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return NOW + minutes * MINUTE


def version(since: float, minutes: str, change: Change = Change.MODIFIED) -> JobVersion:
    job = replace(a_job(), schedule=cron(minute=minutes))
    return JobVersion.of(job, change, "ann", at(since), at(since))


def dues(timeline: Timeline, first: datetime, last: datetime) -> list[float]:
    """All due instants, in minutes, found one by one."""
    found = []
    moment = timeline.next_from(first)
    while moment is not None and moment <= last:
        found.append((moment - NOW) / MINUTE)
        moment = timeline.next_from(moment + TICK)
    return found


def test_each_version_decides_until_the_next_does() -> None:
    timeline = Timeline.of([version(0, "*/10"), version(15, "*/5"), version(30.5, "0")])

    assert dues(timeline, at(-60), at(130)) == [0, 10, 15, 20, 25, 30, 60, 120]


def test_a_deleted_job_is_never_due_again() -> None:
    timeline = Timeline.of([version(0, "*/10"), version(10.5, "*", Change.DELETED)])

    assert dues(timeline, at(0), at(100)) == [0, 10]
    assert timeline.next_from(at(11)) is None


def test_a_version_that_a_later_one_overtook_decides_nothing() -> None:
    timeline = Timeline.of([version(0, "*/10"), version(50, "*"), version(25, "*/20")])

    assert dues(timeline, at(0), at(80)) == [0, 10, 20, 40, 60, 80]


def test_versions_of_the_same_moment_leave_the_last() -> None:
    timeline = Timeline.of([version(0, "*"), version(0, "*/5"), version(0, "*/10")])

    assert dues(timeline, at(0), at(20)) == [0, 10, 20]


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(["*/7", "*/20", "3", "0,30"])), max_size=6
    ),
    st.integers(-10, 400),
    st.integers(-10, 400),
)
def test_counts_and_last_instants_are_as_when_looked_at_one_by_one(changes, first, last) -> None:
    timeline = Timeline.of([version(since, minutes) for since, minutes in sorted(changes)])
    expected = dues(timeline, at(first), at(last))

    assert timeline.count(at(first), at(last)) == len(expected)
    found = timeline.last_until(at(last), at(first))
    assert (None if found is None else (found - NOW) / MINUTE) == (expected or [None])[-1]
