"""Pickles, read without making anything of what they name.

Unpickling calls whatever the pickle names, so that whoever can write into a database could run any
code here. This reader calls nothing: it keeps plain values, and notes of the few classes and
functions that pickles of jobs name. A pickle that names any other, or does anything else with them
than the pickles of jobs do, is refused.
"""

import codecs
import pickletools
import warnings
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from botsched.errors import RequestError

MOST_BYTES: Final = 1 << 20
MOST_OPERATIONS: Final = 200_000

_OPERATIONS: Final = {
    operation.code.encode("latin-1"): operation for operation in pickletools.opcodes
}
_MODULES: Final = {"__builtin__": "builtins", "copy_reg": "copyreg"}  # as Python 2 calls them


class RefusedError(RequestError):
    """This pickle is not read; the message is half a sentence that says why."""


class OldText(bytes):
    """What Python 2 called a string."""

    __slots__ = ()

    def __str__(self) -> str:
        try:
            return self.decode()
        except UnicodeDecodeError:
            return self.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Name:
    """A class or function as a pickle names it. It is never looked up."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class Made:
    """A note of what unpickling would have made: by what, of what, and its attributes."""

    by: Name
    arguments: tuple[Any, ...] = ()
    state: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What pickles may name: ``classes`` to be made without arguments, ``calls`` with some."""

    classes: Set[Name]
    calls: Set[Name]


_RECONSTRUCTOR: Final = Name("copyreg", "_reconstructor")
_OBJECT: Final = Name("builtins", "object")
_ENCODE: Final = Name("_codecs", "encode")
_ORDERED: Final = Name("collections", "OrderedDict")
_GETATTR: Final = Name("builtins", "getattr")
_ZONE: Final = Name("zoneinfo", "ZoneInfo")
ZONE_BY_KEY: Final = Name("zoneinfo", "ZoneInfo._unpickle")
"""What pickles of time zones take as an attribute, and the only one that is to be had."""

_ALWAYS: Final = frozenset({_RECONSTRUCTOR, _OBJECT, _ENCODE, _ORDERED, _GETATTR, _ZONE})


def read(data: bytes, known: Known) -> Any:
    """What the pickle holds: None, booleans, numbers, texts, bytes, lists, tuples, dictionaries
    with texts for keys, and notes of what it would have made.

    Raises RefusedError, whatever the bytes are.
    """
    if len(data) > MOST_BYTES:
        raise RefusedError(f"it is larger than {MOST_BYTES:,} bytes")
    machine = _Machine(known)
    try:
        for number, (name, argument) in enumerate(_operations(data)):
            if number == MOST_OPERATIONS:
                raise RefusedError(f"it has more than {MOST_OPERATIONS:,} operations")
            if name == "STOP":
                return machine.pop()
            machine.do(name, argument)
    except (ValueError, IndexError, KeyError, OverflowError):
        pass  # of which the words may show what the pickle holds, such as a password
    raise RefusedError("it is damaged, or no pickle at all")


def _operations(data: bytes) -> Iterator[tuple[str, Any]]:
    """Each operation with its argument, of which nothing is read unless it is one of ours."""
    stream = BytesIO(data)
    while code := stream.read(1):
        operation = _OPERATIONS[code]
        if operation.name not in _SUPPORTED:
            told = f"it has the operation {operation.name}, which no pickle of a job has"
            raise RefusedError(told)
        argument = None
        if operation.name in _LINES:
            argument = _LINES[operation.name](stream)
        elif operation.arg is not None:
            argument = operation.arg.reader(stream)
        yield operation.name, argument


def _quoted(stream: BytesIO) -> bytes:
    """What stands between quotes, with escapes; the library takes it for ASCII."""
    text = pickletools.read_stringnl(stream, decode=False)
    with warnings.catch_warnings(action="ignore"):  # of escapes that Python does not write
        return codecs.escape_decode(text)[0]


def _name(stream: BytesIO) -> tuple[str, str]:
    """A module and a name, a line each, in which the library would look for escapes."""
    return _line(stream), _line(stream)


def _line(stream: BytesIO) -> str:
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise ValueError
    return line[:-1].decode()


class _Machine:
    """The stack and the memo that a pickle works on."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []  # what lies under each mark
        self._memo: dict[int, Any] = {}

    def do(self, name: str, argument: Any) -> None:
        """Carry out one operation."""
        if name in _NOTHING:
            return
        if name in _LITERALS:
            self._stack.append(argument)
        elif name in _OLD_TEXTS:
            raw = argument if isinstance(argument, bytes) else argument.encode("latin-1")
            self._stack.append(OldText(raw))
        elif name in _PUTS:
            self._memo[len(self._memo) if argument is None else argument] = self._stack[-1]
        elif name in _GETS:
            self._stack.append(self._memo[argument])
        else:
            _HANDLERS[name](self, argument)

    def pop(self) -> Any:
        """Take the uppermost value."""
        return self._stack.pop()

    def constant(self, value: Any) -> None:
        self._stack.append(value)

    def mark(self, _argument: Any) -> None:
        self._below.append(self._stack)
        self._stack = []

    def pop_mark(self, _argument: Any = None) -> list[Any]:
        above, self._stack = self._stack, self._below.pop()
        return above

    def pop_one(self, _argument: Any) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self.pop_mark()

    def several(self, count: int) -> tuple[Any, ...]:
        if len(self._stack) < count:
            raise IndexError
        taken = tuple(self._stack[len(self._stack) - count :])
        del self._stack[len(self._stack) - count :]
        return taken

    def append(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if not isinstance(target, list):
            raise RefusedError("it appends to something that is no list")
        target.extend(values)

    def set_items(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if not isinstance(target, dict) or len(values) % 2:
            raise RefusedError("it sets items of something that is no dictionary")
        for key, value in zip(values[::2], values[1::2], strict=True):
            if not isinstance(key, str | OldText):
                raise RefusedError("it has a dictionary with a key that is no text")
            target[str(key)] = value

    def dictionary(self, _argument: Any) -> None:
        values = self.pop_mark()
        self._stack.append({})
        self.set_items(values)

    def name(self, module: Any, name: Any) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            raise RefusedError("it names something by values that are no texts")
        named = Name(_MODULES.get(module, module), name)
        known = self._known
        if named not in known.classes and named not in known.calls and named not in _ALWAYS:
            told = ascii(f"{module}.{name}"[:100])
            raise RefusedError(f"it names {told}, which no pickle of a job needs")
        self._stack.append(named)

    def new(self, _argument: Any) -> None:
        named, arguments = self.several(2)
        self._stack.append(self._made(named, arguments))

    def _made(self, named: Any, arguments: Any) -> Made:
        if not isinstance(named, Name) or named not in self._known.classes or arguments != ():
            raise RefusedError(f"it makes something {_of(named)}in a way no pickle of a job does")
        return Made(named)

    def call(self, _argument: Any) -> None:
        named, arguments = self.several(2)
        if not isinstance(named, Name) or not isinstance(arguments, tuple):
            raise RefusedError("it calls something that is no name")
        self._stack.append(self._called(named, arguments))

    def _called(self, named: Name, arguments: tuple[Any, ...]) -> Any:
        if named in self._known.calls or named == ZONE_BY_KEY:
            return Made(named, arguments)
        match named, arguments:
            case _, (Name() as kind, Name() as base, None) if (
                named == _RECONSTRUCTOR and base == _OBJECT
            ):
                return self._made(kind, ())
            case _, (str(text), "latin1") if named == _ENCODE:
                return text.encode("latin-1")
            case _, () if named == _ORDERED:
                return {}
            case _, (Name() as owner, "_unpickle") if named == _GETATTR and owner == _ZONE:
                return ZONE_BY_KEY
        raise RefusedError(f"it calls {named} in a way no pickle of a job does")

    def build(self, _argument: Any) -> None:
        state = self.pop()
        target = self._stack[-1]
        parts = state if isinstance(state, tuple) and len(state) == 2 else (state,)
        if (
            not isinstance(target, Made)
            or target.by not in self._known.classes
            or target.state is not None
            or not all(part is None or isinstance(part, dict) for part in parts)
        ):
            raise RefusedError("it sets attributes in a way no pickle of a job does")
        target.state = {}
        for part in parts:
            target.state |= part or {}


def _of(named: Any) -> str:
    return f"of {named} " if isinstance(named, Name) else ""


_NOTHING: Final = frozenset({"PROTO", "FRAME"})
_LITERALS: Final = frozenset(
    {
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
        *("SHORT_BINBYTES", "BINBYTES", "BINBYTES8"),
    }
)
_OLD_TEXTS: Final = frozenset({"STRING", "BINSTRING", "SHORT_BINSTRING"})
_PUTS: Final = frozenset({"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"})
_GETS: Final = frozenset({"GET", "BINGET", "LONG_BINGET"})
_HANDLERS: Final[dict[str, Callable[[_Machine, Any], object]]] = {
    "NONE": lambda machine, _: machine.constant(None),
    "NEWTRUE": lambda machine, _: machine.constant(True),
    "NEWFALSE": lambda machine, _: machine.constant(False),
    "EMPTY_LIST": lambda machine, _: machine.constant([]),
    "EMPTY_DICT": lambda machine, _: machine.constant({}),
    "EMPTY_TUPLE": lambda machine, _: machine.constant(()),
    "TUPLE1": lambda machine, _: machine.constant(machine.several(1)),
    "TUPLE2": lambda machine, _: machine.constant(machine.several(2)),
    "TUPLE3": lambda machine, _: machine.constant(machine.several(3)),
    "TUPLE": lambda machine, _: machine.constant(tuple(machine.pop_mark())),
    "LIST": lambda machine, _: machine.constant(machine.pop_mark()),
    "DICT": _Machine.dictionary,
    "MARK": _Machine.mark,
    "POP": _Machine.pop_one,
    "POP_MARK": _Machine.pop_mark,
    "APPEND": lambda machine, _: machine.append([machine.pop()]),
    "APPENDS": lambda machine, _: machine.append(machine.pop_mark()),
    "SETITEM": lambda machine, _: machine.set_items(list(machine.several(2))),
    "SETITEMS": lambda machine, _: machine.set_items(machine.pop_mark()),
    "GLOBAL": lambda machine, names: machine.name(*names),
    "STACK_GLOBAL": lambda machine, _: machine.name(*machine.several(2)),
    "NEWOBJ": _Machine.new,
    "REDUCE": _Machine.call,
    "BUILD": _Machine.build,
}
_SUPPORTED: Final = {*_NOTHING, *_LITERALS, *_OLD_TEXTS, *_PUTS, *_GETS, *_HANDLERS, "STOP"}
_LINES: Final[dict[str, Callable[[BytesIO], Any]]] = {"STRING": _quoted, "GLOBAL": _name}
