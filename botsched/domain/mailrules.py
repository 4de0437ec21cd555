"""Mail rules: on which ends of its executions a job has mails sent, and to whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from botsched.domain.window import Window
from botsched.errors import InvalidError

A_DAY: Final = timedelta(days=1)


class Occasion(StrEnum):
    """What may be mailed. An end may be several at once: a failure that gave output is two.

    ``OUTPUT``: it ended, however, and had printed or reported something. ``FAILURE``: it failed or
    could not be started; also what was to be tried once more, and then was not run. ``BROKEN``: the
    first bad end of an incident, ``STILL_FAILING`` a later one, now and then. ``RECOVERED``: the
    success that ends it. ``CHANGED``: a success with another report, or result, than the last one.
    """

    OUTPUT = "output"
    SUCCESS = "success"
    FAILURE = "failure"
    TIMEOUT = "timeout"
    MISSED = "missed"
    SKIPPED = "skipped"
    LOST = "lost"
    BROKEN = "broken"
    STILL_FAILING = "still_failing"
    RECOVERED = "recovered"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many bad runs among the last ``of``."""

    failures: int
    of: int


@dataclass(frozen=True, slots=True)
class MailRule:
    """``profiles`` are SMTP profiles and other channels by name, None those of the server; ``to``
    are addresses, None those of each profile.

    Bad ends count only from the ``after``-th bad run in a row on, or while ``rate`` is reached;
    with neither, all do. ``every`` is how often ``STILL_FAILING`` is told. ``quiet`` are times in
    which mails are held, None those of the server. Of more than ``most_a_day`` mails about a job,
    the rest is held for the digest; None leaves it to the server.
    """

    on: tuple[Occasion, ...]
    profiles: tuple[str, ...] | None = None
    to: tuple[str, ...] | None = None
    after: int | None = None
    rate: Rate | None = None
    every: timedelta | None = None
    quiet: tuple[Window, ...] | None = None
    most_a_day: int | None = None


@dataclass(frozen=True, slots=True)
class MailRules:
    """Each rule that fits an end has its mails sent; without any, none is."""

    rules: tuple[MailRule, ...]

    @property
    def profiles(self) -> frozenset[str]:
        """All profiles and channels that are named."""
        return frozenset(name for rule in self.rules for name in rule.profiles or ())


USUAL: Final = MailRules(
    (
        MailRule(
            (
                Occasion.OUTPUT,
                Occasion.FAILURE,
                Occasion.TIMEOUT,
                Occasion.LOST,
                Occasion.RECOVERED,
            )
        ),
    )
)
"""Of jobs that say nothing, on servers that say nothing."""


@dataclass(frozen=True, slots=True)
class MailDefaults:
    """What holds where a job, or a rule, says nothing.

    ``most_a_day`` limits the mails of a rule about a job, ``most_a_day_to`` all mails to the same
    people through the same profile. What is held is told at ``digest_at``, the next day begins at
    midnight, both in ``timezone``. ``addresses`` are the profiles' own, by name.
    """

    rules: MailRules = USUAL
    quiet: tuple[Window, ...] = ()
    most_a_day: int | None = None
    most_a_day_to: int | None = None
    digest_at: time = time(8)
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


def check_profiles(
    rules: MailRules | None, before: MailRules | None, known: Collection[str]
) -> None:
    """Raise InvalidError for profiles, newly named, through which the server sends no mail."""
    named = rules.profiles if rules is not None else frozenset()
    former = before.profiles if before is not None else frozenset()
    if unknown := sorted(named - former - set(known)):
        there = f"there are {', '.join(sorted(known))}" if known else "there is none"
        raise InvalidError(
            {
                "mail": f"the server has no SMTP profile or channel {unknown[0]!r:.100}; {there}. "
                "Profiles are chosen with --smtp-profile, channels are in notify.ini"
            }
        )
