"""The mails that must follow, with the past in a database: as it is recorded in a server's life."""

from dataclasses import replace
from datetime import timedelta

from botsched.domain.execution import Cause, Execution, State
from botsched.domain.job import Job, JobPolicy
from botsched.domain.mailing import Owed
from botsched.domain.outbox import Mail, MailState
from botsched.domain.retry import Retry
from botsched.execution.mailing import owe_of_unrun
from botsched.execution.recording import record_end
from botsched.execution.run import End
from botsched.store.session import Session
from botsched.store.store import Store
from tests.support.mailcases import CASES, ENDS, Case, Run, told
from tests.support.values import a_job, an_execution

UNRUN = {State.MISSED, State.SKIPPED}
MINUTE = timedelta(minutes=1)


def job_of(case: Case) -> Job:
    retry = Retry(2, MINUTE, jitter=0.0) if ">" in case.runs else None
    return a_job(name=case.title, policy=JobPolicy(mail=case.own_rules, retry=retry))


def ends(session: Session, case: Case, job: Job, run: Run, report: int) -> list[Execution]:
    """Record a run; gives its attempts."""
    states = [ENDS[each] for each in run.ends]
    first = an_execution(job_id=job.id, job_name=job.name, updated_at=run.at)
    if states == [state for state in states if state in UNRUN]:
        row = replace(first, state=states[0], ended_at=run.at)
        session.executions.add([row])
        owe_of_unrun(session, [(row, case.policy)])
        return [row]
    session.executions.add([first])
    attempts = [first]
    for number, state in enumerate(states, 1):
        at = run.at - (len(states) - number) * MINUTE
        if state not in UNRUN:
            session.executions.move(attempts[-1].id, State.RUNNING, at)
        orders = record_end(session, attempts[-1], end(state, run, report), at, case.policy)
        attempts += [order.execution for order in orders]
    return attempts


def end(state: State, run: Run, report: int) -> End:
    said = {"report": [{"type": "text", "text": str(report)}], "output_bytes": 1}
    if not run.output:  # a report is output: so the result tells whether there is anything new
        said = {"result": {"n": report, "same": [1.5, None]}}
    return End(state, Cause.STOPPED if state is State.STOPPED else Cause.RETURNED, "", said)


def as_owed(mail: Mail) -> Owed:
    assert mail.why is not None
    assert (mail.state is MailState.HELD) == (mail.held_until is not None)
    assert (mail.next_attempt_at is None) == (mail.held_until is not None)
    to = None if mail.to is None else tuple(mail.to)
    return Owed(mail.profile, to, mail.why, mail.held_until, mail.thread)


def mails_of(session: Session, attempts: list[Execution]) -> list[Owed]:
    return [as_owed(mail) for each in attempts for mail in session.outbox.of_execution(each.id)]


def test_mails_that_must_follow(store: Store) -> None:
    found: dict[str, list[str]] = {}
    for case in CASES:
        job = job_of(case)
        store.write(lambda session, job=job: session.jobs.add(job))

        def live(session: Session, case: Case = case, job: Job = job) -> list[list[Owed]]:
            report, mails = 0, []
            for run in case.history():
                report += run.ends[-1] == "*"
                mails.append(mails_of(session, ends(session, case, job, run, report)))
            session._connection.execute(session._schema.outbox.delete())
            return mails

        found[case.title] = [told(each) for each in store.write(live)]

    assert found == {case.title: case.mails.split() for case in CASES}
