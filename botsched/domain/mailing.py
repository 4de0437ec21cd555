"""Which mails are owed when an execution ends."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from botsched.domain.job import Policy
from botsched.domain.mailhistory import (
    History,
    Incident,
    PastRun,
    incident_of,
    is_raised,
    raised_since,
)
from botsched.domain.mailholding import Held, day_begin, hold
from botsched.domain.mailrules import A_DAY, MailRule, Occasion
from botsched.domain.outbox import audience
from botsched.domain.why import RuleSource, Why

_ON_TIME: Final = 0.9
"""A reminder may come so much before its time: else that of a daily job would wait a day more."""

_OF_INCIDENTS: Final = frozenset({Occasion.BROKEN, Occasion.STILL_FAILING})


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a run, or of an instant that did not run.

    ``run`` is the id of its first attempt, ``what`` all that may be mailed of it and needs no
    history. ``bad`` is None of what is neither bad nor good.
    """

    run: str
    at: datetime
    what: frozenset[Occasion]
    bad: bool | None = None


class Record(Protocol):
    """What rules ask about the past of a job; nothing is looked up that no rule needs."""

    def runs(self, rule: MailRule) -> Sequence[PastRun]:
        """The runs before, the newest first, as far as this rule asks about them."""

    def incident(self) -> Incident | None:
        """The bad runs in a row before; None when the last one was good."""

    def history(self) -> History:
        """All runs before, as far back as is looked."""

    def has_changed(self) -> bool:
        """Whether report, or result, differ from those of the last good run before."""

    def was_told(self, rule: int, after: datetime) -> bool:
        """Whether a mail about an incident was owed by this rule after that moment."""

    def sent_by(self, rule: int, profile: str, since: datetime, most: int) -> int:
        """How many mails by this rule, through this profile, were not held; counted to ``most``."""

    def sent_to(self, whom: str, since: datetime, most: int) -> int:
        """How many mails to this audience, about all jobs, were not held; counted to ``most``."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A mail: the profile it goes through, and to whom; None for those of the profile.

    ``thread`` is the id of the first run of the incident it belongs to.
    """

    profile: str
    to: tuple[str, ...] | None
    why: Why
    held_until: datetime | None = None
    thread: str | None = None


class _Fit(NamedTuple):
    """A rule that has something of an end mailed, and through which profiles."""

    number: int
    rule: MailRule
    what: frozenset[Occasion]
    profiles: tuple[str, ...]


def owed(policy: Policy, ended: Ended, record: Record) -> list[Owed]:
    """The mails that follow from an end. Nobody is told twice through one profile."""
    fits = [
        _Fit(number, rule, what, profiles)
        for number, rule in enumerate(policy.mail.rules, 1)
        if (profiles := policy.profiles if rule.profiles is None else rule.profiles)
        and (what := _fitting(number, rule, ended, record))
    ]
    if not fits:
        return []
    incident = _incident(fits, ended, record)
    mails = [
        _mail(fit, profile, policy, ended, incident, record)
        for fit in fits
        for profile in fit.profiles
    ]
    mails.sort(key=lambda mail: mail.held_until or ended.at)
    return list(_each_once(mails, policy.mailing.addresses))


def _fitting(number: int, rule: MailRule, ended: Ended, record: Record) -> frozenset[Occasion]:
    """What of an end this rule has mailed."""
    what = ended.what.intersection(rule.on)
    if ended.bad:
        return _of_bad_end(number, rule, what, ended, record)
    if ended.bad is None:
        return what
    if Occasion.RECOVERED in rule.on and _has_recovered(rule, ended, record):
        what |= {Occasion.RECOVERED}
    if Occasion.CHANGED in rule.on and record.has_changed():
        what |= {Occasion.CHANGED}
    return what


def _of_bad_end(
    number: int, rule: MailRule, what: frozenset[Occasion], ended: Ended, record: Record
) -> frozenset[Occasion]:
    if rule.after is None and rule.rate is None and _OF_INCIDENTS.isdisjoint(rule.on):
        return what
    before = record.runs(rule)
    if not is_raised(rule, [_run(ended), *before]):
        return frozenset()
    if not is_raised(rule, before):
        what |= {Occasion.BROKEN}
    elif Occasion.STILL_FAILING in rule.on and _is_due(number, rule, ended, record):
        what |= {Occasion.STILL_FAILING}
    return what.intersection(rule.on)


def _has_recovered(rule: MailRule, ended: Ended, record: Record) -> bool:
    before = record.runs(rule)
    return is_raised(rule, before) and not is_raised(rule, [_run(ended), *before])


def _is_due(number: int, rule: MailRule, ended: Ended, record: Record) -> bool:
    """Whether it is time for a reminder: nobody was told lately, and bad ends count for so long."""
    latest = ended.at - (rule.every or A_DAY) * _ON_TIME
    if record.was_told(number, latest):
        return False
    begin = raised_since(rule, record.history())
    return begin is None or begin <= latest


def _run(ended: Ended) -> PastRun:
    return PastRun(ended.run, bool(ended.bad), ended.at)


def _incident(fits: Iterable[_Fit], ended: Ended, record: Record) -> Incident | None:
    """The incident in which this is, or which it ends."""
    if ended.bad is None:
        return None
    before = record.incident()
    if ended.bad:
        return before.with_another() if before else Incident(ended.run, 1, ended.at)
    if before is None and any(Occasion.RECOVERED in fit.what for fit in fits):
        return incident_of(record.history())
    return before


def _mail(
    fit: _Fit,
    profile: str,
    policy: Policy,
    ended: Ended,
    incident: Incident | None,
    record: Record,
) -> Owed:
    too_many = _too_many(fit, profile, policy, ended.at, record)
    held = hold(fit.rule, policy.mailing, ended.at, too_many=too_many)
    return Owed(
        profile=profile,
        to=fit.rule.to,
        why=_why(fit, policy, incident, held),
        held_until=None if held is None else held.until,
        thread=None if incident is None else incident.first,
    )


def _why(fit: _Fit, policy: Policy, incident: Incident | None, held: Held | None) -> Why:
    return Why(
        occasions=tuple(each for each in Occasion if each in fit.what),
        rule=fit.number,
        source=RuleSource.SERVER if policy.own_mail is None else RuleSource.JOB,
        failures=0 if incident is None else incident.failures,
        since=None if incident is None else incident.since,
        held=None if held is None else held.by,
    )


def _too_many(fit: _Fit, profile: str, policy: Policy, at: datetime, record: Record) -> bool:
    """Whether as many mails as may be were sent today."""
    defaults, rule = policy.mailing, fit.rule
    most = defaults.most_a_day if rule.most_a_day is None else rule.most_a_day
    most_to = defaults.most_a_day_to
    if most is None and most_to is None:
        return False
    since = day_begin(defaults.timezone, at)
    if most is not None and record.sent_by(fit.number, profile, since, most) >= most:
        return True
    whom = audience(profile, rule.to)
    return most_to is not None and record.sent_to(whom, since, most_to) >= most_to


@dataclass(slots=True)
class _Told:
    """Who is told through a profile already."""

    own: bool = False
    people: set[str] = field(default_factory=set)

    def is_news(self, mailbox: str) -> bool:
        """Whether this one is not told yet; then he is from now on."""
        before = len(self.people)
        self.people.add(mailbox)
        return len(self.people) > before


def _each_once(mails: Iterable[Owed], addresses: Mapping[str, tuple[str, ...]]) -> Iterator[Owed]:
    """The mails, the earlier ones first, without those whom an earlier one tells."""
    told: dict[str, _Told] = {}
    for mail in mails:
        known = told.setdefault(mail.profile, _Told())
        people = addresses.get(mail.profile, ()) if mail.to is None else mail.to
        left = tuple(each for each in people if known.is_news(_mailbox(each)))
        if not left and (people or known.own):
            continue
        known.own = known.own or mail.to is None
        yield mail if left == people else replace(mail, to=left)


def _mailbox(address: str) -> str:
    """What tells one from another, with words before it and without."""
    return address.rpartition("<")[2].rstrip("> ").casefold()
