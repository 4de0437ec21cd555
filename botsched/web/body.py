"""JSON bodies: each member is read once as the type it should have, and all faults are told."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NoReturn, Self, TypeVar

from botsched.domain import kinds
from botsched.domain.kinds import Kind
from botsched.domain.moments import year_fault
from botsched.errors import InvalidError
from botsched.web.errors import MalformedError

T = TypeVar("T")

_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


class Fields:
    """The members of one JSON object. ``done`` is to be called when all are read."""

    def __init__(self, members: dict[str, Any]) -> None:
        self._members = members
        self._read: list[str] = []
        self._faults: dict[str, str] = {}
        self._senseless: dict[str, str] = {}

    @classmethod
    def of(cls, body: bytes) -> Self:
        """Read a body. Raises MalformedError, with the place when it is not JSON.

        Raises InvalidError for the character NUL: no command line and no name can hold it.
        """
        value = _parse(body)
        if not isinstance(value, dict):
            raise MalformedError(f"The body holds {_KINDS[type(value)]}; send a JSON object.")
        if nul := [name for name, member in value.items() if _holds_nul(member)]:
            told = "holds the character NUL (\\u0000); leave it off"
            raise InvalidError(dict.fromkeys(nul, told))
        return cls(value)

    def text(self, name: str, *, required: bool = False, nullable: bool = False) -> str | None:
        """A text; None when it is not given."""
        self._read.append(name)
        value = self._members.get(name)
        if isinstance(value, str):
            return value
        if name in self._members and not (nullable and value is None):
            self._fault(name, "a text")
        elif required:
            self._faults[name] = "missing"
        return None

    def cron(self, names: Iterable[str]) -> dict[str, str]:
        """Those cron fields that are given; a number is taken for its digits.

        Null and the empty text, which some clients send, are nothing.
        """
        given = {}
        for name in names:
            self._read.append(name)
            value = self._members.get(name)
            if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
                if value != "":
                    given[name] = str(value)
            elif value is not None:
                self._fault(name, "a text or a whole number")
        return given

    def arguments(self, name: str) -> list[Any] | dict[str, Any] | None:
        """A list or an object; None when it is not given."""
        self._read.append(name)
        value = self._members.get(name)
        if name in self._members and not isinstance(value, list | dict):
            self._fault(name, "a list or an object")
        return value if isinstance(value, list | dict) else None

    def value(self, name: str, kind: Kind[T], *, required: bool = False) -> T | None:
        """A value of this kind; None for null, and when it is not given."""
        self._read.append(name)
        value = self._members.get(name)
        if value is None:
            if required:
                given = name in self._members
                self._faults[name] = "null was given; give a value" if given else "missing"
            return None
        try:
            return kind.read(value)
        except TypeError as error:
            self._fault(name, str(error))
        except ValueError as error:
            self._senseless[name] = str(error)
        return None

    def flag(self, name: str) -> bool | None:
        """True or false; None for null, and when it is not given."""
        return self.value(name, kinds.flag())

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number within these bounds; None for null, and when it is not given."""
        return self.value(name, kinds.whole(low, high))

    def moment(self, name: str) -> datetime | None:
        """A time in ISO 8601, with or without an offset; None for null, and when not given."""
        text = self.text(name, nullable=True)
        try:
            moment = None if text is None else datetime.fromisoformat(text)
        except ValueError:
            self._faults[name] = "no time; write for example 2027-01-31T18:30+01:00"
            return None
        if moment is not None and (fault := year_fault(moment)):
            self._senseless[name] = f"{text!r:.40} {fault}"
            return None
        return moment

    def members(self, name: str, names: Iterable[str]) -> dict[str, int] | None:
        """An object of these names with whole numbers; None for null, and when it is not given."""
        self._read.append(name)
        value = self._members.get(name)
        if value is None:
            return None
        accepted = tuple(names)
        if not isinstance(value, dict) or not set(value) <= set(accepted):
            self._fault(name, f"an object with one of {', '.join(accepted)}")
            return None
        if not all(isinstance(v, int) and not isinstance(v, bool) for v in value.values()):
            self._faults[name] = "give whole numbers"
            return None
        return value

    def objects(self, name: str, most: int, read: Callable[[Self], T]) -> list[T] | None:
        """What ``read`` makes of each object of a list; None for null, and when not given.

        Objects of which it makes nothing, raising MalformedError or InvalidError, are left out.
        """
        self._read.append(name)
        value = self._members.get(name)
        if value is None:
            return None
        if not isinstance(value, list):
            self._fault(name, "a list of objects")
            return None
        wrong = {f"{name}[{n}]": each for n, each in enumerate(value) if not isinstance(each, dict)}
        if wrong:
            self._faults |= {
                entry: f"{_told(each)} was given; give an object" for entry, each in wrong.items()
            }
            return None
        if not 1 <= len(value) <= most:
            self._senseless[name] = f"has {len(value)} entries; give 1 to {most}"
            return None
        return [
            item
            for index, each in enumerate(value)
            for item in self._object(f"{name}[{index}].", each, read)
        ]

    def inner(self, name: str, read: Callable[[Self], T]) -> T | None:
        """What ``read`` makes of an object; None for null, and when it is not given."""
        self._read.append(name)
        value = self._members.get(name)
        if isinstance(value, dict):
            made = self._object(f"{name}.", value, read)
            return made[0] if made else None
        if value is not None:
            self._fault(name, "an object")
        return None

    def refuse(self, name: str, fault: str) -> None:
        """A member that was read is malformed."""
        self._faults[name] = fault

    def has(self, name: str) -> bool:
        """Whether a member is given, be it null."""
        return name in self._members

    def done(self, ignored: frozenset[str] = frozenset()) -> None:
        """Raise MalformedError for all that was wrong, and for members nobody asked for.

        Raises InvalidError when only numbers are out of their bounds.
        """
        for name in self._members:
            if name not in self._read and name not in ignored:
                self._faults[f"{name:.80}"] = f"no such field; there are {', '.join(self._read)}"
        if self._faults:
            raise MalformedError.of(self._faults)
        if self._senseless:
            raise InvalidError(self._senseless)
        self._read += ignored

    def _object(self, prefix: str, members: dict[str, Any], read: Callable[[Self], T]) -> list[T]:
        """What is made of an object, alone; nothing when it is too wrong for that."""
        inner, made = type(self)(members), list[T]()
        try:
            made.append(read(inner))
            inner.done()
        except MalformedError as error:
            self._faults |= {prefix + name: fault for name, fault in error.fields.items()}
        except InvalidError as error:
            self._senseless |= {prefix + name: fault for name, fault in error.fields.items()}
        return made

    def _fault(self, name: str, accepted: str) -> None:
        self._faults[name] = f"{_told(self._members[name])} was given; give {accepted}"


def _told(value: Any) -> str:
    """What kind of value it is; of an object, its names, too."""
    if isinstance(value, dict) and value:
        return f"an object with {', '.join(value):.80}"
    return "a fraction" if isinstance(value, float) else _KINDS[type(value)]


def _parse(body: bytes) -> Any:
    try:
        text = body.decode()
        value = json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise MalformedError(
            f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from None
    except UnicodeDecodeError as error:
        raise MalformedError(f"The body is not UTF-8, from byte {error.start} on.") from None
    except UnicodeEncodeError:
        raise MalformedError(
            "The body holds half a character: a lone \\ud800 to \\udfff."
        ) from None
    except RecursionError:
        raise MalformedError("The body is nested too deeply.") from None
    except ValueError as error:
        raise MalformedError(f"The body is not understood: {error}.") from None
    return value


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_nul, [*value, *value.values()]))
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\0" in value


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; which of two members of one name is meant, nobody can know."""
    read = dict(members)
    if len(read) < len(members):
        names = Counter(name for name, _ in members)
        raise ValueError(f"{names.most_common(1)[0][0]!r:.80} is there twice in one object")
    return read


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text:.30} is too large")
    return number
