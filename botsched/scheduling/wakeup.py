"""One wake-up of the scheduler: all that is due gets its fate in one transaction, then runs."""

from datetime import datetime

from botsched.domain.execution import State
from botsched.domain.job import Job, Policy
from botsched.errors import StoreUnavailableError
from botsched.execution.runner import Runner
from botsched.execution.waiting import Order
from botsched.scheduling.setback import ClockWatch
from botsched.scheduling.settling import Look, Settled, end_pause, settle
from botsched.store.errors import DuplicateError
from botsched.store.session import Session
from botsched.store.store import Store


class WakeUp:
    """Collects what APScheduler finds due, and where each job goes on; then commits it all."""

    def __init__(self, store: Store, runner: Runner, defaults: Policy) -> None:
        self._store = store
        self._runner = runner
        self._defaults = defaults
        self._now: datetime | None = None
        self._watch = ClockWatch(store)
        self._found: dict[str, Job] = {}
        self._due: dict[str, Job] = {}
        self._next: dict[str, datetime | None] = {}
        self._in_doubt: list[Order] = []
        self.next_due: datetime | None = None

    def begin_anew(self) -> None:
        """Another server may have scheduled meanwhile."""
        self._watch.begin_anew()

    def begin(self, now: datetime) -> list[Job]:
        """The jobs that are due; whatever an earlier wake-up left unfinished is forgotten."""
        self._due = {}
        self._next = {}
        self._watch.look(now)
        jobs = self._store.read(lambda session: session.jobs.due(now))
        self._now = now
        self._found = {job.id: job for job in jobs}
        return jobs

    def add(self, job_id: str) -> None:
        """This job is to be settled."""
        self._due[job_id] = self._found[job_id]

    def move_on(self, job_id: str, next_due: datetime | None) -> None:
        """This job is due next at that instant, or never again."""
        self._next[job_id] = next_due

    def commit(self) -> datetime | None:
        """Record all fates, hand over what is to run, and tell when to wake up next."""
        if self._due:
            try:
                self._settle(careful=False)
            except DuplicateError:
                self._settle(careful=True)
            self._due = {}
        if self._in_doubt:
            self._hand_over_recorded()
        self.next_due = self._store.read(lambda session: session.jobs.next_due())
        return self.next_due

    def _settle(self, *, careful: bool) -> None:
        attempted: list[Settled] = []

        def operation(session: Session) -> None:
            attempted.append(self._record(session, careful=careful))

        try:
            self._store.write(operation, fenced=True)
        except StoreUnavailableError:
            self._in_doubt += [order for settled in attempted for order in settled.orders]
            raise
        self._runner.submit(attempted[-1].orders)

    def _hand_over_recorded(self) -> None:
        """Hand over what was recorded although the connection was lost before that was known."""
        scheduled = self._store.read(lambda s: s.executions.in_state(State.SCHEDULED))
        recorded = {execution.id for execution in scheduled}
        orders = [order for order in self._in_doubt if order.execution.id in recorded]
        self._in_doubt = []
        self._runner.submit(orders)

    def _record(self, session: Session, *, careful: bool) -> Settled:
        assert self._now is not None
        standings = session.jobs.standings(self._due)
        look = Look(self._now, self._defaults, session.controls.get())
        active = session.executions.active_counts(self._now)
        settled = Settled()
        moved: dict[str, datetime | None] = {}
        parked: dict[str, datetime] = {}
        for job_id, job in self._due.items():
            # A job changed or moved on since it was read has been settled by whoever did it.
            if standings.get(job_id) != (job.version, job.next_due):
                continue
            if job.paused:
                end_pause(session, job, look, settled)
                continue
            left = settle(job, look, active.get(job_id, 0), settled, parking=True)
            moved[job_id] = self._next.get(job_id)
            if left is not None:
                moved[job_id], parked[job_id] = left.first, left.until
        settled.record(session, careful=careful)
        session.jobs.set_next_due(moved, parked)
        return settled
