"""What a job class says of itself, checked and frozen."""

import inspect
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from botsched.errors import ExecutionError
from botsched.job.base import JobBase, JobError
from botsched.job.declared import Argument, completed, is_json
from botsched.job.trace import error_line

MAX_NAME = 200
MAX_TEXT = 10_000
MAX_ARGUMENTS = 100
MAX_CHOICES = 1_000


@dataclass(frozen=True, slots=True)
class JobClassInfo:
    """A job class as it is offered for choosing; ``enabled`` False hides it there.

    ``checked``: whether the types of its arguments bind those who give them. They are mere words
    in a class with a ``meta_info()`` of its own, which was written for ndscheduler.
    """

    job_class_string: str
    name: str
    notes: str
    arguments: tuple[Argument, ...]
    example_arguments: str
    report_title: str
    enabled: bool
    module: str
    file: str
    checked: bool = True

    def to_data(self) -> dict[str, Any]:
        """Give JSON data."""
        return asdict(self) | {"arguments": [argument.to_data() for argument in self.arguments]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read back what ``to_data`` gave."""
        arguments = tuple(Argument.from_data(entry) for entry in data["arguments"])
        return cls(**{**data, "arguments": arguments})


_known: dict[type[JobBase], JobClassInfo] = {}


def describe(job_class: type[JobBase]) -> JobClassInfo:
    """Read ``info`` or ``meta_info()``; a class is asked once only.

    Raises ``ExecutionError`` naming the class and what is wrong with its description or its run.
    """
    if job_class not in _known:
        _known[job_class] = _describe(job_class)
    return _known[job_class]


def _describe(job_class: type[JobBase]) -> JobClassInfo:
    name = job_class.__qualname__
    _check_run(job_class)
    try:
        info = job_class.meta_info()
    except JobError as error:
        raise ExecutionError(f"Class {name}: {error}") from None
    except Exception as error:
        raise ExecutionError(f"Class {name}: meta_info() failed: {error_line(error)}") from error
    _require(isinstance(info, Mapping), name, "what meta_info() returns", "a dictionary", info)
    return _read(job_class, _Info(name, info))


def _check_run(job_class: type[JobBase]) -> None:
    name, run = job_class.__qualname__, job_class.run
    _require(callable(run), name, "run", "a method", run)
    if run is JobBase.run:
        raise ExecutionError(f"Class {name} has no run() method.")
    plain = inspect.unwrap(run)
    if inspect.iscoroutinefunction(plain) or inspect.isasyncgenfunction(plain):
        raise ExecutionError(
            f"Class {name}: run() must not be async; call asyncio.run(...) inside a plain run()."
        )


def _read(job_class: type[JobBase], info: "_Info") -> JobClassInfo:
    module = job_class.__module__
    return JobClassInfo(
        job_class_string=f"{module}.{job_class.__qualname__}",
        name=info.text("job_class_name", MAX_NAME) or job_class.__name__,
        notes=info.text("notes", MAX_TEXT),
        arguments=completed(job_class, info.arguments()),
        example_arguments=info.example_arguments(),
        report_title=info.text("report_title", MAX_NAME),
        enabled=info.flag("enabled") is not False,
        module=module,
        file=getattr(sys.modules.get(module), "__file__", None) or "",
        checked=not _describes_itself(job_class),
    )


def _describes_itself(job_class: type[JobBase]) -> bool:
    """Whether it has a ``meta_info()`` of its own."""
    ours = inspect.getattr_static(JobBase, "meta_info")
    return inspect.getattr_static(job_class, "meta_info") is not ours


class _Info:
    """The dictionary of one class; each method reads one key and says what is wrong with it."""

    def __init__(self, class_name: str, values: Mapping[str, Any], path: str = "info") -> None:
        self._class_name = class_name
        self._values = values
        self._path = path

    def text(self, key: str, limit: int) -> str:
        value = self._values.get(key)
        value = "" if value is None else value
        self._require(isinstance(value, str), key, "a string", value)
        return value[:limit]

    def flag(self, key: str) -> bool | None:
        """None when it is left off."""
        if key not in self._values:
            return None
        value = self._values[key]
        self._require(isinstance(value, bool), key, "True or False", value)
        return bool(value)

    def example_arguments(self) -> str:
        value = self.json("example_arguments") or ""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return text[:MAX_TEXT]

    def arguments(self) -> tuple[Argument, ...]:
        values = self._values.get("arguments") or ()
        self._require(isinstance(values, list | tuple), "arguments", "a list", values)
        return tuple(
            self._argument(f"{self._path}['arguments'][{index}]", value)
            for index, value in enumerate(values[:MAX_ARGUMENTS])
        )

    def _argument(self, path: str, value: Any) -> Argument:
        kind = "a dictionary with 'type' and 'description'"
        _require(isinstance(value, Mapping), self._class_name, path, kind, value)
        entry = _Info(self._class_name, value, path)
        return Argument(
            type=entry.text("type", MAX_NAME) or "string",
            description=entry.text("description", MAX_TEXT),
            name=entry.text("name", MAX_NAME) or None,
            required=entry.flag("required"),
            default=entry.json("default"),
            choices=entry.choices(),
            multiline=entry.flag("multiline") is True,
        )

    def choices(self) -> tuple[Any, ...]:
        values = self._values.get("choices") or ()
        self._require(isinstance(values, list | tuple), "choices", "a list", values)
        for value in values:
            self._require(isinstance(value, str | int | float), "choices", "plain values", value)
        return tuple(values[:MAX_CHOICES])

    def json(self, key: str) -> Any:
        value = self._values.get(key)
        self._require(is_json(value), key, "JSON", value)
        return value

    def _require(self, condition: bool, key: str, kind: str, value: object) -> None:
        _require(condition, self._class_name, f"{self._path}[{key!r}]", kind, value)


def _require(condition: bool, class_name: str, what: str, kind: str, value: object) -> None:
    if not condition:
        given = type(value).__name__
        raise ExecutionError(f"Class {class_name}: {what} must be {kind}, not {given}.")
