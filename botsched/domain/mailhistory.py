"""The runs before an end, as far as rules of mail ask about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import dropwhile, takewhile
from typing import Final, Self

from botsched.domain.consequences import failed
from botsched.domain.execution import State
from botsched.domain.mailrules import MailRule

LOOKED_BACK: Final = 500
"""So many attempts are looked at; of a longer incident, these are counted."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A row of the record: ``run`` is the id of the run's first attempt, ``at`` its last update."""

    run: str
    number: int
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that ended well or badly, told by its last attempt."""

    id: str
    bad: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """Bad runs in a row: the first one's id, and when it ended."""

    first: str
    failures: int
    since: datetime

    def with_another(self) -> Self:
        """It goes on."""
        return replace(self, failures=self.failures + 1)


@dataclass(frozen=True, slots=True)
class History:
    """Runs, the newest first.

    ``whole``: nothing earlier was left out. ``begun`` is what was told of the beginning of an
    incident that is older than these.
    """

    runs: Sequence[PastRun]
    whole: bool = True
    begun: tuple[str, datetime] | None = None


def is_bad(state: State, attempt: int) -> bool | None:
    """Whether the last attempt of a run ended badly; None of what says neither.

    That is what was stopped, missed or left out; but not when it was to repair a failure.
    """
    if failed(state, attempt):
        return True
    return False if state is State.SUCCEEDED else None


def runs_of(attempts: Iterable[Attempt]) -> list[PastRun]:
    """The runs of these attempts, which come the newest first.

    A run that is to be tried once more has not ended; attempts of one run are one.
    """
    last: dict[str, Attempt] = {}
    for each in attempts:
        known = last.get(each.run)
        if known is None or known.number < each.number:
            last[each.run] = each
    told = ((each, is_bad(each.state, each.number)) for each in last.values())
    return [PastRun(each.run, bad, each.at) for each, bad in told if bad is not None]


def runs_asked(rule: MailRule) -> int:
    """How many of the runs before an end decide whether it counts."""
    return max(rule.after or 1, 0 if rule.rate is None else rule.rate.of)


def incident_of(history: History) -> Incident | None:
    """The incident that these runs end with, or ended with before they were good again."""
    runs = list(dropwhile(lambda run: not run.bad, history.runs))
    bad = list(takewhile(lambda run: run.bad, runs))
    if not bad:
        return None
    first, since = bad[-1].id, bad[-1].at
    if len(bad) == len(history.runs) and history.begun is not None:
        first, since = history.begun
    return Incident(first, len(bad), since)


def is_raised(rule: MailRule, runs: Sequence[PastRun]) -> bool:
    """Whether bad ends count by this rule, after these runs."""
    after = rule.after or (None if rule.rate else 1)
    if after is not None and len(runs) >= after and all(run.bad for run in runs[:after]):
        return True
    rate = rule.rate
    return rate is not None and sum(run.bad for run in runs[: rate.of]) >= rate.failures


def raised_since(rule: MailRule, history: History) -> datetime | None:
    """Since when they have counted without a break; None when that was longer ago than is known."""
    since = None
    for start, run in enumerate(history.runs):
        if not is_raised(rule, history.runs[start:]):
            return since
        since = run.at
    return since if history.whole else None
