"""Mails are owed, within the transaction in which what they tell is recorded."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from botsched.domain.consequences import occasions
from botsched.domain.execution import UNSUCCESSFUL, Execution, State
from botsched.domain.ids import new_id
from botsched.domain.job import Policy
from botsched.domain.mailhistory import (
    LOOKED_BACK,
    History,
    Incident,
    PastRun,
    incident_of,
    is_bad,
    runs_asked,
    runs_of,
)
from botsched.domain.mailing import Ended, Owed, owed
from botsched.domain.mailrules import MailRule, Occasion
from botsched.domain.outbox import Mail, MailState, audience
from botsched.execution.run import End
from botsched.store.jobs import Governing
from botsched.store.session import Session

_AT_FIRST = 20
"""Most incidents are shorter."""


def owe_of_end(
    session: Session,
    before: Execution,
    end: End,
    what: frozenset[Occasion],
    policy: Policy,
    job: Governing | None,
    at: datetime,
) -> None:
    """Owe the mails about the end of a run, of which no attempt follows.

    ``job`` is what was known of its job before this end, None when it was deleted.
    """
    run = before.retry_of or before.id
    ended = Ended(run, at, what, is_bad(end.state, before.attempt))
    record = _Record(session, before, Counts(session), end, job)
    session.outbox.add([_mail(before, each, at) for each in owed(policy, ended, record)])


def owe_of_unrun(session: Session, rows: Iterable[tuple[Execution, Policy]]) -> None:
    """Owe the mails about executions that are recorded without having run."""
    counts, mails = Counts(session), []
    for row, policy in rows:
        what = occasions(row.state, row.attempt, has_output=False)
        ended = Ended(row.id, row.updated_at, what)
        for each in owed(policy, ended, _Record(session, row, counts)):
            mail = _mail(row, each, row.updated_at)
            counts.add(mail)
            mails.append(mail)
    session.outbox.add(mails)


class Counts:
    """How many mails there were, with those that are to be added: each is counted but once."""

    def __init__(self, session: Session) -> None:
        self._counts = session.mail_counts
        self._by_rule: dict[tuple[str, int, str], int] = {}
        self._by_audience: dict[str, int] = {}

    def by_rule(self, job_id: str, rule: int, profile: str, since: datetime, most: int) -> int:
        """Mails about a job that followed from one of its rules, counted up to ``most``."""
        key = (job_id, rule, profile)
        if key not in self._by_rule:
            self._by_rule[key] = self._counts.by_rule(*key, since, most)
        return self._by_rule[key]

    def by_audience(self, whom: str, since: datetime, most: int) -> int:
        """Mails to the same people, counted up to ``most``."""
        if whom not in self._by_audience:
            self._by_audience[whom] = self._counts.by_audience(whom, since, most)
        return self._by_audience[whom]

    def add(self, mail: Mail) -> None:
        """Count one more, unless it is held."""
        if mail.state is MailState.HELD or mail.why is None or mail.job_id is None:
            return
        key = (mail.job_id, mail.why.rule, mail.profile)
        if key in self._by_rule:
            self._by_rule[key] += 1
        if mail.audience in self._by_audience:
            self._by_audience[mail.audience] += 1


@dataclass(slots=True)
class _Record:
    """What rules ask, looked up in the database when they do.

    What is kept with the job spares the look in the most frequent cases: a success behind another
    one, and a failure behind one that was mailed.
    """

    session: Session
    execution: Execution
    counts: Counts
    end: End | None = None
    job: Governing | None = None
    known: dict[int, History] = field(default_factory=dict)

    @property
    def after_success(self) -> bool:
        return self.job is not None and self.job.last_state is State.SUCCEEDED

    def runs(self, rule: MailRule) -> Sequence[PastRun]:
        if rule.rate is None and self.after_success:
            return [PastRun("", False, self.execution.updated_at)]
        history, asked = self._latest(_AT_FIRST), runs_asked(rule)
        if len(history.runs) < asked and not history.whole:
            history = self.history()
        return history.runs

    def incident(self) -> Incident | None:
        if self.after_success:
            return None
        last = self.session.mail_counts.last_incident(self.execution.job_id)
        if last is not None and self.job is not None and self.job.last_state in UNSUCCESSFUL:
            execution_id, incident = last
            if execution_id == self.job.last_execution:
                return incident
        history = self._latest(_AT_FIRST)
        if all(run.bad for run in history.runs) and not history.whole:
            history = self.history()
            if last is not None and not history.whole:
                history = replace(history, begun=(last[1].first, last[1].since))
        return incident_of(history) if history.runs and history.runs[0].bad else None

    def history(self) -> History:
        return self._latest(LOOKED_BACK)

    def _latest(self, count: int) -> History:
        if count not in self.known:
            attempts = self.session.job_runs.attempts(self.execution.job_id, count)
            own = self.execution.retry_of or self.execution.id
            found = runs_of(each for each in attempts if each.run != own) or self._noted()
            self.known[count] = History(found, whole=len(attempts) < count)
        return self.known[count]

    def _noted(self) -> list[PastRun]:
        """The last run as it is noted with the job: the record has not been kept for so long."""
        job = self.job
        if job is None or job.last_state not in UNSUCCESSFUL or self.execution.attempt > 1:
            return []
        return [PastRun(job.last_execution or "", True, job.last_at or self.execution.updated_at)]

    def has_changed(self) -> bool:
        changes = {} if self.end is None else self.end.changes
        before = self.session.job_runs.last_success(self.execution.job_id, self.execution.id)
        now = changes.get("report"), changes.get("result")
        return before is not None and _content(*now) != _content(*before)

    def was_told(self, rule: int, after: datetime) -> bool:
        return self.session.mail_counts.has_of_rule(self.execution.job_id, rule, after)

    def sent_by(self, rule: int, profile: str, since: datetime, most: int) -> int:
        return self.counts.by_rule(self.execution.job_id, rule, profile, since, most)

    def sent_to(self, whom: str, since: datetime, most: int) -> int:
        return self.counts.by_audience(whom, since, most)


def _content(report: Any, result: Any) -> str:
    """What a run came to, in a form that can be compared."""
    return json.dumps(report or result, sort_keys=True)


def _mail(execution: Execution, what: Owed, at: datetime) -> Mail:
    held = what.held_until is not None
    return Mail(
        id=new_id(),
        execution_id=execution.id,
        job_id=execution.job_id,
        profile=what.profile,
        state=MailState.HELD if held else MailState.QUEUED,
        attempts=0,
        created_at=at,
        next_attempt_at=None if held else at,
        to=None if what.to is None else list(what.to),
        why=what.why,
        audience=audience(what.profile, what.to),
        thread=what.thread,
        held_until=what.held_until,
    )
