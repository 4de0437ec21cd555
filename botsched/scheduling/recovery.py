"""Found again: what the record says was going on when a server ended without a word."""

import logging
from datetime import datetime

from botsched.domain.execution import Cause, Execution, State
from botsched.domain.instance import Instance
from botsched.domain.job import Policy
from botsched.execution.following import orders_of
from botsched.execution.processes import (
    boot_id,
    has_ended,
    kill_group,
    kill_strays,
    start_time,
)
from botsched.execution.recording import record_end
from botsched.execution.run import End
from botsched.execution.waiting import Order
from botsched.store.session import Session
from botsched.store.store import Store

log = logging.getLogger(__name__)


def recover(
    store: Store,
    defaults: Policy,
    now: datetime,
    former: Instance | None = None,
) -> list[Order]:
    """Settle what an earlier server left open, and give what is to be run.

    That is what it recorded and did not start, and what follows from the loss of what ran.
    ``former`` is the server from which this one took over. Only to be called by the server that
    schedules, while it runs nothing.
    """
    gone = store.read(lambda s: s.executions.in_state(State.RUNNING, State.STOPPING))
    waiting = store.read(lambda s: s.executions.in_state(State.SCHEDULED))
    for execution in gone:
        _end_process(execution)
    kill_strays(execution.id for execution in gone)

    def operation(session: Session) -> tuple[list[Order], list[Order]]:
        ends = [(execution, _lost(execution, former)) for execution in gone]
        in_time = []
        held = session.controls.get().hold is not None
        for order in orders_of(session, waiting, defaults):
            execution, policy = order.execution, order.policy
            if not held and _is_too_late(execution, policy, now):
                ends.append((execution, _too_late(policy)))
            else:
                in_time.append(order)
        following: list[Order] = []
        for execution, end in ends:
            following += record_end(session, execution, end, now, defaults)
        return in_time, following

    in_time, following = store.write(operation, fenced=True)
    if gone:
        lost = "1 execution is" if len(gone) == 1 else f"{len(gone)} executions are"
        log.warning("%s lost: the server that ran what was going on is gone.", lost)
    if waiting:
        missed = len(waiting) - len(in_time)
        log.info("Runs that waited for the start: %d to be run, %d missed.", len(in_time), missed)
    return in_time + following


def _end_process(execution: Execution) -> None:
    """Kill the run if it is still there: nobody hears it, and it may start once more."""
    if execution.pid is None or execution.boot_id != boot_id():
        return
    if start_time(execution.pid) == execution.pid_started:
        kill_group(execution.pid)


def _lost(execution: Execution, former: Instance | None) -> End:
    here = execution.boot_id == boot_id()
    if former is not None and former.boot_id == execution.boot_id and not has_ended(former):
        reason = f"The server that ran it ({former}) was cut off or froze, and another took over."
        rest = "" if here else f" Whether it still runs on {former.host} is not known here."
        return End(State.LOST, Cause.CRASH, reason + rest)
    if here:
        reason = "The server ended unexpectedly while it ran."
        return End(State.LOST, Cause.CRASH, reason)
    return End(State.LOST, Cause.REBOOT, "The machine restarted while it ran.")


def _is_too_late(execution: Execution, policy: Policy, now: datetime) -> bool:
    """What waits in a queue may wait however long."""
    limit = policy.latest_start
    return limit is not None and not policy.queue and now - execution.scheduled_at > limit


def _too_late(policy: Policy) -> End:
    seconds = policy.latest_start.total_seconds() if policy.latest_start is not None else 0
    reason = (
        "The server ended before it could start, and came back more than "
        f"{seconds:g} s after it was due."
    )
    return End(State.MISSED, Cause.GRACE, reason)
