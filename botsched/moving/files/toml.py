"""Writing TOML, as ``tomllib`` reads it: the same values always give the same text."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH: Final = 100
_INDENT: Final = "    "


def dumps(members: Mapping[str, Any]) -> str:
    """A document of texts, numbers, truths, lists and objects of them, in their order.

    What is of several members comes behind the rest, as a table. Raises ValueError for null, which
    TOML does not have, and for numbers that are none.
    """
    return "\n".join(_table(members, "")) + "\n"


def _table(members: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, value in members.items():
        if not _is_table(value) and not _is_tables(value):
            yield f"{_key(name)} = {_value(value, len(_key(name)) + 3)}"
    for name, value in members.items():
        inner = f"{path}{_key(name)}"
        if _is_table(value):
            yield from ("", f"[{inner}]", *_table(value, f"{inner}."))
        elif _is_tables(value):
            for each in value:
                yield from ("", f"[[{inner}]]", *_table(each, f"{inner}."))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) > 1


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_filled(each) for each in value)


def _is_filled(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value)


def _value(value: Any, used: int) -> str:
    """What stands behind a key; a list too long for the rest of its line has one for each entry."""
    if isinstance(value, str):
        return _text(value)
    line = _inline(value)
    if not isinstance(value, list) or used + len(line) <= _WIDTH:
        return line
    entries = "".join(f"{_INDENT}{_inline(each)},\n" for each in value)
    return f"[\n{entries}]"


def _inline(value: Any) -> str:
    """A value on one line."""
    match value:
        case str():
            return _quoted(value)
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float() if math.isfinite(value):
            return repr(value)
        case list():
            return f"[{', '.join(map(_inline, value))}]"
        case Mapping():
            members = ", ".join(f"{_key(name)} = {_inline(each)}" for name, each in value.items())
            return f"{{ {members} }}" if members else "{}"
    raise ValueError(f"{value!r:.30} cannot be written in TOML")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _text(value: str) -> str:
    """A text; one of several lines is written as it reads."""
    if "\n" not in value:
        return _quoted(value)
    lines = [_escaped(line).replace('\\"', '"') for line in value.split("\n")]
    text = "\n".join(lines).replace('"""', '""\\"')
    return f'"""\n{text}"""'


def _quoted(value: str) -> str:
    return f'"{_escaped(value)}"'


def _escaped(value: str) -> str:
    """As in JSON, whose escapes TOML has, too; it wants DEL escaped as well."""
    return json.dumps(value, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
