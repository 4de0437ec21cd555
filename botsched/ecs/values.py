"""Values that a job of ECS is given, checked; whatever is wrong fails the run in words."""

from collections.abc import Mapping
from typing import Any

from botsched.job import JobError


def text(value: object, name: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise JobError(f"{name}: give a text, not {value!r:.60}.")
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
        raise JobError(f"{name}: give a whole number {bounds}, not {value!r:.60}.")
    return number


def flag(value: object, name: str) -> bool:
    """True or false, perhaps as text or as a number."""
    known = {"true": True, "1": True, "false": False, "0": False}
    if str(value).lower() not in known:
        raise JobError(f"{name}: give true or false, not {value!r:.60}.")
    return known[str(value).lower()]


def environments(overrides: object) -> dict[str, dict[str, str]]:
    """What is set in the environment of each container, of ``overrides`` as a job has them."""
    found: dict[str, dict[str, str]] = {}
    if not isinstance(overrides, list):
        raise JobError(f"overrides: give a list, not {overrides!r:.60}.")
    for index, override in enumerate(overrides):
        place = f"overrides[{index}]"
        if not isinstance(override, Mapping):
            raise JobError(f"{place}: give an object, not {override!r:.60}.")
        container = text(override.get("containerName"), f"{place}.containerName")
        variables = override.get("environment") or {}
        if not isinstance(variables, Mapping):
            raise JobError(f"{place}.environment: give an object, not {variables!r:.60}.")
        found.setdefault(container, {}).update(
            {
                name: _variable(value, f"{place}.environment.{name}")
                for name, value in variables.items()
            }
        )
    return {container: variables for container, variables in found.items() if variables}


def _variable(value: Any, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise JobError(f"{name}: give a text, not {value!r:.60}.")
    return str(value)
