"""The keys of a job's rules: as requests name them, as the database keeps them, and in words.

A new key is a field of ``JobPolicy`` and a line in ``KINDS``.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from botsched.domain import chains, mailforms, retry
from botsched.domain.job import CATCH_UP_LIMIT, JobPolicy, Missed, Policy
from botsched.domain.kinds import Kind, choice, flag, seconds, whole
from botsched.domain.window import windows_kind
from botsched.errors import InvalidError

_DAY: Final = 86400
_TEN_YEARS: Final = 3650 * _DAY
_MOST: Final = 10_000

KINDS: Final[Mapping[str, Kind[Any]]] = {
    "missed": choice(Missed),
    "missed_limit": whole(1, CATCH_UP_LIMIT),
    "misfire": seconds(0, _TEN_YEARS),
    "grace": seconds(0, _DAY),
    "max_instances": whole(1, _MOST),
    "queue": whole(1, _MOST),
    "time_limit": seconds(0.1, _TEN_YEARS),
    "retry": retry.KIND,
    "then_run": chains.KIND,
    "on_failure_run": chains.KIND,
    "keep_days": whole(1, 36_500),
    "keep_count": whole(1, 1_000_000),
    "windows": windows_kind(),
    "mail": mailforms.KIND,
}
"""The fields of a JobPolicy."""

_COLUMNS: Final = frozenset({"misfire", "max_instances", "time_limit", "keep_days", "keep_count"})
_COALESCE: Final = {Missed.LATEST: True, Missed.ALL: False}
_MISSED: Final = {True: Missed.LATEST, False: Missed.ALL}

Overlap = tuple[str, int]
"""``("allow", n)``: so many runs at a time; ``("queue", n)``: so many may wait for an end."""


def _read_overlap(value: Any) -> Overlap:
    if value == "skip":
        return ("allow", 1)
    match value:
        case {"allow": number, **others} if not others:
            return ("allow", KINDS["max_instances"].read(number))
        case {"queue": number, **others} if not others:
            return ("queue", KINDS["queue"].read(number))
    raise TypeError('"skip", {"allow": 3}, {"queue": 5} or null')


def _overlap_data(value: Overlap) -> Any:
    return "skip" if value == ("allow", 1) else dict([value])


_OVERLAP_SCHEMA: Final = {
    "anyOf": [
        {"const": "skip"},
        *(
            {
                "type": "object",
                "properties": {word: kind.schema},
                "required": [word],
                "additionalProperties": False,
            }
            for word, kind in (("allow", KINDS["max_instances"]), ("queue", KINDS["queue"]))
        ),
    ]
}

REQUESTED: Final[Mapping[str, Kind[Any]]] = {
    **{name: kind for name, kind in KINDS.items() if name != "queue"},
    "coalesce": flag(),
    "overlap": Kind(_read_overlap, _overlap_data, schema=_OVERLAP_SCHEMA),
}
"""The keys of requests: ``coalesce`` says what ``missed`` does, ``overlap`` says two at once."""


def check(policy: JobPolicy) -> None:
    """Raise InvalidError for all values that are out of their bounds, by key."""
    faults: dict[str, str] = {}
    for name, value in _given(policy).items():
        try:
            KINDS[name].read(KINDS[name].data(value))
        except ValueError as fault:
            faults[name] = str(fault)
    if faults:
        raise InvalidError(faults)


def changed(policy: JobPolicy, given: Mapping[str, Any]) -> JobPolicy:
    """The policy with the values of these keys of a request in place of its own.

    Of two keys that say the same, the one counts that is not as before: so a whole job may be sent
    back with one of them changed. Raises InvalidError when both are new and contradict each other.
    """
    after = replace(policy, **{name: given[name] for name in KINDS if name in given})
    coalesce = given.get("coalesce")
    says_so = coalesce is not None or "missed" not in given
    if "coalesce" in given and coalesce != coalesce_of(policy) and says_so:
        missed = missed_of(coalesce)
        if after.missed not in (policy.missed, missed):
            raise _contradiction("coalesce", "missed")
        after = replace(after, missed=missed)
    if "overlap" in given and given["overlap"] != _overlap(policy):
        word, number = given["overlap"] or ("allow", None)
        after = replace(after, queue=number if word == "queue" else None)
        at_a_time = 1 if word == "queue" else number
        if "max_instances" in given and (word == "queue" or number is None):
            at_a_time = after.max_instances
        elif after.max_instances not in (policy.max_instances, at_a_time):
            raise _contradiction("overlap", "max_instances")
        after = replace(after, max_instances=at_a_time)
    return after


def to_data(policy: JobPolicy) -> dict[str, Any]:
    """All keys of requests as JSON values, null for what is left to the server's defaults."""
    given = _given(policy) | {"coalesce": coalesce_of(policy), "overlap": _overlap(policy)}
    return {name: _data(kind, given.get(name)) for name, kind in REQUESTED.items()}


def effective(policy: Policy) -> dict[str, Any]:
    """What holds for a job in the end, as JSON values."""
    values = {name: getattr(policy, name) for name in KINDS if hasattr(policy, name)}
    values["grace"] = policy.on_time
    data = {name: _data(KINDS[name], value) for name, value in values.items() if name != "queue"}
    waiting = ("queue", policy.queue) if policy.queue else ("allow", policy.max_instances)
    return data | {"overlap": _overlap_data(waiting)}


def to_stored(policy: JobPolicy) -> dict[str, Any] | None:
    """What no column of its own holds, as a JSON object; None when there is nothing."""
    kept = {name: value for name, value in _given(policy).items() if name not in _COLUMNS}
    if coalesce_of(policy) is not None:
        del kept["missed"]
    return {name: KINDS[name].data(value) for name, value in kept.items()} or None


def from_stored(data: Mapping[str, Any]) -> JobPolicy:
    """What such an object holds; ``missed_of`` and columns say the rest."""
    return JobPolicy(**{name: KINDS[name].read(value) for name, value in data.items()})


def missed_of(coalesce: bool | None) -> Missed | None:
    """``coalesce`` as the word of ``missed``."""
    return None if coalesce is None else _MISSED[coalesce]


def coalesce_of(policy: JobPolicy) -> bool | None:
    """``missed`` as true or false, which have no word for ``skip``."""
    return None if policy.missed is None else _COALESCE.get(policy.missed)


def in_words(policy: JobPolicy) -> dict[str, str]:
    """Each field that is not left to the server, in words."""
    return {name: KINDS[name].words(value) for name, value in _given(policy).items()}


def _given(policy: JobPolicy) -> dict[str, Any]:
    values = {name: getattr(policy, name) for name in KINDS}
    return {name: value for name, value in values.items() if value is not None and value != ()}


def _data(kind: Kind[Any], value: Any) -> Any:
    return None if value is None else kind.data(value)


def _overlap(policy: JobPolicy) -> Overlap | None:
    if policy.queue is not None:
        return ("queue", policy.queue)
    return None if policy.max_instances is None else ("allow", policy.max_instances)


def _contradiction(name: str, other: str) -> InvalidError:
    return InvalidError({name: f"it contradicts {other!r}; leave one of them off"})
