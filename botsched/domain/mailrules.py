"""Mail rules: on which ends of its executions a job has mails sent, and to whom."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from botsched.domain.addresses import read
from botsched.domain.kinds import Kind
from botsched.errors import InvalidError

MOST_RULES: Final = 50
_LONGEST: Final = 320


class Occasion(StrEnum):
    """What may be mailed. An end may be several at once: a failure that gave output is two.

    ``OUTPUT``: it ended, however, and had printed or reported something. ``FAILURE``: it failed or
    could not be started; also what was to be tried once more, and then was not run.
    """

    OUTPUT = "output"
    SUCCESS = "success"
    FAILURE = "failure"
    TIMEOUT = "timeout"
    MISSED = "missed"
    SKIPPED = "skipped"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class MailRule:
    """``profiles`` are SMTP profiles by name, None those of the server; ``to`` are addresses, None
    those of each profile.
    """

    on: tuple[Occasion, ...]
    profiles: tuple[str, ...] | None = None
    to: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class MailRules:
    """Each rule that fits an end has its mails sent; without any, none is."""

    rules: tuple[MailRule, ...]

    @property
    def profiles(self) -> frozenset[str]:
        """All profiles that are named."""
        return frozenset(name for rule in self.rules for name in rule.profiles or ())


USUAL: Final = MailRules(
    (MailRule((Occasion.OUTPUT, Occasion.FAILURE, Occasion.TIMEOUT, Occasion.LOST)),)
)
"""Of jobs that say nothing."""


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
                "mail": f"the server has no SMTP profile {unknown[0]!r:.100}; {there}. Profiles "
                "are chosen with --smtp-profile"
            }
        )


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


def _read(value: Any) -> MailRules:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise TypeError('a list of objects such as {"on": ["failure"]}, or null')
    if len(value) > MOST_RULES:
        raise ValueError(f"{len(value)} rules are too many; give at most {MOST_RULES}")
    return MailRules(tuple(map(_read_rule, value)))


def _read_rule(value: dict[str, Any]) -> MailRule:
    if unknown := sorted(set(value) - {"on", "profiles", "to"}):
        raise TypeError(f"a list of objects with on, profiles and to, without {unknown[0]!r:.50}")
    on = _texts("on", value.get("on"))
    for each in on:
        if each not in list(Occasion):
            raise ValueError(f"on: {each!r:.50} is unknown; give some of {', '.join(Occasion)}")
    profiles, to = (
        None if value.get(name) is None else _texts(name, value[name])
        for name in ("profiles", "to")
    )
    for each in to or ():
        _check_address(each)
    return MailRule(tuple(dict.fromkeys(map(Occasion, on))), profiles, to)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError(f"a list of objects in which {name} is a list of texts")
    if not value:
        raise ValueError(f"{name} is empty; name one at least")
    if any(len(each) > _LONGEST for each in value):
        raise ValueError(f"{name}: give at most {_LONGEST} characters each")
    return tuple(dict.fromkeys(value))


def _check_address(text: str) -> None:
    try:
        if not text.isprintable():
            raise ValueError(f"{text!r:.100} is not one line")
        read(text)
    except ValueError as error:
        raise ValueError(f"to: {error}; give name@host or Words <name@host>") from None


def _data(value: MailRules) -> list[dict[str, Any]]:
    return [
        {"on": [str(each) for each in rule.on], "profiles": _listed(rule.profiles),
         "to": _listed(rule.to)}
        for rule in value.rules
    ]  # fmt: skip


def _listed(texts: Iterable[str] | None) -> list[str] | None:
    return None if texts is None else list(texts)


def _words(value: MailRules) -> str:
    return "; ".join(map(_rule_in_words, value.rules)) or "none"


def _rule_in_words(rule: MailRule) -> str:
    through = f" through {', '.join(rule.profiles)}" if rule.profiles else ""
    return f"on {', '.join(rule.on)}{through}" + (f" to {', '.join(rule.to)}" if rule.to else "")


def _list_of(items: dict[str, Any], told: str, kind: Any = "array") -> dict[str, Any]:
    return {"type": kind, "items": items, "minItems": 1, "description": told}


_TEXT: Final = {"type": "string", "maxLength": _LONGEST}
_SCHEMA: Final = {
    "type": "array",
    "maxItems": MOST_RULES,
    "items": {
        "type": "object",
        "properties": {
            "on": _list_of({"type": "string", "enum": [str(each) for each in Occasion]}, "When."),
            "profiles": _list_of(
                _TEXT, "Through which SMTP profiles; null: the server's.", ["array", "null"]
            ),
            "to": _list_of(_TEXT, "To which addresses; null: the profile's.", ["array", "null"]),
        },
        "required": ["on"],
        "additionalProperties": False,
    },
}

KIND: Final = Kind(_read, _data, _words, _SCHEMA)
"""``[{"on": ["failure"], "profiles": ["ops"], "to": ["ann@example.com"]}]``."""
