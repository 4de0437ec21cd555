"""The record against the schedule: a record that holds, and each kind of fault planted into it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from botsched.domain.execution import Cause, Fate
from botsched.domain.jobversion import Change, JobVersion
from botsched.domain.timeline import TICK, Timeline
from botsched.domain.verification import SHOWN, Finding, Kind, Recorded, Subject, Verdict, verify
from tests.support.values import NOW, a_job, cron

MINUTE = timedelta(minutes=1)
START, END = NOW, NOW + timedelta(hours=2)
EVERY_MINUTE = 121


def at(minutes: float) -> datetime:
    return NOW + minutes * MINUTE


def a_subject(*versions: tuple[float, str], **changes) -> Subject:
    """A job of these schedules, each since so many minutes."""
    job = a_job()
    history = [
        JobVersion.of(
            replace(job, schedule=cron(minute=minutes)), Change.MODIFIED, "", NOW, at(since)
        )
        for since, minutes in versions or [(-60, "*")]
    ]
    values = {"floor": history[0].since, "open_from": None, "open_why": "It is paused."}
    return Subject("j1", "backup", Timeline.of(history), **values | changes)


def row(first: float, last: float | None = None, count: int | None = None, **changes) -> Recorded:
    """A row for the instants from ``first`` to ``last``, in minutes."""
    end = first if last is None else last
    values = {
        "execution_id": f"e{first:g}",
        "due": at(first),
        "last": at(end),
        "count": round(end - first) + 1 if count is None else count,
        "fate": Fate.RAN if last is None else Fate.SKIPPED,
        "cause": Cause.RETURNED if last is None else Cause.PAUSED,
        "has_reason": True,
    }
    return Recorded(**values | changes)


def whole(*, without: tuple[int, ...] = ()) -> list[Recorded]:
    return [row(minute) for minute in range(EVERY_MINUTE) if minute not in without]


def told(verdict: Verdict) -> list[tuple]:
    return [
        (each.kind, (each.first - NOW) / MINUTE, (each.last - NOW) / MINUTE, each.count)
        for each in verdict.findings
    ]


def whys(verdict: Verdict) -> list[str]:
    return [finding.why for finding in verdict.findings]


def test_a_record_that_holds_is_clean() -> None:
    rows = [row(0), row(1, 10), *(row(n, fate=Fate.LATE) for n in range(11, 121))]

    verdict = verify(a_subject(), rows, START, END)

    assert verdict.clean
    assert verdict.due == EVERY_MINUTE
    assert verdict.fates == {Fate.RAN: 1, Fate.SKIPPED: 10, Fate.LATE: 110}
    assert verdict.causes == {Cause.PAUSED: 10}
    assert verdict.findings == []


@pytest.mark.parametrize(
    ("without", "found"),
    [
        ((0,), [(0, 0, 1)]),
        ((120,), [(120, 120, 1)]),
        ((7, 8, 9, 50), [(7, 9, 3), (50, 50, 1)]),
        (tuple(range(121)), [(0, 120, 121)]),
    ],
)
def test_instants_without_a_row_are_missing(without, found) -> None:
    verdict = verify(a_subject(), whole(without=without), START, END)

    assert told(verdict) == [(Kind.MISSING, *each) for each in found]
    assert verdict.counts[Kind.MISSING] == len(without)
    assert verdict.due == EVERY_MINUTE
    assert not verdict.clean


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        (row(5, 9), [(5, 9, 5)]),  # the singles of 6 to 9 come after it
        (row(100, 130, 31), [(100, 120, 21)]),
    ],
)
def test_instants_of_two_rows_are_doubled(extra, found) -> None:
    rows = sorted([*whole(), extra], key=lambda each: (each.due, each.last))

    verdict = verify(a_subject(), rows, START, END)

    assert verdict.counts[Kind.DOUBLED] == sum(each[2] for each in found)
    assert verdict.counts[Kind.MISSING] == verdict.counts[Kind.UNEXPLAINED] == 0
    assert verdict.due == EVERY_MINUTE


def test_two_rows_that_overlap_double_what_both_cover() -> None:
    verdict = verify(a_subject(), [row(0, 80), row(70, 120)], START, END)

    assert told(verdict) == [(Kind.DOUBLED, 70, 80, 11)]
    assert verdict.fates == {Fate.SKIPPED: EVERY_MINUTE}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([*whole(), row(120.5)], "The job was not due then."),
        ([row(0, 120, 122)], "The row stands for 122 instants; 121 were due."),
        ([row(0, 119.5, 120), row(120)], "The job was not due at 2027-03-01 13:59:30 UTC."),
        ([*whole()[:-1], row(120, count=2)], "The row stands for 2 instants; 1 was due."),
        ([*whole()[:-1], row(120, 120, has_reason=False)], "The row has no reason."),
    ],
)
def test_a_row_that_is_not_as_it_should_be_is_unexplained(rows, why) -> None:
    verdict = verify(a_subject(), rows, START, END + MINUTE / 2)

    assert whys(verdict) == [why]
    assert verdict.counts == {Kind.UNEXPLAINED: 1}
    assert verdict.findings[0].execution_id == rows[-1 if len(rows) > 2 else 0].execution_id


def test_only_what_lies_in_the_period_is_counted() -> None:
    rows = [row(-30, 10), *(row(minute) for minute in range(11, 110)), row(110, 200)]

    verdict = verify(a_subject(), rows, START, END)

    assert verdict.clean
    assert verdict.due == EVERY_MINUTE
    assert verdict.fates[Fate.SKIPPED] == 11 + 11


def test_a_wrong_count_is_found_though_the_row_began_before() -> None:
    verdict = verify(a_subject(), [row(-30, 120, 150)], START, END)

    assert whys(verdict) == ["The row stands for 150 instants; 151 were due."]


def test_what_is_rightly_not_recorded_yet_is_open() -> None:
    subject = a_subject(open_from=at(100))

    verdict = verify(subject, whole(without=(50, *range(100, 121))), START, END)

    assert told(verdict) == [(Kind.MISSING, 50, 50, 1), (Kind.OPEN, 100, 120, 21)]
    assert whys(verdict)[1] == "It is paused."
    assert verify(subject, whole(without=tuple(range(100, 121))), START, END).clean


def test_nothing_is_asked_for_before_what_is_known() -> None:
    subject = a_subject(floor=at(60))

    verdict = verify(subject, [row(3.5), *whole(without=(30, 59, 90))], START, END)

    assert told(verdict) == [(Kind.MISSING, 90, 90, 1)]
    assert verdict.due == 61


def test_a_changed_schedule_counts_from_its_change() -> None:
    subject = a_subject((-60, "*/30"), (45, "*/50"), (45.5, "*/20"))
    rows = [row(0), row(30), row(60, 120, 4)]

    assert verify(subject, rows, START, END).clean


def test_all_are_counted_and_some_are_listed() -> None:
    verdict, other = Verdict(START, END, jobs=1), Verdict(START, END, jobs=1, due=3)
    for each in (verdict, other):
        for number in range(SHOWN - 1):
            each.find(
                Finding(Kind.MISSING, "j", "j", at(number), at(number), 2, "Nothing is recorded.")
            )
        each.find(Finding(Kind.OPEN, "j", "j", at(0), at(0), 1, "It is paused."))

    verdict.add(other)

    assert verdict.counts == {Kind.MISSING: 4 * (SHOWN - 1), Kind.OPEN: 2}
    assert len(verdict.findings) == SHOWN + 2
    assert (verdict.jobs, verdict.due) == (2, 3)


@st.composite
def records(draw) -> tuple[Subject, list[Recorded]]:
    """A job with several versions and a record of it that holds: single rows and ranges."""
    changes = draw(st.lists(st.integers(0, 110), max_size=3, unique=True))
    minutes = st.sampled_from(["*", "*/7", "3,4,50", "*/20"])
    versions = [(-60, draw(minutes)), *((each + 0.5, draw(minutes)) for each in sorted(changes))]
    subject = a_subject(*versions)
    rows = []
    moment = subject.timeline.next_from(START)
    while moment is not None and moment <= END:
        group = []
        for _ in range(draw(st.sampled_from([1, 1, 1, 2, 5, 30]))):
            if moment is not None and moment <= END:
                group.append((moment - NOW) / MINUTE)
                moment = subject.timeline.next_from(moment + TICK)
        last = group[-1] if len(group) > 1 else None
        rows.append(row(group[0], last, len(group)))
    return subject, rows


@given(records())
def test_every_record_that_holds_is_clean(record) -> None:
    subject, rows = record

    verdict = verify(subject, rows, START, END)

    assert verdict.clean
    assert verdict.due == sum(verdict.fates.values()) == sum(each.count for each in rows)


@given(records(), st.data())
def test_every_planted_fault_is_found(record, data) -> None:
    subject, rows = record
    assume(rows)
    index = data.draw(st.integers(0, len(rows) - 1))
    old = rows[index]
    kind = data.draw(st.sampled_from(["removed", "doubled", "miscounted", "off", "mute"]))
    match kind:
        case "removed":
            changed, expected = [], {Kind.MISSING: old.count}
        case "doubled":
            changed, expected = [old, old], {Kind.DOUBLED: old.count}
        case "miscounted":
            changed, expected = [replace(old, count=old.count + 1)], {Kind.UNEXPLAINED: 1}
        case "off":
            off = row((old.due - NOW) / MINUTE - 0.25)
            changed, expected = [off, old], {Kind.UNEXPLAINED: 1}
        case _:
            changed = [replace(old, has_reason=False)]
            expected = {} if old.fate is Fate.RAN else {Kind.UNEXPLAINED: 1}

    verdict = verify(subject, [*rows[:index], *changed, *rows[index + 1 :]], START - MINUTE, END)

    before = subject.timeline.count(START - MINUTE, START - TICK)
    expected = {Kind.MISSING: before} | expected if before else expected
    if kind == "removed" and before:
        expected[Kind.MISSING] = before + old.count
    assert verdict.counts == expected
    assert verdict.due == sum(verdict.fates.values()) + verdict.counts[Kind.MISSING]
