"""Whether a job's arguments are what its class declares."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from botsched.job.arguments import Arguments
from botsched.job.declared import Argument, Kind
from botsched.job.info import JobClassInfo


def faults(info: JobClassInfo, arguments: Arguments, secrets: Collection[str]) -> dict[str, str]:
    """What is wrong with these arguments: a sentence by place, as ``[0]`` or ``.name``.

    Values pass as JSON has them or as text that reads so; what nobody declared passes, and so does
    all for classes that describe themselves by ``meta_info()``: there, types were words for people.
    ``secrets`` are the names of the secrets that there are.
    """
    if not info.checked:
        return {}
    found = {}
    for place, argument, value in _placed(info.arguments, arguments):
        if fault := _fault(argument, value, secrets):
            found[place] = f"{argument.name}: {fault}" if argument.name else fault
    return found


_MISSING: Final = object()


def _placed(
    declared: tuple[Argument, ...], arguments: Arguments
) -> list[tuple[str, Argument, Any]]:
    """Each declared argument with its place and its value."""
    if isinstance(arguments, dict):
        named = {each.name: each for each in declared if each.name}
        return [(f".{name}", each, arguments.get(name, _MISSING)) for name, each in named.items()]
    last = declared[-1] if declared else None
    following = [last] * (len(arguments) - len(declared)) if last and last.repeated else []
    values = [*arguments, *[_MISSING] * len(declared)]
    expected = [*declared, *following]
    return [
        (f"[{index}]", argument, value)
        for index, (argument, value) in enumerate(zip(expected, values, strict=False))
    ]


def _fault(argument: Argument, value: Any, secrets: Collection[str]) -> str | None:
    if value is _MISSING or value is None:
        return "missing; give a value" if argument.required else None
    if argument.kind is Kind.CHOICE:
        return _choice_fault(argument, value)
    if argument.kind is Kind.SECRET:
        # The value is not told: somebody may have typed the secret itself.
        known = isinstance(value, str) and value in secrets
        return None if known else "there is no secret of this name; give the name of an entry"
    check = _CHECKS.get(argument.kind)
    if check is None or check[0](value):
        return None
    return f"{_told(value)} is not {check[1]}"


def _choice_fault(argument: Argument, value: Any) -> str | None:
    if any(_same(value, choice) for choice in argument.choices):
        return None
    accepted = ", ".join(_told(choice) for choice in argument.choices)
    return f"{_told(value)} is none of the choices; give one of {accepted}"


def _same(value: Any, choice: Any) -> bool:
    """Whether this choice is meant: the same value, or the text of it."""
    return (value == choice and isinstance(value, bool) == isinstance(choice, bool)) or (
        isinstance(value, str) and value == str(choice)
    )


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and float(value).is_integer()


def _is_flag(value: Any) -> bool:
    return str(value).lower() in {"true", "false", "0", "1"}


def _told(value: Any) -> str:
    return f"{value!r:.60}"


_CHECKS: Final[Mapping[Kind, tuple[Callable[[Any], bool], str]]] = {
    Kind.STRING: (_is_scalar, "a text; give one in quotes"),
    Kind.NUMBER: (_is_number, "a number; give one such as 2.5"),
    Kind.INTEGER: (_is_whole, "a whole number; give one such as 10"),
    Kind.BOOLEAN: (_is_flag, "true or false; give one of them"),
    Kind.LIST: (
        lambda value: isinstance(value, list | str),
        'a list; give one such as ["a", "b"]',
    ),
    Kind.FILE: (
        lambda value: isinstance(value, str) and value != "",
        "the name of a data file; give one",
    ),
}
