"""A clock that was far ahead and was set back: what was recorded ahead of time is due again."""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from botsched.domain.job import FAR_AHEAD, Job
from botsched.domain.timeline import Timeline
from botsched.errors import NotFoundError
from botsched.store.session import Session
from botsched.store.store import Store

log = logging.getLogger(__name__)

_PATIENCE = timedelta(minutes=10)
"""So long a clock must stay set back: after a boot, it may be the one that is wrong."""

_EARLIEST = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock is right that shows a time before this program was made."""

_JOBS = 100
"""Jobs healed in one transaction. Each is healed by itself; what is left is found at a start."""


class ClockWatch:
    """Sees at each look whether the clock was set back far.

    What the database tells of an earlier server is read at the first look only.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._latest: datetime | None = None
        self._back_since: datetime | None = None

    def begin_anew(self) -> None:
        """Another server may have scheduled meanwhile."""
        self._latest = self._back_since = None

    def look(self, now: datetime) -> None:
        """Heal what a clock left that was far ahead. Raises StoreError."""
        if now < _EARLIEST:
            return
        if self._latest is None:
            self._latest = max(_far_ahead(self._store, now).values(), default=now)
        self._latest = max(self._latest, now)
        if self._latest - now <= FAR_AHEAD:
            self._back_since = None
        elif self._back_since is None or now < self._back_since:
            self._back_since = now
            log.warning("The clock was set back by %s. If it stays so for %d minutes, what was "
                        "recorded ahead of it is due again.", _words(self._latest - now),
                        _PATIENCE // timedelta(minutes=1))  # fmt: skip
        elif now - self._back_since >= _PATIENCE:
            _heal(self._store, self._back_since, now, _words(self._latest - self._back_since))
            self._latest, self._back_since = now, None


def _far_ahead(store: Store, now: datetime) -> dict[str, datetime]:
    """Up to when jobs are recorded that are far ahead, by id."""
    jobs = store.read(lambda session: session.jobs.not_due_until(now + FAR_AHEAD))
    found = ((job.id, job.far_ahead_until(now)) for job in jobs)
    return {job_id: until for job_id, until in found if until is not None}


def _heal(store: Store, moment: datetime, now: datetime, span: str) -> None:
    """Let all jobs that are far ahead begin anew from the moment at which the clock was set back.

    What came due since then is found late by that wait, and has its fate by policy.
    """
    store.write(partial(_look_at_controls, moment, now), fenced=True)
    ids = sorted(_far_ahead(store, moment))
    for start in range(0, len(ids), _JOBS):
        portion = ids[start : start + _JOBS]
        store.write(partial(_begin_anew, portion, moment, now, span), fenced=True)
    if ids:
        log.warning("The clock was %s ahead until it was set back. What %d job(s) recorded ahead "
                    "of it counts for no instant; they are due again.", span, len(ids))  # fmt: skip


def _look_at_controls(moment: datetime, now: datetime, session: Session) -> None:
    """A hold holds from now on, and windows are looked at as they are now."""
    controls = session.controls.get()
    hold = controls.hold
    if hold is None:
        session.jobs.look_again(moment + FAR_AHEAD)
    elif hold.since > moment:
        hold = replace(hold, since=moment)
        session.controls.put(replace(controls, hold=hold), now, hold.user)


def _begin_anew(
    ids: list[str], moment: datetime, now: datetime, span: str, session: Session
) -> None:
    for job_id in ids:
        with suppress(NotFoundError):
            job = session.jobs.get_for_change(job_id)
            if job.far_ahead_until(moment) is not None:
                _release(session, job, moment, now, span)
                following = job.schedule.next_after(moment)
                version = job.version + 1
                job = replace(job, next_due=following, updated_at=now, version=version)
                session.jobs.begin_anew(job, moment)


def _release(session: Session, job: Job, moment: datetime, now: datetime, span: str) -> None:
    """Free the instants after the moment from their rows; those until then keep their fates."""
    timeline = Timeline.of(session.job_history.of(job.id))
    for row in list(session.instants.covering(job.id, moment, moment)):
        if row.last > moment:
            last = timeline.last_until(moment, row.due) or row.due
            count = max(timeline.count(row.due, last), 1)
            note = f"The clock was {span} ahead; the rest of its instants came again."
            session.executions.shorten(row.execution_id, last, count, note, now)
    note = f"The clock was {span} ahead; this row counts for no instant."
    session.executions.release(job.id, moment, note, now)
    session.job_history.remove_until(job.id, moment)


def _words(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.0f} days"
