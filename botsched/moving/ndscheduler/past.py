"""The executions and the audit log of ndscheduler, counted and taken over, some rows at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Final

from botsched.domain.audit import AuditEvent
from botsched.domain.execution import Execution
from botsched.moving.ndscheduler.history import (
    Events,
    JobFacts,
    Scrubber,
    execution_of,
    former_job,
    is_unended,
    readable,
)
from botsched.moving.ndscheduler.jobs import kept_id, kept_job_id
from botsched.moving.ndscheduler.tables import EVENT_COLUMNS, EXECUTION_COLUMNS, Tables
from botsched.store.foreign import Foreign
from botsched.store.session import Session
from botsched.store.store import Store

Tell = Callable[[str, int, int], None]
"""Is told of what how many are done, and of how many."""

Known = Callable[[Callable[[Session], set[str]]], set[str]]
"""Asks the database; nothing is known where there is none yet."""

EXECUTIONS: Final = "executions"
EVENTS: Final = "lines of the audit log"

Addition = Callable[[Session], None]

_WAITING: Final = 8


@dataclass(slots=True)
class Count:
    """How many rows there are, and how many of them are not here yet and can be taken over."""

    total: int = 0
    new: int = 0
    unread: int = 0

    @property
    def present(self) -> int:
        """How many are here already."""
        return self.total - self.new - self.unread


class Past:
    """What happened there. ``jobs`` are those that could be read; of the others it knows names.

    ``unended`` is how many executions, of those not here yet, had not ended.
    """

    def __init__(
        self,
        foreign: Foreign,
        tables: Tables,
        jobs: Mapping[str, JobFacts],
        secrets: Iterable[str],
    ) -> None:
        self.counts = {EXECUTIONS: Count(), EVENTS: Count()}
        self.unended = 0
        self._foreign = foreign
        self._tables = tables
        self._scrubbed = Scrubber(secrets)
        self._jobs = {**self._former(), **jobs}

    def count(self, known: Known) -> None:
        """Look which rows are here already."""
        count = self.counts[EXECUTIONS]
        if self._tables.executions is not None:
            columns = ("eid", "state", "scheduled_time")
            for rows in self._foreign.rows(self._tables.executions, columns):
                found = {kept_id(str(row["eid"])): row for row in rows if readable(row)}
                there = known(partial(_known_executions, ids=list(found)))
                _add(count, len(rows), len(found), len(there))
                self.unended += sum(is_unended(found[each]) for each in found.keys() - there)
        count = self.counts[EVENTS]
        for number, events in self._events():
            ids = [event_id for event_id, _ in events]
            there = known(partial(_known_events, ids=ids))
            _add(count, number, len(ids), len(there))

    def take_over(self, store: Store, tell: Tell) -> None:
        """Add what is not here yet. When it is cut off, it is completed by doing it again."""
        executions = (
            (number, partial(_add_executions, executions=some))
            for number, some in self._executions()
        )
        events = ((number, partial(_add_events, events=some)) for number, some in self._events())
        for what, additions in ((EXECUTIONS, executions), (EVENTS, events)):
            for done in _written(store, additions):
                tell(what, done, self.counts[what].total)

    def _executions(self) -> Iterator[tuple[int, list[Execution]]]:
        """Some at a time, with the number of their rows."""
        if self._tables.executions is not None:
            for rows in self._foreign.rows(self._tables.executions, EXECUTION_COLUMNS):
                some = (row for row in rows if readable(row))
                yield len(rows), [execution_of(row, self._jobs, self._scrubbed) for row in some]

    def _events(self) -> Iterator[tuple[int, list[tuple[str, AuditEvent]]]]:
        """The same; equal lines are numbered from the beginning."""
        if self._tables.logs is not None:
            events = Events(self._scrubbed)
            for rows in self._foreign.rows(self._tables.logs, EVENT_COLUMNS):
                made = map(events.event_of, rows)
                yield len(rows), [event for event in made if event is not None]

    def _former(self) -> dict[str, JobFacts]:
        """All jobs of the audit log, as they were called last; those that are gone, too."""
        jobs: dict[str, JobFacts] = {}
        if self._tables.logs is not None:
            columns = ("created_time", "job_id", "job_name", "event", "description")
            for rows in self._foreign.rows(self._tables.logs, columns):
                for row in rows:
                    job_id = kept_job_id(str(row["job_id"]))
                    jobs[job_id] = former_job(row, self._scrubbed)
        return jobs


def _written(store: Store, additions: Iterable[tuple[int, Addition]]) -> Iterator[int]:
    """How many rows are written so far. Some additions wait at a time, to share a transaction."""
    done = 0
    waiting: deque[tuple[int, Future[None]]] = deque()
    for number, addition in additions:
        waiting.append((number, store.submit(addition)))
        if len(waiting) == _WAITING:
            done += _finished(*waiting.popleft())
            yield done
    for each in waiting:
        done += _finished(*each)
        yield done


def _finished(number: int, future: Future[None]) -> int:
    future.result()
    return number


def _add(count: Count, rows: int, readable_rows: int, there: int) -> None:
    count.total += rows
    count.new += readable_rows - there
    count.unread += rows - readable_rows


def _known_executions(session: Session, ids: list[str]) -> set[str]:
    return session.past.known_executions(ids)


def _known_events(session: Session, ids: list[str]) -> set[str]:
    return session.past.known_events(ids)


def _add_executions(session: Session, executions: list[Execution]) -> None:
    session.past.add_executions(executions)


def _add_events(session: Session, events: list[tuple[str, AuditEvent]]) -> None:
    session.past.add_events(events)
