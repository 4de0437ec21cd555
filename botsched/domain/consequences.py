"""What follows from the end of an execution: another attempt, runs of other jobs, a mail."""

from dataclasses import dataclass

from botsched.domain.execution import UNSUCCESSFUL, Cause, Execution, State
from botsched.domain.job import JobPolicy
from botsched.domain.outbox import is_owed
from botsched.domain.retry import Retry


@dataclass(frozen=True, slots=True)
class Consequences:
    """``retry`` is the rule by which another attempt is made, None when this was the last one.

    ``follow_ups`` are the jobs, by id, of which a run follows.
    """

    retry: Retry | None = None
    follow_ups: tuple[str, ...] = ()
    mail: bool = False


def consequences(
    before: Execution, state: State, cause: Cause, policy: JobPolicy | None, *, has_output: bool
) -> Consequences:
    """What follows when an execution, here as it was until now, ends so.

    ``policy`` is its job's at this moment, None when the job was deleted: then nothing but a mail
    follows, as from what a user stops, however it ends. A failure is mailed, and acted upon, when
    no attempt follows it; so is an attempt that was waited for and does not run.
    """
    failed = state in UNSUCCESSFUL or (before.attempt > 1 and state in _NOT_RUN)
    mail = failed or is_owed(state, has_output=has_output)
    shut_down = cause is Cause.SHUT_DOWN
    by_user = before.state is State.STOPPING or (state is State.STOPPED and not shut_down)
    if policy is None or by_user:
        return Consequences(mail=mail)
    cut_short = state in UNSUCCESSFUL or shut_down
    if cut_short and policy.retry and before.attempt < policy.retry.attempts:
        return Consequences(retry=policy.retry)
    next_jobs = policy.then_run if state is State.SUCCEEDED else None
    if failed:
        next_jobs = policy.on_failure_run
    return Consequences(follow_ups=next_jobs or (), mail=mail)


_NOT_RUN = frozenset({State.MISSED, State.SKIPPED})
