"""The past of one job in memory, as rules of mail ask about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from botsched.domain.consequences import occasions
from botsched.domain.execution import State
from botsched.domain.job import Policy
from botsched.domain.mailhistory import (
    History,
    Incident,
    PastRun,
    incident_of,
    is_bad,
    runs_asked,
)
from botsched.domain.mailing import Ended, Owed, owed
from botsched.domain.mailrules import MailRule
from botsched.domain.outbox import audience
from tests.support.mailcases import ENDS, Run


@dataclass(slots=True)
class Past:
    """Gives the mails that follow from each end, and remembers both."""

    policy: Policy
    past: list[PastRun] = field(default_factory=list)
    mails: list[tuple[datetime, Owed]] = field(default_factory=list)
    reports: list[int] = field(default_factory=list)
    report: int = 0

    def after(self, run: Run) -> list[Owed]:
        """The mails about the next run."""
        state, attempt = ENDS[run.ends[-1]], len(run.ends)
        self.report += run.ends[-1] == "*"
        what = occasions(state, attempt, has_output=run.output)
        bad = is_bad(state, attempt)
        ended = Ended(f"run {len(self.past)}", run.at, what, bad)
        mails = owed(self.policy, ended, self)
        self.mails += [(run.at, mail) for mail in mails]
        if bad is not None:
            self.past.insert(0, PastRun(ended.run, bad, run.at))
        if state is State.SUCCEEDED:
            self.reports.append(self.report)
        return mails

    def runs(self, rule: MailRule) -> Sequence[PastRun]:
        return self.past[: runs_asked(rule)]

    def incident(self) -> Incident | None:
        return incident_of(self.history()) if self.past and self.past[0].bad else None

    def history(self) -> History:
        return History(self.past)

    def has_changed(self) -> bool:
        return bool(self.reports) and self.reports[-1] != self.report

    def was_told(self, rule: int, after: datetime) -> bool:
        return any(at > after and mail.why.rule == rule and mail.thread for at, mail in self.mails)

    def sent_by(self, rule: int, profile: str, since: datetime, most: int) -> int:
        return sum(
            at >= since and mail.why.rule == rule and mail.profile == profile and not mail.why.held
            for at, mail in self.mails
        )

    def sent_to(self, whom: str, since: datetime, most: int) -> int:
        return sum(
            at >= since and audience(mail.profile, mail.to) == whom and not mail.why.held
            for at, mail in self.mails
        )
