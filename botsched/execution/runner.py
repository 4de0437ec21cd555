"""The runner: takes recorded executions in order and sees each through to its recorded end.

One thread does all of it, waiting for the fork server, for the pipes of the running jobs, and for
what other threads ask.
"""

import logging
import os
import queue
import selectors
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial

from botsched.catalog import CatalogueDescription
from botsched.domain.clock import Clock
from botsched.domain.execution import Execution
from botsched.errors import BotsError, FencedError, StoreUnavailableError
from botsched.execution.recording import Claim, Recorder
from botsched.execution.run import End, stopped_by, unrecordable
from botsched.execution.running import RunningJobs
from botsched.execution.secrets import Secrets
from botsched.execution.waiting import Order, WaitingLine
from botsched.settings.model import ExecutionSettings

log = logging.getLogger(__name__)

_CLAIM_RETRY_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 1.0


class Runner:
    """Runs executions in processes of their own, so many at a time."""

    def __init__(self, settings: ExecutionSettings, recorder: Recorder, clock: Clock) -> None:
        self._slots = settings.slots
        self._recorder = recorder
        self._clock = clock
        self._line = WaitingLine()
        self._claiming = 0
        self._next_claim = 0.0
        self._to_stop: dict[str, End] = {}
        self._unrecorded = 0
        self._terms: dict[str, int] = {}
        self._generation = 0
        self._draining = False
        self._closing = False
        self._idle = threading.Event()
        self._commands: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector = selectors.DefaultSelector()
        self._running = RunningJobs(settings, recorder, clock, self._selector, self._ended)
        self._thread = threading.Thread(target=self._work, name="runner", daemon=True)

    def start(self) -> None:
        """Begin, without waiting for the job folders to be loaded."""
        self._thread.start()

    def catalogue(self, timeout: float | None = None) -> CatalogueDescription:
        """What is in the job folders, as last loaded; waits for the first time.

        Raises ExecutionError when they were not loaded in time, in seconds.
        """
        return self._running.starter.catalogue(timeout)

    def catalogue_anew(self, timeout: float) -> CatalogueDescription:
        """The same, after modules that changed just now were loaded, if that is done in time."""
        if self._running.starter.outdated:
            fresh = threading.Event()
            self._ask(lambda: self._running.starter.when_fresh(fresh.set))
            fresh.wait(timeout)
        return self.catalogue(timeout)

    def reload(self, timeout: float) -> bool:
        """Load the job modules anew, changed or not; whether that was done in time, in seconds.

        Raises ExecutionError when they were never loaded.
        """
        before, done = self.catalogue(timeout), threading.Event()
        self._ask(lambda: self._running.starter.reload(done.set))
        return done.wait(timeout) and self.catalogue(timeout) is not before

    def secrets(self) -> Secrets:
        """The secrets that runs may ask for, as they are now."""
        return self._running.secrets.read()

    def submit(self, orders: list[Order]) -> None:
        """Run these executions, which are recorded as scheduled; unless they are known already.

        On a server that stands by nothing is done: the one that schedules finds the record.
        """
        if orders:
            self._ask(lambda: self._accept(orders))

    def knows(self, execution_id: str) -> bool:
        """Whether this execution waits, runs, or has ended without that being recorded yet."""
        return execution_id in self._terms

    def hold(self, *, held: bool) -> None:
        """While held, start only runs that were asked for by hand; the others wait."""
        self._ask(lambda: self._line.hold(held=held))

    def stop(self, execution_id: str, user: str) -> None:
        """Stop an execution that is recorded as stopping: ask it to end, then make it."""
        self._ask(lambda: self._stop(execution_id, stopped_by(user)))

    def drain(self) -> None:
        """Start nothing more; what waits stays recorded as scheduled, for the next start."""
        self._ask(partial(setattr, self, "_draining", True))

    def resume(self) -> None:
        """Start what waits, after ``drain``."""
        self._ask(partial(setattr, self, "_draining", False))

    def abandon(self) -> None:
        """Forget what waits, and end what runs: another server has taken over."""
        self._ask(self._abandon)

    def stop_all(self) -> None:
        """Stop all that runs, because the server ends."""
        self._ask(self._running.end_all)

    def kill_all(self) -> None:
        """End all that runs, at once."""
        self._ask(self._running.kill_all)

    def wait_idle(self, timeout: float) -> bool:
        """Wait, in seconds, until nothing runs and all ends are recorded; False if it does not."""
        self._idle.clear()
        self._ask(lambda: None)
        return self._idle.wait(timeout)

    @property
    def running_count(self) -> int:
        """How many executions have a process now."""
        return len(self._running)

    @property
    def waiting_count(self) -> int:
        """How many recorded executions wait for a slot."""
        return len(self._line)

    @property
    def slots(self) -> int:
        """How many executions may have a process at a time."""
        return self._slots

    @property
    def starter_state(self) -> str:
        """``ready``, ``loading`` while changed modules are loaded, or ``restarting``."""
        return self._running.starter.state

    @property
    def starter_pid(self) -> int | None:
        """The process that starts jobs."""
        return self._running.starter.pid

    def close(self) -> None:
        """End the fork server and this thread; what still runs is killed, and lost."""
        self._ask(partial(setattr, self, "_closing", True))
        self._thread.join()

    def _ask(self, command: Callable[[], object]) -> None:
        self._commands.put(command)
        os.eventfd_write(self._wake, 1)

    def _work(self) -> None:
        self._selector.register(self._wake, selectors.EVENT_READ, self._obey)
        self._running.starter.open()
        while not self._closing:
            try:
                self._turn()
            except Exception:
                log.exception("The runner stumbled, and goes on.")
                time.sleep(0.1)
        self._running.starter.close()

    def _turn(self) -> None:
        ready = self._selector.select(self._wait())
        with self._recorder.together():
            for key, _events in ready:
                # Those before it may have ended what it is about.
                if self._selector.get_map().get(key.fd) is key:
                    key.data()
            self._claim()
            self._running.attend(time.monotonic())
        if not self._running and not self._claiming and not self._unrecorded:
            self._idle.set()

    def _wait(self) -> float:
        """How long, in seconds, nothing is to be done unless something is heard.

        Never long: the clock by which orders wait may be set, and the database may come back.
        """
        wait = min(self._running.next_moment() - time.monotonic(), _LONGEST_WAIT_SECONDS)
        if (moment := self._line.next_moment()) is not None:
            wait = min(wait, (moment - self._clock()).total_seconds())
        return max(wait, 0.0)

    def _obey(self) -> None:
        with suppress(BlockingIOError):
            os.eventfd_read(self._wake)
        with suppress(queue.Empty):
            while True:
                self._commands.get_nowait()()

    def _accept(self, orders: list[Order]) -> None:
        term = self._recorder.term
        if term is not None:
            fresh = [order for order in orders if order.execution.id not in self._terms]
            self._terms |= {order.execution.id: term for order in fresh}
            self._line.add(fresh)

    def _abandon(self) -> None:
        self._generation += 1
        self._draining = True
        self._line.clear()
        self._to_stop.clear()
        self._running.abandon_all()
        self._terms = {each: term for each, term in self._terms.items() if each in self._running}

    def _claim(self) -> None:
        self._line.call(self._clock())
        free = self._slots - len(self._running) - self._claiming
        now = time.monotonic()
        if free <= 0 or self._draining or not self._line or now < self._next_claim:
            return
        if not self._recorder.open or not self._running.starter.ready(now):
            return
        orders = self._line.take(free)
        if orders:
            self._claiming += len(orders)
            generation = self._generation
            future = self._recorder.claim([order.execution for order in orders])
            future.add_done_callback(
                lambda done: self._ask(lambda: self._claimed(orders, done, generation))
            )

    def _claimed(self, orders: list[Order], future: Future[Claim], generation: int) -> None:
        self._claiming -= len(orders)
        if generation != self._generation:
            for order in orders:
                self._line.release(order.execution.job_id)
            return
        try:
            claim = future.result()
        except BotsError as error:
            # What passes, the store has logged; a loss of the lease tells its own thread.
            if not isinstance(error, StoreUnavailableError | FencedError):
                log.warning("%s", error)
            self._try_later(orders)
            return
        if not self._recorder.open:
            # Stopped in its tracks since then, this server may have lost the lease.
            self._try_later(orders)
            return
        self._accept(claim.following)
        for order in orders:
            if end := self._to_stop.get(order.execution.id):
                self._ended(order.execution, end)
            elif order.execution.id not in claim.ids:
                # Stopped, or withheld, while it waited.
                self._terms.pop(order.execution.id, None)
                self._line.release(order.execution.job_id)
            else:
                self._running.start(order)

    def _try_later(self, orders: list[Order]) -> None:
        self._line.give_back(orders)
        self._next_claim = time.monotonic() + _CLAIM_RETRY_SECONDS

    def _stop(self, execution_id: str, ending: End) -> None:
        if not self._running.end(execution_id, ending) and execution_id in self._terms:
            self._to_stop[execution_id] = ending

    def _ended(self, execution: Execution, end: End) -> None:
        self._line.release(execution.job_id)
        if self._terms.get(execution.id, self._recorder.term) == self._recorder.term:
            self._record(execution, end, self._simplify)
        else:
            self._forget(execution.id)
            log.warning("Execution %s of job %r has ended here; the server that took over has "
                        "recorded it as lost.", execution.id, execution.job_name)  # fmt: skip

    def _record(
        self,
        execution: Execution,
        end: End,
        otherwise: Callable[[Execution, End, BaseException], None],
    ) -> None:
        """Record an end, and have run what follows from it.

        ``otherwise`` is told when the database does not take it.
        """
        self._unrecorded += 1

        def recorded(future: Future[list[Order]]) -> None:
            self._unrecorded -= 1
            self._forget(execution.id)
            if error := future.exception():
                log.error("The end of execution %s could not be recorded: %s", execution.id, error)
                otherwise(execution, end, error)
            else:
                self._accept(future.result())

        future = self._recorder.end(execution, end)
        future.add_done_callback(lambda done: self._ask(lambda: recorded(done)))

    def _forget(self, execution_id: str) -> None:
        self._terms.pop(execution_id, None)
        self._to_stop.pop(execution_id, None)

    def _simplify(self, execution: Execution, end: End, error: BaseException) -> None:
        """Leave out all that may be at fault, so that the row does not stay running for ever."""
        if not isinstance(error, StoreUnavailableError | FencedError):
            self._record(execution, unrecordable(end, error), lambda *_: None)
