"""What follows from an end."""

from typing import NamedTuple

import pytest

from botsched.domain.consequences import consequences
from botsched.domain.execution import FINAL, UNSUCCESSFUL, Cause, State
from botsched.domain.job import JobPolicy
from botsched.domain.mailrules import USUAL
from botsched.domain.retry import Retry
from tests.support.values import an_execution

TWICE = Retry(attempts=2)
POLICY = JobPolicy(retry=TWICE, then_run=("b", "c"), on_failure_run=("d",))


class After(NamedTuple):
    """What follows, with whether it is mailed when the job says nothing about that."""

    retry: Retry | None = None
    follow_ups: tuple[str, ...] = ()
    mail: bool = False


MAIL = After(mail=True)


def of(
    state: State,
    policy: JobPolicy | None = POLICY,
    before: State = State.RUNNING,
    attempt: int = 1,
    *,
    cause: Cause = Cause.STOPPED,
    has_output: bool = False,
) -> After:
    execution = an_execution(state=before, attempt=attempt)
    after = consequences(execution, state, cause, policy, has_output=has_output)
    mail = not after.occasions.isdisjoint(USUAL.rules[0].on)
    return After(after.retry, after.follow_ups, mail=mail)


@pytest.mark.parametrize("state", sorted(UNSUCCESSFUL))
@pytest.mark.parametrize("has_output", [False, True])
def test_a_failure_is_tried_again_and_told_of_only_when_that_fails_too(state, has_output) -> None:
    assert of(state, has_output=has_output) == After(retry=TWICE)
    last = of(state, attempt=2, has_output=has_output)
    assert last == After(follow_ups=("d",), mail=True)


def test_a_job_may_have_had_more_attempts_before_it_was_changed() -> None:
    assert of(State.FAILED, attempt=7) == After(follow_ups=("d",), mail=True)


@pytest.mark.parametrize("attempt", [1, 2])
@pytest.mark.parametrize("has_output", [False, True])
def test_success_has_the_next_jobs_run_whichever_attempt_it_was(attempt, has_output) -> None:
    after = of(State.SUCCEEDED, attempt=attempt, has_output=has_output)

    assert after == After(follow_ups=("b", "c"), mail=has_output)


@pytest.mark.parametrize("state", [State.MISSED, State.SKIPPED])
def test_an_attempt_that_was_waited_for_and_does_not_run_leaves_a_failure(state) -> None:
    after = of(state, before=State.SCHEDULED, attempt=2)

    assert after == After(follow_ups=("d",), mail=True)
    assert of(state, before=State.SCHEDULED) == After()


@pytest.mark.parametrize("state", sorted(FINAL))
def test_from_what_a_user_stops_nothing_follows_however_it_ends(state) -> None:
    after = of(state, before=State.STOPPING)

    assert after == (MAIL if state in UNSUCCESSFUL else After())
    assert of(State.STOPPED, has_output=True) == MAIL


def test_what_a_shutdown_stopped_is_made_again_but_has_not_failed() -> None:
    assert of(State.STOPPED, cause=Cause.SHUT_DOWN) == After(retry=TWICE)
    assert of(State.STOPPED, attempt=2, cause=Cause.SHUT_DOWN) == After()
    assert of(State.STOPPED, before=State.STOPPING, cause=Cause.SHUT_DOWN) == After()


@pytest.mark.parametrize("policy", [None, JobPolicy()])
@pytest.mark.parametrize("state", sorted(FINAL))
def test_without_rules_or_when_the_job_was_deleted_a_mail_is_all(policy, state) -> None:
    after = of(state, policy)

    assert after == (MAIL if state in UNSUCCESSFUL else After())
    assert of(state, policy, has_output=True) == MAIL
