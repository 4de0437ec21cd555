"""From flags and environment to values: a flag wins over its variable, that over a default."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from botsched.errors import SettingsError
from botsched.settings.faults import Faults
from botsched.settings.options import ENVIRONMENT_PREFIX, OPTIONS, Option

OTHER_VARIABLES = frozenset(
    {
        "BOTS_SCHEDULER_PYTHON",
        "BOTS_SCHEDULER_STARTED_AS",
        "BOTS_SCHEDULER_SERVER",
        "BOTS_SCHEDULER_USER",
        "BOTS_SCHEDULER_PASSWORD",
        "BOTS_SCHEDULER_CA_FILE",
        "BOTS_SCHEDULER_CLIENT_CONFIG",
    }
)
"""What is for the launcher, or comes from it, and what the Python client goes by."""


@dataclass(frozen=True, slots=True)
class Value:
    """A parsed value, and how the user wrote it: ``--port 80``, ``BOTS_SCHEDULER_PORT=80``."""

    value: Any
    written: str
    is_given: bool


class Values:
    """The value of every option; unknown names are errors of the program."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[name].value

    def is_given(self, name: str) -> bool:
        """Whether the user chose the value."""
        return self._values[name].is_given

    def written(self, name: str) -> str:
        """How the user would write it."""
        return self._values[name].written


def read_values(flags: Mapping[str, object], environ: Mapping[str, str], faults: Faults) -> Values:
    """Read each option from the flags (text, a sequence of texts or a bool), else elsewhere.

    Faults are noted, and the default then stands in.
    """
    _check_variables(environ, faults)
    return Values({option.name: _read(option, flags, environ, faults) for option in OPTIONS})


def _check_variables(environ: Mapping[str, str], faults: Faults) -> None:
    """Note variables that look like ours and are not: most are misspelt."""
    known = OTHER_VARIABLES | {option.variable for option in OPTIONS}
    for name in sorted(environ):
        if name.startswith(ENVIRONMENT_PREFIX) and name not in known:
            # The prefix, which all have, makes short names alike.
            plain = name.removeprefix(ENVIRONMENT_PREFIX)
            close = get_close_matches(plain, (k.removeprefix(ENVIRONMENT_PREFIX) for k in known), 1)
            near = [ENVIRONMENT_PREFIX + each for each in close]
            cure = f"did you mean {near[0]}?" if near else "see run --help for those there are."
            faults.add(f"{name}: there is no such variable; {cure}")


def _read(
    option: Option, flags: Mapping[str, object], environ: Mapping[str, str], faults: Faults
) -> Value:
    default = _default(option)
    flag, variable = flags.get(option.name), environ.get(option.variable)
    legacy = environ.get(option.legacy)
    if flag not in (None, (), []):
        return faults.blame(option.name, _from_flag, option, flag) or default
    if variable:
        return faults.blame(option.name, _from_variable, option, variable) or default
    if legacy:
        return faults.blame(option.name, _from_legacy, option, legacy, environ) or default
    return default


def _default(option: Option) -> Value:
    if option.default is None:
        return Value(() if option.repeatable else None, option.flag, is_given=False)
    written = f"{option.flag} {option.default}"
    value = _parse(option, option.default, written)  # UTC fails where the zones are not installed
    return Value((value,) if option.repeatable else value, written, is_given=False)


def _from_flag(option: Option, flag: object) -> Value:
    if isinstance(flag, bool):
        return Value(flag, option.flag, is_given=True)
    texts = [flag] if isinstance(flag, str) else [str(item) for item in _items(flag)]
    values = tuple(_parse(option, text, f"{option.flag} {text}") for text in texts)
    written = f"{option.flag} {' '.join(texts)}"
    return Value(values if option.repeatable else values[0], written, is_given=True)


def _items(flag: object) -> Iterable[object]:
    return flag if isinstance(flag, list | tuple) else [flag]


def _from_variable(option: Option, text: str) -> Value:
    written = f"{option.variable}={text}"
    if not option.repeatable:
        return Value(_parse(option, text, written), written, is_given=True)
    texts = [part.strip() for part in text.split(",")]
    return Value(tuple(_parse(option, part, written) for part in texts), written, is_given=True)


def _from_legacy(option: Option, text: str, environ: Mapping[str, str]) -> Value:
    """A name in braces stands for what that variable holds."""
    written = f"{option.legacy}={text}"

    def held(name: re.Match[str]) -> str:
        if name[1] not in environ:
            raise SettingsError(f"{written}: the environment has no variable {name[1]}.")
        return environ[name[1]]

    return Value(_parse(option, re.sub(r"{(\w+)}", held, text), written), written, is_given=True)


def _parse(option: Option, text: str, written: str) -> object:
    try:
        return option.kind.parse(text)
    except ValueError:
        raise SettingsError(f"{written}: accepted is {option.kind.accepts}.") from None
