"""Arguments of the jobs that start tasks of Amazon ECS: what each takes.

Whatever reads one raises ArgumentError.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from botsched.domain.ecstasks import MOST_TASKS
from botsched.domain.job import Arguments


class ArgumentError(ValueError):
    """Tells the place of what is wrong, its value and the cure."""


def faults(arguments: Arguments) -> dict[str, str]:
    """What is wrong with those that are given: a sentence by place, as ``[0]`` or ``.name``.

    Of a trigger that does not come along, only its own class knows the fields.
    """
    found = {}
    by_name = isinstance(arguments, dict)
    for index, (name, value) in enumerate(named(arguments).items()):
        try:
            if name in ARGUMENTS:
                ARGUMENTS[name](value, name)
        except ArgumentError as error:
            found[f".{name}" if by_name else f"[{index}]"] = str(error)
    return found


def named(arguments: Arguments) -> dict[str, Any]:
    """The arguments by name, be they given by position."""
    if isinstance(arguments, dict):
        return arguments
    return dict(zip(ARGUMENTS, arguments, strict=False))


def text(value: object, name: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ArgumentError(f"{name}: give a text, not {value!r:.60}")
    return value


def whole(value: object, name: str, most: int | None = None) -> int:
    """A whole number of at least 1, perhaps written as a text."""
    try:
        number = int(value) if isinstance(value, int | float | str) else 0
    except (ValueError, OverflowError):
        number = 0
    exact = not isinstance(value, bool) and (isinstance(value, str) or number == value)
    if not exact or number < 1 or (most is not None and number > most):
        bounds = "at least 1" if most is None else f"from 1 to {most}"
        raise ArgumentError(f"{name}: give a whole number {bounds}, not {value!r:.60}")
    return number


def flag(value: object, name: str) -> bool:
    """True or false, perhaps as text or as a number."""
    known = {"true": True, "1": True, "false": False, "0": False}
    if str(value).lower() not in known:
        raise ArgumentError(f"{name}: give true or false, not {value!r:.60}")
    return known[str(value).lower()]


def environments(overrides: Any, name: str = "overrides") -> dict[str, dict[str, str]]:
    """What is set in the environment of each container, of ``overrides`` as a job has them."""
    found: dict[str, dict[str, str]] = {}
    if not isinstance(overrides or [], list):
        raise ArgumentError(f"{name}: give a list, not {overrides!r:.60}")
    for index, override in enumerate(overrides or []):
        place = f"{name}[{index}]"
        if not isinstance(override, Mapping):
            raise ArgumentError(f"{place}: give an object, not {override!r:.60}")
        container = text(override.get("containerName"), f"{place}.containerName")
        variables = override.get("environment") or {}
        if not isinstance(variables, Mapping):
            raise ArgumentError(f"{place}.environment: give an object, not {variables!r:.60}")
        found.setdefault(container, {}).update(
            {
                name: _variable(value, f"{place}.environment.{name}")
                for name, value in variables.items()
            }
        )
    return {container: variables for container, variables in found.items() if variables}


def _variable(value: Any, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ArgumentError(f"{name}: give a text, not {value!r:.60}")
    return str(value)


def fields_of(trigger: object) -> Mapping[str, Any]:
    """The type of a trigger, and what else it has."""
    if not isinstance(trigger, Mapping):
        raise ArgumentError(
            f'trigger: give an object as {{"type": "sqs", ...}}, not {trigger!r:.60}'
        )
    return trigger


def queue(fields: Mapping[str, Any]) -> tuple[str, int | None]:
    """The name of a queue of Amazon SQS, and how many of its messages are for a task."""
    unknown = sorted(fields.keys() - {"type", "queueName", "messagesPerTask"})
    if unknown:
        raise ArgumentError(
            f"trigger: a queue has no field {unknown[0]!r:.60}; give queueName and messagesPerTask"
        )
    per_task = fields.get("messagesPerTask")
    return (
        text(fields.get("queueName"), "trigger.queueName"),
        None if per_task is None else whole(per_task, "trigger.messagesPerTask"),
    )


def _trigger(value: object, name: str) -> None:
    if value is not None:
        fields = fields_of(value)
        if text(fields.get("type"), f"{name}.type") == QUEUE:
            queue(fields)


def _count(value: object, name: str) -> int:
    return whole(value, name, MOST_TASKS)


def _most(value: object, name: str) -> int | None:
    return None if value is None else _count(value, name)


QUEUE: Final = "sqs"
"""The type of trigger that comes along."""

ARGUMENTS: Final[Mapping[str, Callable[[Any, str], Any]]] = {
    "taskDefinition": text,
    "taskCount": _count,
    "maxCount": _most,
    "overrides": environments,
    "trigger": _trigger,
    "follow": flag,
    "stopTasks": flag,
}
"""All of them in their order, with what reads each."""
