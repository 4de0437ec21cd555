"""What users do with all jobs at once: hold them, and say when no job is run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from botsched.domain.audit import AuditEvent, Event, changes_between
from botsched.domain.clock import Clock
from botsched.domain.controls import Controls, Hold
from botsched.domain.job import Policy
from botsched.domain.window import Window, window_data, windows_kind
from botsched.errors import InvalidError
from botsched.execution.runner import Runner
from botsched.scheduling.settling import Look, Settled, end_pause, settle
from botsched.store.session import Session
from botsched.store.store import Store

_REASON_LIMIT = 500


class ControlService:
    """Use cases around the hold and windows. All raise StoreError when the database is away."""

    def __init__(
        self,
        store: Store,
        runner: Runner,
        clock: Clock,
        defaults: Policy,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._runner = runner
        self._clock = clock
        self._defaults = defaults
        self._wake = wake

    def get(self) -> Controls:
        """What holds now."""
        return self._store.read(lambda session: session.controls.get())

    def hold(self, reason: str, user: str) -> Hold:
        """Start nothing by schedule from now on; what is held already only gets a new reason.

        Raises InvalidError.
        """
        text = reason.strip()
        if len(text) > _REASON_LIMIT or not (text.isprintable() or not text):
            raise InvalidError({"reason": f"give one line of at most {_REASON_LIMIT} characters"})

        def edit(controls: Controls, now: datetime) -> Controls:
            since = now if controls.hold is None else controls.hold.since
            return replace(controls, hold=Hold(user, since, text))

        hold = self._change(edit, Event.HELD, text, user).hold
        assert hold is not None
        return hold

    def release(self, user: str) -> None:
        """Go on; the instants that were skipped meanwhile are recorded as such."""
        self._change(lambda controls, _: replace(controls, hold=None), Event.RELEASED, "", user)

    def set_windows(self, windows: tuple[Window, ...], user: str) -> None:
        """Replace the windows of all jobs."""
        words = windows_kind().words(windows)
        self._change(
            lambda controls, _: replace(controls, windows=windows), Event.WINDOWS, words, user
        )

    def _change(
        self, edit: Callable[[Controls, datetime], Controls], event: Event, text: str, user: str
    ) -> Controls:
        """Settle what was due under the present controls, then put the edited ones in place."""
        now = self._clock()

        def operation(session: Session) -> tuple[Controls, Settled]:
            session.touch()  # another server may be about to change them, too
            before = session.controls.get()
            after, settled = edit(before, now), Settled()
            if after != before:
                _settle_all(session, Look(now, self._defaults, before), settled)
                session.controls.put(after, now, user)
                changes = changes_between(_data(before), _data(after))
                session.audit.add(AuditEvent(event, user, now, description=text, changes=changes))
            return after, settled

        controls, settled = self._store.write(operation)
        self._runner.hold(held=controls.hold is not None)
        self._runner.submit(settled.orders)
        self._wake()
        return controls


def _data(controls: Controls) -> dict[str, Any]:
    """What holds, by the keys of requests."""
    return {
        "held": controls.hold is not None,
        "reason": controls.hold.reason if controls.hold is not None else None,
        "windows": [window_data(window) for window in controls.windows],
    }


def _settle_all(session: Session, look: Look, into: Settled) -> None:
    """Give all instants up to now their fates; no job is kept from being looked at any more."""
    active = session.executions.active_counts(look.now)
    moved = {}
    for job in session.jobs.behind(look.now):
        if job.paused:
            end_pause(session, job, look, into)
            continue
        settle(job, look, active.get(job.id, 0), into)
        moved[job.id] = job.schedule.next_after(look.now)
    into.record(session, careful=True)
    session.jobs.set_next_due(moved)
    session.jobs.look_again()
