"""Which mails are owed when an execution ends."""

from collections.abc import Iterator

from botsched.domain.mailrules import MailRule, MailRules, Occasion

Owed = tuple[str, tuple[str, ...] | None]
"""A mail: the profile it goes through, and to whom; None for those of the profile."""


def owed(rules: MailRules, what: frozenset[Occasion], profiles: tuple[str, ...]) -> Iterator[Owed]:
    """The mails that follow from an end; ``profiles`` are those of the server.

    Nobody is told twice because two rules name him.
    """
    fitting = [rule for rule in rules.rules if what & set(rule.on)]
    for profile in dict.fromkeys(name for rule in fitting for name in _through(rule, profiles)):
        lists = [rule.to for rule in fitting if profile in _through(rule, profiles)]
        if None in lists:
            yield profile, None
        if named := tuple(dict.fromkeys(each for to in lists for each in to or ())):
            yield profile, named


def _through(rule: MailRule, profiles: tuple[str, ...]) -> tuple[str, ...]:
    return profiles if rule.profiles is None else rule.profiles
