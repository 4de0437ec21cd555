"""The runs that have a process: their output, their limits, their ends."""

import logging
import math
import os
import selectors
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial

from botsched.domain.clock import Clock
from botsched.domain.execution import Cause, Execution, State
from botsched.errors import ExecutionError
from botsched.execution.capture import Capture
from botsched.execution.forkserver_link import ForkServerLink
from botsched.execution.processes import group_lives, kill_group, kill_strays
from botsched.execution.progress import Progress
from botsched.execution.recording import Recorder
from botsched.execution.run import FENCED, SHUT_DOWN, End, Run, call_of, end_of, over_time
from botsched.execution.secrets import SecretsFile
from botsched.execution.starter import Message, Starter
from botsched.execution.waiting import Order
from botsched.job.masking import Mask
from botsched.settings.model import ExecutionSettings

log = logging.getLogger(__name__)

_FLUSH_SECONDS = 0.2
_LOOK_SECONDS = 0.1
_DRAIN_SECONDS = 1.0
"""How long output is waited for when a job has ended but something it started has not."""


class RunningJobs:
    """Belongs to the runner's thread. ``ended`` is told of each execution that left its slot."""

    def __init__(
        self,
        settings: ExecutionSettings,
        recorder: Recorder,
        clock: Clock,
        selector: selectors.BaseSelector,
        ended: Callable[[Execution, End], None],
    ) -> None:
        self._settings = settings
        self._recorder = recorder
        self._clock = clock
        self._selector = selector
        self._ended = ended
        self._runs: dict[str, Run] = {}
        self._next_flush = 0.0
        self.secrets = SecretsFile(settings.secrets)
        self.starter = Starter(settings, selector, self._heard, self._starter_gone)

    def __len__(self) -> int:
        return len(self._runs)

    def __contains__(self, execution_id: str) -> bool:
        return execution_id in self._runs

    def start(self, order: Order) -> None:
        """Give an execution, claimed already, a process."""
        execution = order.execution
        limit = order.policy.time_limit
        secrets = self.secrets.read()
        values = secrets.named_in(execution.arguments)
        mask = Mask(values.values())
        try:
            outcome_file, progress, capture = _open_ends(self._clock, mask)
        except OSError as error:
            reason = f"No process could be started for it: {error.strerror}."
            self._ended(execution, End(State.SCHEDULED_ERROR, Cause.NOT_STARTED, reason))
            return
        run = Run(
            execution,
            capture,
            outcome_file,
            progress,
            mask,
            time_limit=None if limit is None else limit.total_seconds(),
        )
        self._runs[execution.id] = run
        descriptors = (*run.capture.writers, run.outcome_file, run.progress.file)
        call = call_of(execution, self._settings.data_dir, values, secrets.why_not)
        try:
            run.link = self.starter.run(call, descriptors)
        except (ExecutionError, OSError) as error:
            self._finish(run, End(State.SCHEDULED_ERROR, Cause.NOT_STARTED, str(error)))
            return
        finally:
            run.capture.close_writers()
        for stream, descriptor in run.capture.readers.items():
            action = partial(self._read, run, stream, descriptor)
            self._selector.register(descriptor, selectors.EVENT_READ, action)

    def end(self, execution_id: str, ending: End) -> bool:
        """Ask a run to end so, and make it when it does not; False when there is no such run."""
        run = self._runs.get(execution_id)
        if run is None:
            return False
        if run.ending is None:
            run.ending = ending
            run.deadline = math.inf
            run.kill_at = time.monotonic() + self._settings.stop_grace
            self._signal(run, signal.SIGTERM)
        return True

    def end_all(self) -> None:
        """Ask all to end, because the server does."""
        for execution_id in list(self._runs):
            self.end(execution_id, SHUT_DOWN)

    def abandon_all(self) -> None:
        """Ask all to end, because another server has taken over."""
        for execution_id in list(self._runs):
            self.end(execution_id, FENCED)

    def kill_all(self) -> None:
        """Make all end at once."""
        for run in self._runs.values():
            self._kill(run)

    def next_moment(self) -> float:
        """When ``attend`` is to be called next, on the monotonic clock."""
        moments = [run.next_moment for run in self._runs.values()]
        return min(moments, default=math.inf) if not self._runs else min(*moments, self._next_flush)

    def attend(self, now: float) -> None:
        """Store output that came, and end what is over its time."""
        if now >= self._next_flush:
            self._next_flush = now + _FLUSH_SECONDS
            for run in self._runs.values():
                run.progress.look(now)
                if run.has_news:
                    run.process_stored = bool(run.process)
                    self._recorder.progress(run)
        for run in [run for run in self._runs.values() if run.next_moment <= now]:
            if now >= run.drain_until:
                self._finish(run)
            elif now >= run.kill_at:
                self._kill(run)
            elif now >= run.look_at:
                self._look_for_rest(run)
            elif now >= run.deadline and run.time_limit is not None:
                self.end(run.execution.id, over_time(run.time_limit))
        in_use = {run.link.pid for run in self._runs.values() if run.link is not None}
        self.starter.attend(now, in_use)

    def _heard(self, message: Message) -> None:
        run = self._runs.get(message["execution"])
        if run is None:
            return
        match message["what"]:
            case "started":
                run.started_at = self._clock()
                run.process = {"pid": message["pid"]}
                if run.time_limit is not None and run.ending is None:
                    run.deadline = time.monotonic() + run.time_limit
            case "refused":
                reason = f"No process could be started for it: {message['error']}."
                self._finish(run, End(State.SCHEDULED_ERROR, Cause.NOT_STARTED, reason))
            case "ended":
                self._process_ended(run, message)

    def _process_ended(self, run: Run, message: Message) -> None:
        run.exit_status = message["status"]
        run.usage = {"cpu_seconds": message["cpu_seconds"], "max_rss": message["max_rss"]}
        run.deadline = math.inf
        if run.ending is None:
            self._wind_up(run)
        else:
            self._look_for_rest(run)

    def _look_for_rest(self, run: Run) -> None:
        """Of a run that was told to end, all of its processes may take the time they were given."""
        if group_lives(run.process["pid"]):
            if run.kill_at == math.inf:
                # Its time is over. The kill may have come when the fork server had just seen the
                # process end, and reached nobody.
                kill_group(run.process["pid"])
            run.look_at = time.monotonic() + _LOOK_SECONDS
        else:
            kill_strays([run.execution.id])
            self._wind_up(run)

    def _wind_up(self, run: Run) -> None:
        run.kill_at = run.look_at = math.inf
        # A process that the job left behind may hold the pipes open for ever.
        run.drain_until = time.monotonic() + _DRAIN_SECONDS
        self._finish_if_over(run)

    def _read(self, run: Run, stream: str, descriptor: int) -> None:
        if not run.capture.read(stream):
            self._selector.unregister(descriptor)
            self._finish_if_over(run)

    def _finish_if_over(self, run: Run) -> None:
        if run.drain_until < math.inf and not run.capture.readers:
            self._finish(run)

    def _finish(self, run: Run, end: End | None = None) -> None:
        for descriptor in run.capture.readers.values():
            with suppress(KeyError):
                self._selector.unregister(descriptor)
        run.capture.close()
        end = end_of(run, end)
        os.close(run.outcome_file)
        run.progress.close()
        del self._runs[run.execution.id]
        self._ended(run.execution, end)

    def _starter_gone(self, link: ForkServerLink) -> None:
        reason = "The process that starts jobs ended unexpectedly, and the job with it."
        lost = [run for run in self._runs.values() if run.link is link]
        for run in lost:
            # The fork server ends its runs when it can; killed itself, it could not.
            if "pid" in run.process:
                kill_group(run.process["pid"])
        kill_strays([run.execution.id for run in lost])
        for run in lost:
            self._finish(run, End(State.LOST, Cause.CRASH, reason))

    def _kill(self, run: Run) -> None:
        run.kill_at = math.inf
        if run.exit_status is None:
            self._signal(run, signal.SIGKILL)
        else:
            kill_group(run.process["pid"])
        kill_strays([run.execution.id])

    def _signal(self, run: Run, number: int) -> None:
        if run.link is not None:
            # When the fork server is gone, so are its runs; that is found out by itself.
            with suppress(ExecutionError):
                run.link.signal(run.execution.id, number)


def _open_ends(clock: Clock, mask: Mask) -> tuple[int, Progress, Capture]:
    """The files for the outcome and the progress of a run, and its pipes.

    Raises OSError, leaving nothing open.
    """
    with ExitStack() as opened:
        outcome_file = os.memfd_create("outcome")
        opened.callback(os.close, outcome_file)
        progress = Progress(mask)
        opened.callback(progress.close)
        capture = Capture(clock, mask)
        opened.pop_all()
    return outcome_file, progress, capture
