"""Loads what a mail tells from the record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from botsched.domain.execution import Execution
from botsched.domain.outbox import Mail, MailKind, MailState
from botsched.domain.outcome import Glance
from botsched.errors import NotFoundError
from botsched.notify.digest import DigestNotice
from botsched.notify.letter import Letterhead
from botsched.notify.run import RunNotice
from botsched.notify.told import Recipients, Told
from botsched.store.session import Session

_USUAL_OF: Final = 20
"""Good runs of which the usual duration is the median."""

_UNTOLD: Final = frozenset({MailState.HELD, MailState.DIGESTED, MailState.DEAD})
_DIGESTED: Final = 200
"""A digest names at most so many ends."""


class Contents:
    """Makes notices of mails.

    ``report_title`` gives the title of a job class's reports, ``recipients`` the addresses of each
    profile by its name.
    """

    def __init__(
        self,
        letterhead: Letterhead,
        report_title: Callable[[str], str],
        recipients: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._letterhead = letterhead
        self._report_title = report_title
        self._recipients = recipients

    def notice(
        self, session: Session, mail: Mail, to: tuple[str, ...] | None = None
    ) -> RunNotice | DigestNotice:
        """What a mail tells. Raises NotFoundError when nothing of it is kept any more.

        ``to`` names whom it is for where another channel is to send it, that does not know them.
        """
        if to is None and mail.to is not None:
            to = tuple(mail.to)
        date = mail.held_until or mail.created_at
        if mail.kind is MailKind.DIGEST:
            told, total = self._digested(session, mail)
            since = _since(session, told)
            return DigestNotice(mail.id, to, self._letterhead, told, date, total, since)
        execution = session.executions.get(mail.execution_id)
        told_run = self._told(session, mail, execution)
        return RunNotice(mail.id, to, self._letterhead, told_run, date, mail.thread)

    def _told(self, session: Session, mail: Mail, execution: Execution) -> Told:
        durations = session.job_runs.durations_before(execution, _USUAL_OF)
        mails = session.outbox.of_execution(execution.id)
        return Told(
            execution,
            mail.why,
            "".join(chunk.text for chunk in session.output.get(execution.id)),
            self._report_title(execution.job_class),
            timedelta(seconds=median(durations)) if durations else None,
            session.job_runs.last_good(execution),
            self._told_to(mail),
            mail.to is not None,
            tuple(self._told_to(each) for each in mails if _is_another(each, mail)),
        )

    def _told_to(self, mail: Mail) -> Recipients:
        to = self._recipients.get(mail.profile, ()) if mail.to is None else tuple(mail.to)
        return Recipients(mail.profile, to)

    def _digested(self, session: Session, mail: Mail) -> tuple[tuple[Told, ...], int]:
        """The newest ends that a digest tells, and how many there are."""
        held, total = session.outbox.told_by(mail.resent_of or mail.id, _DIGESTED)
        ids = [each.execution_id for each in held]
        found = session.executions.by_ids(ids, "result", "report")  # may be megabytes each
        executions = {each.id: each for each in found}
        told = [
            Told(executions[each.execution_id], each.why)
            for each in held
            if each.execution_id in executions
        ]
        if not told:
            raise NotFoundError("execution", mail.execution_id)
        return tuple(told), total


def _since(session: Session, told: Sequence[Told]) -> dict[str, Glance]:
    """The last outcomes of the jobs told of that are later than what is told."""
    newest: dict[str, datetime] = {}
    for each in told:
        at = newest.get(each.execution.job_id, each.execution.updated_at)
        newest[each.execution.job_id] = max(at, each.execution.updated_at)
    last = session.outcomes.last(newest)
    return {job_id: glance for job_id, glance in last.items() if glance.at > newest[job_id]}


def _is_another(other: Mail, mail: Mail) -> bool:
    """Whether a mail tells other people, and now; one that is sent once more does not."""
    same_people = (other.profile, other.to) == (mail.profile, mail.to)
    is_told = other.kind is MailKind.RUN and other.state not in _UNTOLD
    return is_told and not same_people
