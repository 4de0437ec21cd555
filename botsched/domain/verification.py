"""Whether every instant at which a job was due has exactly one recorded fate."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from botsched.domain.execution import Cause, Fate
from botsched.domain.timeline import TICK, Timeline

SHOWN = 100
"""So many findings of a kind are listed; all are counted."""


class Kind(StrEnum):
    """What may be found.

    ``MISSING``: due, and no row covers it. ``DOUBLED``: covered by more than one. ``UNEXPLAINED``:
    a row that is not as the schedule or the program would have made it. ``OPEN``: due, and rightly
    not recorded yet.
    """

    MISSING = "missing"
    DOUBLED = "doubled"
    UNEXPLAINED = "unexplained"
    OPEN = "open"


FAULTS = (Kind.MISSING, Kind.DOUBLED, Kind.UNEXPLAINED)
_RAN = frozenset({Fate.RAN, Fate.LATE})
"""What ran needs no reason, and often has nothing to say."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a row says of the due instants it covers: ``count`` of them from ``due`` to ``last``."""

    execution_id: str
    due: datetime
    last: datetime
    count: int
    fate: Fate
    cause: Cause
    has_reason: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """``count`` instants from ``first`` to ``last`` of a job, and what is the matter with them."""

    kind: Kind
    job_id: str
    job_name: str
    first: datetime
    last: datetime
    count: int
    why: str
    execution_id: str | None = None


@dataclass(slots=True)
class Verdict:
    """What came out for instants from ``start`` to ``end``.

    Of ``jobs``, ``partly`` are those that can be verified in a later part of the period only:
    before, their rows were removed or their versions not kept. ``fates`` and ``causes`` count due
    instants, the latter of those that were skipped. Every due instant has a fate there, or is
    missing, or open.
    """

    start: datetime
    end: datetime
    jobs: int = 0
    partly: int = 0
    due: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    causes: Counter[Cause] = field(default_factory=Counter)
    counts: Counter[Kind] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is missing, doubled or unexplained."""
        return not any(self.counts[kind] for kind in FAULTS)

    def find(self, finding: Finding) -> None:
        """Count a finding, and list it unless there are many of its kind."""
        self.counts[finding.kind] += finding.count
        if sum(each.kind is finding.kind for each in self.findings) < SHOWN:
            self.findings.append(finding)

    def add(self, other: "Verdict") -> None:
        """Add what came out for another job."""
        self.jobs += other.jobs
        self.partly += other.partly
        self.due += other.due
        self.fates += other.fates
        self.causes += other.causes
        listed = Counter(each.kind for each in self.findings)
        for finding in other.findings:
            listed[finding.kind] += 1
            if listed[finding.kind] <= SHOWN:
                self.findings.append(finding)
        self.counts += other.counts


@dataclass(frozen=True, slots=True)
class Subject:
    """A job to be verified.

    ``floor`` is the first moment that can be: before it, no version of the job is known, or rows
    were removed. From ``open_from`` on (None: never) instants may be without a row,
    for the reason ``open_why``.
    """

    job_id: str
    name: str
    timeline: Timeline
    floor: datetime
    open_from: datetime | None
    open_why: str = ""


def verify(subject: Subject, rows: Iterable[Recorded], start: datetime, end: datetime) -> Verdict:
    """Compare the rows of a job, in order of their instants, with when it was due.

    ``rows`` are those that cover an instant from ``start`` to ``end``; they are looked at once,
    one after the other.
    """
    comparison = _Comparison(subject, max(start, subject.floor), end)
    for row in rows:
        comparison.meet(row)
    comparison.finish()
    return comparison.verdict


class _Comparison:
    """Goes along due instants and rows together."""

    def __init__(self, subject: Subject, start: datetime, end: datetime) -> None:
        self._subject = subject
        self._timeline = subject.timeline
        self._start, self._end = start, end
        self._expected = self._due_from(start)
        self._covered = start - TICK
        self.verdict = Verdict(start, end, jobs=1)

    def meet(self, row: Recorded) -> None:
        """The next row."""
        if row.last < self._start:
            return
        self._miss_until(row.due - TICK)
        self._check(row)
        self._overlap(row, max(row.due, self._start), min(row.last, self._covered))
        self._cover(row, max(row.due, self._covered + TICK), min(row.last, self._end))

    def finish(self) -> None:
        """There are no more rows."""
        self._miss_until(self._end)

    def _check(self, row: Recorded) -> None:
        if not row.has_reason and row.fate not in _RAN:
            self._unexplained(row, "The row has no reason.")
        if row.due < self._subject.floor:
            return  # when it was due by then is not known
        if row.due == row.last and row.count == 1:
            if row.due != self._expected and self._timeline.count(row.due, row.due) == 0:
                self._unexplained(row, "The job was not due then.")
            return
        due = self._timeline.count(row.due, row.last)
        if due != row.count:
            instants = "1 instant" if row.count == 1 else f"{row.count} instants"
            were = "was" if due == 1 else "were"
            self._unexplained(row, f"The row stands for {instants}; {due} {were} due.")
        for instant in (row.due, row.last):
            if self._timeline.count(instant, instant) == 0:
                self._unexplained(row, f"The job was not due at {instant:%Y-%m-%d %H:%M:%S} UTC.")

    def _overlap(self, row: Recorded, first: datetime, last: datetime) -> None:
        """Find the instants that have their fate already."""
        if first <= last and (count := self._timeline.count(first, last)):
            why = "An earlier row covers it, too."
            self._find(Kind.DOUBLED, first, last, count, why, row.execution_id)

    def _cover(self, row: Recorded, first: datetime, last: datetime) -> None:
        """Count the instants that get their fate from this row."""
        if last < first:
            return
        single = first == last == self._expected
        count = 1 if single else self._timeline.count(first, last)
        self.verdict.due += count
        self.verdict.fates[row.fate] += count
        if row.fate is Fate.SKIPPED:
            self.verdict.causes[row.cause] += count
        self._covered = last
        if self._expected is not None and self._expected <= last:
            self._expected = self._due_from(last + TICK)

    def _miss_until(self, moment: datetime) -> None:
        """What was due from the last row on until then has none."""
        first, until = self._expected, min(moment, self._end)
        if first is None or first > until:
            return
        border = until + TICK
        if self._subject.open_from is not None:
            border = min(border, max(first, self._subject.open_from))
        self._without_row(Kind.MISSING, first, border - TICK, "Nothing is recorded of it.")
        self._without_row(Kind.OPEN, border, until, self._subject.open_why)
        self._expected = self._due_from(until + TICK)

    def _without_row(self, kind: Kind, first: datetime, until: datetime, why: str) -> None:
        if first > until:
            return
        due, last = self._timeline.next_from(first), self._timeline.last_until(until, first)
        if due is not None and last is not None:
            count = self._timeline.count(due, last)
            self.verdict.due += count
            self._find(kind, due, last, count, why)

    def _due_from(self, moment: datetime) -> datetime | None:
        due = self._timeline.next_from(moment)
        return None if due is None or due > self._end else due

    def _unexplained(self, row: Recorded, why: str) -> None:
        self._find(Kind.UNEXPLAINED, row.due, row.last, 1, why, row.execution_id)

    def _find(
        self,
        kind: Kind,
        first: datetime,
        last: datetime,
        count: int,
        why: str,
        execution_id: str | None = None,
    ) -> None:
        subject = self._subject
        self.verdict.find(
            Finding(kind, subject.job_id, subject.name, first, last, count, why, execution_id)
        )
