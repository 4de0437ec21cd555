"""Arguments as a job class declares them, completed from the signature of its ``run``."""

import inspect
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from botsched.job.base import JobBase


class Kind(StrEnum):
    """What a declared type means: how a value is asked for, and what is accepted."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIST = "list"
    CHOICE = "choice"
    FILE = "file"
    SECRET = "secret"  # noqa: S105
    ANY = "any"


_WORDS: Final[Mapping[str, Kind]] = {
    **{kind.value: kind for kind in Kind if kind is not Kind.CHOICE},
    "str": Kind.STRING,
    "text": Kind.STRING,
    "float": Kind.NUMBER,
    "int": Kind.INTEGER,
    "bool": Kind.BOOLEAN,
    "array": Kind.LIST,
}
_UNNAMED: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a job; a ``type`` that is no known word stands for any JSON value.

    ``required``: True when a job without it is refused, False when it may be left off, None when
    nothing says so and ``run`` has no default for it. ``default`` is what ``run`` takes when it is
    left off. ``choices`` are the only values of a choice; ``multiline`` asks for a larger field;
    ``repeated`` says that as many as one likes may follow.
    """

    type: str
    description: str
    name: str | None = None
    required: bool | None = None
    default: Any = None
    choices: tuple[Any, ...] = ()
    multiline: bool = False
    repeated: bool = False

    @property
    def kind(self) -> Kind:
        """What the type means. Choices make one of any type; without them there is none."""
        return Kind.CHOICE if self.choices else _WORDS.get(self.type, Kind.ANY)

    def to_data(self) -> dict[str, Any]:
        """Give JSON data."""
        return asdict(self) | {"kind": self.kind, "choices": list(self.choices)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read back what ``to_data`` gave."""
        values = {name: value for name, value in data.items() if name != "kind"}
        return cls(**values | {"choices": tuple(data["choices"])})


def completed(job_class: type[JobBase], declared: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The declared arguments with what the parameters of ``run`` tell of them."""
    parameters = _parameters(job_class)
    named = {each.name: each for each in parameters if each.kind not in _UNNAMED}
    arguments = []
    for index, argument in enumerate(declared):
        at_place = parameters[index] if index < len(parameters) else None
        parameter = named.get(argument.name) if argument.name else at_place
        if parameter is not None and parameter.kind is not parameter.VAR_POSITIONAL:
            argument = _joined(argument, parameter)  # noqa: PLW2901
        arguments.append(argument)
    if arguments and _takes_more_than(len(declared) - 1, parameters):
        arguments[-1] = replace(arguments[-1], repeated=True)
    return tuple(arguments)


def _joined(argument: Argument, parameter: inspect.Parameter) -> Argument:
    optional = parameter.default is not parameter.empty
    tellable = optional and argument.kind is not Kind.SECRET and is_json(parameter.default)
    default = parameter.default if tellable else None
    name = None if parameter.kind in _UNNAMED else parameter.name
    return replace(
        argument,
        name=argument.name or name,
        required=False if argument.required is None and optional else argument.required,
        default=default if argument.default is None else argument.default,
    )


def _takes_more_than(index: int, parameters: list[inspect.Parameter]) -> bool:
    """Whether what is given at this place and behind it is gathered in ``*arguments``."""
    places = [n for n, each in enumerate(parameters) if each.kind is each.VAR_POSITIONAL]
    return bool(places) and index >= places[0]


def _parameters(job_class: type[JobBase]) -> list[inspect.Parameter]:
    """Those of ``run`` but for ``self``; none where Python cannot tell them."""
    try:
        signature = inspect.signature(job_class.run)
    except (TypeError, ValueError):
        return []
    run = inspect.getattr_static(job_class, "run")
    parameters = list(signature.parameters.values())
    has_self = not isinstance(run, classmethod | staticmethod)
    return [each for each in parameters[has_self:] if each.kind is not each.VAR_KEYWORD]


def is_json(value: Any) -> bool:
    """Whether JSON has such a value."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
