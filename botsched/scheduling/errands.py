"""What users asked of servers that stand by, for the one that schedules to do."""

from botsched.domain.execution import State, stopper
from botsched.domain.job import Policy
from botsched.execution.following import orders_of
from botsched.execution.runner import Runner
from botsched.execution.waiting import Order
from botsched.scheduling.scheduler import Scheduler
from botsched.store.session import Session
from botsched.store.store import Store


class Errands:
    """Found in the record by looking there: nothing is lost when nobody listens."""

    def __init__(
        self, store: Store, runner: Runner, scheduler: Scheduler, defaults: Policy
    ) -> None:
        self._store = store
        self._runner = runner
        self._scheduler = scheduler
        self._defaults = defaults

    def run(self) -> None:
        """Start and stop what is to be, heed the hold, and jobs that were changed."""
        waiting, to_stop, next_due, controls = self._store.read(
            lambda session: (
                session.executions.ids_in_state(State.SCHEDULED),
                session.executions.in_state(State.STOPPING),
                session.jobs.next_due(),
                session.controls.get(),
            )
        )
        self._runner.hold(held=controls.hold is not None)
        for execution in to_stop:
            self._runner.stop(execution.id, stopper(execution.reason))
        if unknown := [each for each in waiting if not self._runner.knows(each)]:
            self._runner.submit(self._store.read(lambda session: self._orders(session, unknown)))
        self._scheduler.expect(next_due)

    def _orders(self, session: Session, ids: list[str]) -> list[Order]:
        rows = [row for row in session.executions.by_ids(ids) if row.state is State.SCHEDULED]
        return orders_of(session, rows, self._defaults)
