"""What other servers on the same database change: found by asking it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from botsched.domain.audit import Event
from botsched.domain.clock import Clock
from botsched.domain.jobversion import Change
from botsched.domain.news import Notes, Topic
from botsched.store.session import Session
from botsched.store.store import Store

_OVERLAP: Final = timedelta(seconds=10)
"""So late a row may be committed, after the moment that it bears, and still be found."""

_MOST: Final = 1000
"""Rows looked at; when there are more, all is to be fetched anew."""

_FILES: Final = frozenset({Event.FILE_ADDED, Event.FILE_MODIFIED, Event.FILE_DELETED})
_MAILS: Final = frozenset({Event.MAIL_RESENT, Event.MAIL_DISCARDED})
_CONTROLS: Final = frozenset({Event.HELD, Event.RELEASED, Event.WINDOWS})
_CHANGES: Final = frozenset(map(str, Change))

Rows = Mapping[str, tuple[Any, ...]]


class Others:
    """Remembers what it has seen of the last seconds.

    The server that schedules writes the states of executions itself; others only what users do,
    which is all in the audit log.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._scheduling: bool | None = None
        self._events: Rows = {}
        self._executions: Rows = {}
        self._running: Rows = {}

    def look(self, noted: Notes) -> bool:
        """Note what changed since the last look. Raises StoreError.

        False when that is not known: at the first look, and when this server began or ceased to
        schedule meanwhile.
        """
        scheduling = self._store.fence.open
        same, self._scheduling = self._scheduling == scheduling, None
        complete = self._store.read(
            lambda session: self._look_at(session, noted, scheduling=scheduling)
        )
        self._scheduling = scheduling
        return same and complete

    def _look_at(self, session: Session, noted: Notes, *, scheduling: bool) -> bool:
        now = self._clock()
        events = session.lately.events(_begin(now, session.lately.last_event()), _MOST)
        for each, (event, job_id) in events.items():  # in order: the last change of a job is told
            if each not in self._events:
                _note_event(event, job_id, noted)
        self._events = events
        if scheduling:
            return len(events) < _MOST
        begin = _begin(now, session.lately.last_update())
        executions = session.lately.executions(begin, _MOST)
        running = session.lately.progress()
        for each in _changed(self._executions, executions):
            noted[Topic.EXECUTION, each] = ""
        for each in _changed(self._running, running):
            noted[Topic.EXECUTION, each] = ""
            noted[Topic.OUTPUT, each] = session.lately.last_output(each)
        self._executions, self._running = executions, running
        return len(events) < _MOST and len(executions) < _MOST


def _begin(now: datetime, newest: datetime | None) -> datetime:
    """From where to look; the clock of who wrote the newest row may be behind ours."""
    return min(now, newest or now) - _OVERLAP


def _changed(before: Rows, after: Rows) -> list[str]:
    return [each for each, row in after.items() if before.get(each) != row]


def _note_event(event: Event, job_id: str, noted: Notes) -> None:
    noted[Topic.LOG, ""] = ""
    if event in _FILES:
        noted[Topic.FILE, ""] = ""
    elif event in _MAILS:
        noted[Topic.MAIL, ""] = ""
    elif event in _CONTROLS:
        noted[Topic.HOLD, ""] = ""
    elif job_id and str(event) in _CHANGES:
        noted[Topic.JOB, job_id] = event
