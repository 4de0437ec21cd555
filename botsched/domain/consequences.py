"""What follows from the end of an execution: another attempt, runs of other jobs, mails."""

from dataclasses import dataclass
from typing import Final

from botsched.domain.execution import UNSUCCESSFUL, Cause, Execution, State
from botsched.domain.job import JobPolicy
from botsched.domain.mailrules import Occasion
from botsched.domain.retry import Retry


@dataclass(frozen=True, slots=True)
class Consequences:
    """``retry`` is the rule by which another attempt is made, None when this was the last one.

    ``follow_ups`` are the jobs, by id, of which a run follows. ``occasions`` are what it is, of
    that which may be mailed.
    """

    retry: Retry | None = None
    follow_ups: tuple[str, ...] = ()
    occasions: frozenset[Occasion] = frozenset()


def consequences(
    before: Execution, state: State, cause: Cause, policy: JobPolicy | None, *, has_output: bool
) -> Consequences:
    """What follows when an execution, here as it was until now, ends so.

    ``policy`` is its job's at this moment, None when the job was deleted: then nothing but mails
    follow, as from what a user stops, however it ends. A failure is mailed, and acted upon, when
    no attempt follows it; so is an attempt that was waited for and does not run.
    """
    what = occasions(state, before.attempt, has_output=has_output)
    shut_down = cause is Cause.SHUT_DOWN
    by_user = before.state is State.STOPPING or (state is State.STOPPED and not shut_down)
    if policy is None or by_user:
        return Consequences(occasions=what)
    cut_short = state in UNSUCCESSFUL or shut_down
    if cut_short and policy.retry and before.attempt < policy.retry.attempts:
        return Consequences(retry=policy.retry)
    next_jobs = policy.then_run if state is State.SUCCEEDED else None
    if failed(state, before.attempt):
        next_jobs = policy.on_failure_run
    return Consequences(follow_ups=next_jobs or (), occasions=what)


_NOT_RUN: Final = frozenset({State.MISSED, State.SKIPPED})


def failed(state: State, attempt: int) -> bool:
    """Whether a run failed whose last attempt ended so; that may not have run."""
    return state in UNSUCCESSFUL or (attempt > 1 and state in _NOT_RUN)


_OF_STATES: Final = {
    State.SUCCEEDED: Occasion.SUCCESS,
    State.FAILED: Occasion.FAILURE,
    State.SCHEDULED_ERROR: Occasion.FAILURE,
    State.TIMEOUT: Occasion.TIMEOUT,
    State.MISSED: Occasion.MISSED,
    State.SKIPPED: Occasion.SKIPPED,
    State.LOST: Occasion.LOST,
}


def occasions(state: State, attempt: int, *, has_output: bool) -> frozenset[Occasion]:
    """What it is that an execution, its run's last attempt, ended so."""
    found = {Occasion.OUTPUT} if has_output else set()
    if state in _OF_STATES:
        found.add(_OF_STATES[state])
    if attempt > 1 and state in _NOT_RUN:
        found.add(Occasion.FAILURE)
    return frozenset(found)
