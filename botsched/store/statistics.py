"""Counts over the table of executions. Every query is along an index, and none reads all."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    case,
    func,
    literal,
    select,
    union_all,
)

from botsched.domain.axis import Mark
from botsched.domain.execution import ACTIVE, FINAL, LATE_AFTER, UNSUCCESSFUL, Cause, State, fate_of
from botsched.domain.statistics import Bucket, JobShare, Run, Tally, stretches_back
from botsched.store.durations import seconds_between, slot_of
from botsched.store.types import Instant

MOST_COUNTED: Final = 2_000_000
"""Rows that are counted by their index alone."""

MOST_READ: Final = 50_000
"""Rows that are looked at themselves: the latest of a period."""

MOST_READ_OF_STATE: Final = 20_000
MOST_READ_OF_JOB: Final = 20_000
_MOST_JOBS: Final = 2_000

_MOMENT: Final = datetime(2000, 1, 1)


class Statistics:
    """Executions by the hour, by fate and by job."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table

    def buckets(self, start: datetime, end: datetime) -> list[Bucket]:
        """The stretches of a period in order; the earliest are left off when they are too much."""
        found: list[Bucket] = []
        counted = 0
        for first, last in stretches_back(start, end):
            if counted > MOST_COUNTED:
                break
            states = self._ended_between(first, last, latest=last == end)
            counted += states.total()
            found.append(Bucket(first, last, states))
        return found[::-1]

    def _ended_between(self, start: datetime, end: datetime, *, latest: bool) -> Counter[State]:
        columns = self._table.c
        until = columns.updated_at <= end if latest else columns.updated_at < end
        query = select(columns.state, func.count()).group_by(columns.state)
        query = query.where(columns.state.in_(sorted(FINAL)), columns.updated_at >= start, until)
        return Counter({State(row[0]): row[1] for row in self._connection.execute(query)})

    def tally(self, start: datetime, end: datetime) -> Tally:
        """The fates of due instants in the latest rows of a period."""
        columns = self._table.c
        waited = seconds_between(columns.scheduled_at, columns.started_at)
        late = waited > LATE_AFTER.total_seconds()
        rows = self._latest(
            start, end, columns.state, columns.cause, columns.due, columns.due_count,
            columns.updated_at, case((late, 1), (columns.started_at.is_not(None), 0)).label("late"),
        )  # fmt: skip
        instants = func.sum(case((rows.c.due.is_not(None), rows.c.due_count), else_=0))
        kind = rows.c.state, rows.c.cause, rows.c.late
        query = select(*kind, instants, func.count(), func.min(rows.c.updated_at)).group_by(*kind)
        found = list(self._connection.execute(query))
        whole = sum(row[4] for row in found) < MOST_READ
        tally = Tally(start if whole else min(row[5] for row in found))
        for state, cause, was_late, number, _, _ in found:
            started = None if was_late is None else _MOMENT + 2 * LATE_AFTER * int(was_late)
            tally.fates[fate_of(State(state), Cause(cause), _MOMENT, started)] += int(number)
            if state == State.SKIPPED:
                tally.skipped[Cause(cause)] += int(number)
        return tally

    def slowest(self, start: datetime, end: datetime, number: int) -> list[JobShare]:
        """The jobs that took longest on the average, in the latest rows of a period."""
        columns = self._table.c
        taken = seconds_between(columns.started_at, columns.ended_at).label("taken")
        rows = self._latest(start, end, columns.job_id, columns.job_name, taken)
        query = (
            select(rows.c.job_id, func.max(rows.c.job_name), func.count(), func.max(rows.c.taken))
            .where(rows.c.taken.is_not(None))
            .group_by(rows.c.job_id)
            .order_by(func.avg(rows.c.taken).desc(), rows.c.job_id)
            .limit(number)
        )
        return [
            JobShare(row[0], row[1], row[2], max(0.0, float(row[3])))
            for row in self._connection.execute(query)
        ]

    def failing(self, start: datetime, end: datetime) -> list[JobShare]:
        """Jobs that failed in a period, the one that failed last first."""
        columns = self._table.c
        chosen = [columns.job_id, columns.job_name, columns.updated_at, columns.id]
        each = [
            select(self._within(start, end, columns.state == state, MOST_READ_OF_STATE, chosen))
            for state in sorted(UNSUCCESSFUL)
        ]
        rows = union_all(*each).subquery()
        last = func.max(rows.c.updated_at)
        query = select(rows.c.job_id, func.max(rows.c.job_name), func.count(), func.max(rows.c.id))
        query = query.group_by(rows.c.job_id).order_by(last.desc(), rows.c.job_id)
        found = self._connection.execute(query)
        return [JobShare(row[0], row[1], row[2], last_id=row[3]) for row in found]

    def runs(self, job_id: str, limit: int) -> list[Run]:
        """The latest executions of a job, the newest update first."""
        columns = self._table.c
        query = select(
            columns.id, columns.state, columns.cause, columns.scheduled_at, columns.started_at,
            columns.ended_at, columns.updated_at, columns.retry_of,
        )  # fmt: skip
        query = query.where(columns.job_id == job_id)
        query = query.order_by(columns.updated_at.desc(), columns.id.desc()).limit(limit)
        return [
            Run(row[0], State(row[1]), Cause(row[2]), *row[3:])
            for row in self._connection.execute(query)
        ]

    def active_counts(self) -> Counter[State]:
        """How many executions have not ended, by state."""
        columns = self._table.c
        query = select(columns.state, func.count()).where(columns.state.in_(sorted(ACTIVE)))
        rows = self._connection.execute(query.group_by(columns.state))
        return Counter({State(row[0]): row[1] for row in rows})

    def jobs_between(self, start: datetime, end: datetime) -> dict[str, str]:
        """The jobs of the latest executions of a period, the latest first, with their names."""
        columns = self._table.c
        query = select(columns.job_id, columns.job_name)
        query = query.where(columns.updated_at >= start, columns.updated_at <= end)
        query = query.order_by(columns.updated_at.desc()).limit(_MOST_JOBS)
        names: dict[str, str] = {}
        for job_id, name in self._connection.execute(query):
            names.setdefault(job_id, name)
        return names

    def marks(self, job_id: str, start: datetime, end: datetime, slot: timedelta) -> list[Mark]:
        """The executions of a job that ended in a period, by slots, in order."""
        columns = self._table.c
        mine = columns.job_id == job_id
        begun = func.coalesce(columns.started_at, columns.due, columns.scheduled_at)
        ended = func.coalesce(columns.ended_at, columns.due_last, columns.updated_at)
        width = literal(slot.total_seconds())
        chosen = [
            columns.id, columns.state, columns.updated_at, begun.label("begun"),
            ended.label("ended"),
            slot_of(literal(start, Instant), columns.updated_at, width).label("slot"),
        ]  # fmt: skip
        final = and_(mine, columns.state.in_(sorted(FINAL)))
        rows = self._within(start, end, final, MOST_READ_OF_JOB, chosen)
        query = select(
            rows.c.slot, rows.c.state, func.count(), func.min(rows.c.begun),
            func.max(rows.c.ended), func.max(rows.c.id), func.min(rows.c.updated_at),
        ).group_by(rows.c.slot, rows.c.state).order_by(rows.c.slot)  # fmt: skip
        found = list(self._connection.execute(query))
        marks = _by_slot(found)
        if sum(row[2] for row in found) == MOST_READ_OF_JOB:
            return [*self._earlier(mine, start, min(row[6] for row in found)), *marks]
        return marks

    def _earlier(self, mine: Any, start: datetime, end: datetime) -> Iterable[Mark]:
        """What is only counted, not looked at."""
        columns = self._table.c
        query = select(func.count()).where(mine, columns.updated_at >= start)
        count = self._connection.execute(query.where(columns.updated_at < end)).scalar_one()
        if count:
            yield Mark(start, end, Counter(), count)

    def _latest(self, start: datetime, end: datetime, *chosen: Any) -> Subquery:
        return self._within(start, end, None, MOST_READ, list(chosen))

    def _within(
        self, start: datetime, end: datetime, where: Any, limit: int, chosen: list[Any]
    ) -> Subquery:
        """The latest rows of a period; of those for which ``where`` holds, which has an index."""
        updated: Column[Any] = self._table.c.updated_at
        query: Select[Any] = select(*chosen).where(updated >= start, updated <= end)
        if where is not None:
            query = query.where(where)
        return query.order_by(updated.desc()).limit(limit).subquery()


def _by_slot(rows: Iterable[Any]) -> list[Mark]:
    slots: dict[int, Mark] = {}
    for slot, state, count, begun, ended, id_, _ in rows:
        new = Mark(begun, ended, Counter({State(state): count}), count, id_)
        old = slots.get(int(slot))
        slots[int(slot)] = new if old is None else _joined(old, new)
    return list(slots.values())


def _joined(one: Mark, other: Mark) -> Mark:
    assert one.end is not None
    assert other.end is not None
    return Mark(
        min(one.start, other.start),
        max(one.end, other.end),
        one.states + other.states,
        one.count + other.count,
        max(one.execution_id or "", other.execution_id or ""),
    )
