"""Jobs as programs for ndscheduler see them: read-only, in the manner of APScheduler."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

_FIELDS = ("year", "month", "day", "week", "day_of_week", "hour", "minute", "second")


@dataclass(frozen=True)
class Field:
    """A field of a schedule; its text is what stands in it."""

    name: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Trigger:
    """When a job is due; ``text`` says it in words. Other schedules than cron fields have none."""

    text: str
    fields: tuple[Field, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Job:
    """A job. ``args`` are its class, its id, and its arguments."""

    id: str
    name: str
    args: list[Any]
    kwargs: dict[str, Any]
    next_run_time: datetime | None
    trigger: Trigger
    data: Mapping[str, Any] = field(repr=False)
    """All there is to know, as the REST API gives it."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """The job of which the REST API says this."""
        arguments, due = data["pub_args"], data["next_run_time"]
        by_name = isinstance(arguments, dict)
        fields = tuple(Field(name, data[name]) for name in _FIELDS if data[name] is not None)
        return cls(
            id=data["job_id"],
            name=data["name"],
            args=[data["job_class_string"], data["job_id"], *([] if by_name else arguments)],
            kwargs=dict(arguments) if by_name else {},
            next_run_time=datetime.fromisoformat(due) if due else None,
            trigger=Trigger(data["schedule"], fields),
            data=data,
        )
