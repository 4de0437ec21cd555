"""Retries: how often a run that failed is made again, and how long each attempt waits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from botsched.domain.kinds import Kind, number, seconds, whole

MOST_ATTEMPTS = 100
GREATEST_FACTOR = 100.0


@dataclass(frozen=True, slots=True)
class Retry:
    """``attempts`` are all attempts, the first included.

    The second starts ``delay`` after the first has ended; each later one waits ``factor`` times as
    long as the one before it, at most ``max_delay``. ``jitter``, 0 to 1, is the share by which
    chance may lengthen a wait, so that what failed together does not come back together.
    """

    attempts: int = 3
    delay: timedelta = timedelta(minutes=1)
    factor: float = 2.0
    max_delay: timedelta = timedelta(hours=1)
    jitter: float = 0.1

    def wait(self, attempt: int, chance: float) -> timedelta:
        """How long to wait once this attempt has ended; ``chance`` is a number from 0 to 1."""
        seconds = self.delay.total_seconds() * self.factor ** (attempt - 1)
        seconds = min(seconds, self.max_delay.total_seconds())
        return timedelta(seconds=seconds * (1 + self.jitter * chance))


USUAL: Final = Retry()
_TEN_YEARS: Final = 3650 * 86400
_KINDS: Final[dict[str, Kind[Any]]] = {
    "attempts": whole(2, MOST_ATTEMPTS),
    "delay": seconds(0, _TEN_YEARS),
    "factor": number(1, GREATEST_FACTOR),
    "max_delay": seconds(0, _TEN_YEARS),
    "jitter": number(0, 1),
}


def _read(value: Any) -> Retry:
    if not isinstance(value, dict) or not set(value) <= set(_KINDS):
        raise TypeError(f"an object with any of {', '.join(_KINDS)}, or null")
    given = {name: _member(name, each) for name, each in value.items()}
    if "max_delay" not in given:
        given["max_delay"] = max(USUAL.max_delay, given.get("delay", USUAL.delay))
    retry = Retry(**given)
    if retry.max_delay < retry.delay:
        raise ValueError("max_delay is shorter than delay")
    return retry


def _member(name: str, value: Any) -> Any:
    try:
        return _KINDS[name].read(value)
    except TypeError as error:
        raise TypeError(f"an object in which {name} is {_not_null(error)}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _not_null(error: TypeError) -> str:
    return str(error).removesuffix(" or null")


def _data(retry: Retry) -> dict[str, Any]:
    return {name: kind.data(getattr(retry, name)) for name, kind in _KINDS.items()}


def _words(retry: Retry) -> str:
    said = {name: _KINDS[name].words(getattr(retry, name)) for name in _KINDS}
    return ", ".join(f"{name} {value}" for name, value in said.items())


_SCHEMA: Final = {
    "type": "object",
    "properties": {name: kind.schema for name, kind in _KINDS.items()},
    "additionalProperties": False,
}

KIND: Final = Kind(_read, _data, _words, _SCHEMA)
"""``{"attempts": 3, "delay": 60, ...}``, with durations in seconds; what is left off is usual."""
