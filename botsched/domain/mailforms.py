"""Mail rules as JSON, in words and as a JSON Schema."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from botsched.domain.addresses import read
from botsched.domain.kinds import Kind, seconds, whole
from botsched.domain.mailrules import A_DAY, MailRule, MailRules, Occasion, Rate
from botsched.domain.window import windows_kind

MOST_RULES: Final = 50
MOST_RUNS: Final = 50
"""So many runs back a rule may look."""

_LONGEST: Final = 320
_A_YEAR: Final = 366 * 86400

_QUIET: Final = windows_kind()
_RATE_FAILURES: Final = whole(1, MOST_RUNS)
_RATE_OF: Final = whole(2, MOST_RUNS)


def read_rule(value: Mapping[str, Any]) -> MailRule:
    """A rule of such an object.

    Raises TypeError saying what is accepted, and ValueError saying what makes no sense; both begin
    with the key.
    """
    if unknown := sorted(set(value) - set(_KEYS)):
        raise TypeError(f"a list of objects with {', '.join(_KEYS)}, without {unknown[0]!r:.50}")
    if value.get("on") is None:
        raise TypeError("a list of objects, each with on, a list of texts")
    given = {name: each for name, each in value.items() if each is not None}
    return MailRule(**{name: _read_key(name, each) for name, each in given.items()})


def rule_data(rule: MailRule) -> dict[str, Any]:
    """A rule as JSON: all keys, null for those that are left to the server."""
    values = {name: getattr(rule, name) for name in _KEYS}
    return {
        name: None if value is None else _KEYS[name].data(value) for name, value in values.items()
    }


def _read_key(name: str, value: Any) -> Any:
    kind = _KEYS[name]
    try:
        return kind.read(value)
    except TypeError as error:
        raise TypeError(f"a list of objects in which {name} is {error}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _read_texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("a list of texts")
    if not value:
        raise ValueError("it is empty; name one at least")
    if any(len(each) > _LONGEST for each in value):
        raise ValueError(f"give at most {_LONGEST} characters each")
    return tuple(dict.fromkeys(value))


def _read_occasions(value: Any) -> tuple[Occasion, ...]:
    words = _read_texts(value)
    for each in words:
        if each not in list(Occasion):
            raise ValueError(f"{each!r:.50} is unknown; give some of {', '.join(Occasion)}")
    return tuple(map(Occasion, words))


def _read_addresses(value: Any) -> tuple[str, ...]:
    addresses = _read_texts(value)
    for each in addresses:
        try:
            if not each.isprintable():
                raise ValueError(f"{each!r:.100} is not one line")
            read(each)
        except ValueError as error:
            raise ValueError(f"{error}; give name@host or Words <name@host>") from None
    return addresses


def _read_rate(value: Any) -> Rate:
    if not isinstance(value, dict) or set(value) != {"failures", "of"}:
        raise TypeError('an object such as {"failures": 3, "of": 10}')
    rate = Rate(_RATE_FAILURES.read(value["failures"]), _RATE_OF.read(value["of"]))
    if rate.failures > rate.of:
        raise ValueError(f"there are no {rate.failures} failures among {rate.of} runs")
    return rate


def _list(read: Callable[[Any], Any], items: dict[str, Any], told: str, kind: Any) -> Kind[Any]:
    schema = {"type": kind, "items": items, "minItems": 1, "description": told}
    return Kind(read, lambda values: [str(each) for each in values], ", ".join, schema)


def _or_null(kind: Kind[Any], told: str) -> Kind[Any]:
    """The same, with a description, and in the schema null for what is left to the server."""
    schema = kind.schema | {"type": [kind.schema["type"], "null"], "description": told}
    return Kind(kind.read, kind.data, kind.words, schema)


_TEXT: Final = {"type": "string", "maxLength": _LONGEST}
_KEYS: Final[Mapping[str, Kind[Any]]] = {
    "on": _list(
        _read_occasions,
        {"type": "string", "enum": [str(each) for each in Occasion]},
        "When.",
        "array",
    ),
    "profiles": _list(
        _read_texts,
        _TEXT,
        "Through which SMTP profiles and other channels; null: the server's SMTP profiles.",
        ["array", "null"],
    ),
    "to": _list(
        _read_addresses, _TEXT, "To which addresses; null: the profile's.", ["array", "null"]
    ),
    "after": _or_null(
        whole(1, MOST_RUNS),
        "Bad ends count from so many bad runs in a row on; null: from the first.",
    ),
    "rate": _or_null(
        Kind(
            _read_rate,
            lambda rate: {"failures": rate.failures, "of": rate.of},
            lambda rate: f"{rate.failures} of {rate.of}",
            {
                "type": "object",
                "properties": {"failures": _RATE_FAILURES.schema, "of": _RATE_OF.schema},
                "required": ["failures", "of"],
                "additionalProperties": False,
            },
        ),
        "They count also while so many of the last so many runs were bad.",
    ),
    "every": _or_null(
        seconds(60, _A_YEAR), "Seconds between two reminders, `still_failing`; null: a day."
    ),
    "quiet": _or_null(
        Kind(
            lambda value: _QUIET.read(value) or (),
            _QUIET.data,
            _QUIET.words,
            _QUIET.schema,
        ),
        "Windows, as in the key `windows`, in which mails are held; null: the server's.",
    ),
    "most_a_day": _or_null(
        whole(0, 10_000),
        "Mails a day about the job; more are held for the digest. null: as the server has it.",
    ),
}
"""The fields of a MailRule."""


def _read(value: Any) -> MailRules:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise TypeError('a list of objects such as {"on": ["failure"]}, or null')
    if len(value) > MOST_RULES:
        raise ValueError(f"{len(value)} rules are too many; give at most {MOST_RULES}")
    return MailRules(tuple(_read_numbered(number, each) for number, each in enumerate(value, 1)))


def _read_numbered(number: int, value: Mapping[str, Any]) -> MailRule:
    """One of several: errors tell which one it is."""
    try:
        return read_rule(value)
    except TypeError as error:
        raise TypeError(f"{error} (rule {number})") from None
    except ValueError as error:
        raise ValueError(f"rule {number}: {error}") from None


def _words(value: MailRules) -> str:
    return "; ".join(map(_in_words, value.rules)) or "none"


def _in_words(rule: MailRule) -> str:
    return " ".join(_parts(rule))


def _parts(rule: MailRule) -> Iterable[str]:
    yield f"on {_KEYS['on'].words(rule.on)}"
    if rule.after is not None:
        yield f"after {rule.after} in a row"
    if rule.rate is not None:
        yield f"{'or ' if rule.after else 'after '}{_KEYS['rate'].words(rule.rate)}"
    if rule.every is not None:
        yield f"every {_duration(rule)}"
    if rule.profiles:
        yield f"through {', '.join(rule.profiles)}"
    if rule.to:
        yield f"to {', '.join(rule.to)}"
    if rule.quiet is not None:
        yield f"not in {_QUIET.words(rule.quiet)}" if rule.quiet else "at any hour"
    if rule.most_a_day is not None:
        yield f"at most {rule.most_a_day} a day"


def _duration(rule: MailRule) -> str:
    return "day" if rule.every == A_DAY else _KEYS["every"].words(rule.every)


_SCHEMA: Final = {
    "type": "array",
    "maxItems": MOST_RULES,
    "items": {
        "type": "object",
        "properties": {name: kind.schema for name, kind in _KEYS.items()},
        "required": ["on"],
        "additionalProperties": False,
    },
}

KIND: Final = Kind(_read, lambda value: [*map(rule_data, value.rules)], _words, _SCHEMA)
"""``[{"on": ["failure"], "profiles": ["ops"], "to": ["ann@example.com"]}]``."""
