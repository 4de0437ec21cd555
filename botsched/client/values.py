"""What the server tells, as frozen values.

Each has what is asked for most as typed attributes, and every key of the REST API by ``value[key]``
or in ``value.data``, which is not to be changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

_BEFORE_THE_END: Final = frozenset({"scheduled", "running", "stopping"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Base of all: the keys as the server told them."""

    data: Mapping[str, Any] = field(repr=False, compare=False)

    def __getitem__(self, key: str) -> Any:
        return self.data[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Told):
    """A job; ``schedule`` is in words, ``version`` grows with each change."""

    job_id: str
    name: str
    job_class: str
    arguments: Sequence[Any] | Mapping[str, Any] = field(compare=False)
    schedule: str
    timezone: str
    next_run_time: datetime | None
    paused: bool
    tags: tuple[str, ...]
    version: int

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read an answer of the REST API."""
        return cls(
            data=data,
            job_id=data["job_id"],
            name=data["name"],
            job_class=data["job_class_string"],
            arguments=data["pub_args"],
            schedule=data["schedule"],
            timezone=data["timezone"],
            next_run_time=moment(data["next_run_time"]),
            paused=data["paused"],
            tags=tuple(data["tags"]),
            version=data["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution(Told):
    """One run or due instant of a job; ``duration`` in seconds, ``result`` as the job returned it.

    ``description`` says in words why it is in this state.
    """

    execution_id: str
    job_id: str
    job_name: str
    state: str
    description: str
    scheduled_time: datetime | None
    started_time: datetime | None
    ended_time: datetime | None
    duration: float | None
    result: Any = field(compare=False)
    user: str | None
    attempt: int

    @property
    def ended(self) -> bool:
        """Whether its state will not change any more."""
        return self.state not in _BEFORE_THE_END

    @property
    def succeeded(self) -> bool:
        """Whether it ran and ended well."""
        return self.state == "succeeded"

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read an answer of the REST API."""
        return cls(
            data=data,
            execution_id=data["execution_id"],
            job_id=data["job"]["job_id"],
            job_name=data["job"]["name"],
            state=data["state"],
            description=data["description"],
            scheduled_time=moment(data["scheduled_time"]),
            started_time=moment(data["started_time"]),
            ended_time=moment(data["ended_time"]),
            duration=data["duration"],
            result=data.get("result_data"),
            user=data["user"],
            attempt=data["attempt"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Told):
    """A piece of what a run printed, on ``out`` or ``err``: of a line, or of several."""

    sequence: int
    stream: str
    time: datetime | None
    text: str

    def __str__(self) -> str:
        return self.text

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read an answer of the REST API."""
        return cls(
            data=data,
            sequence=data["sequence"],
            stream=data["stream"],
            time=moment(data["time"]),
            text=data["text"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile(Told):
    """A data file; ``entries`` counts the lines that say something, ``size`` is in bytes."""

    filename: str
    size: int
    entries: int | None
    description: str
    user: str
    modified_time: datetime | None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read an answer of the REST API."""
        return cls(
            data=data,
            filename=data["filename"],
            size=data["size"],
            entries=data["entries"],
            description=data["description"],
            user=data["user"],
            modified_time=moment(data["modified_time"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail(Told):
    """A mail about an execution, or a digest; ``profile`` may be another channel.

    ``why`` says in words what had it sent.
    """

    mail_id: str
    kind: str
    state: str
    profile: str
    job_id: str
    job_name: str
    execution_id: str
    subject: str | None
    why: str
    attempts: int
    last_error: str | None
    created_time: datetime | None
    ended_time: datetime | None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read an answer of the REST API."""
        return cls(
            data=data,
            mail_id=data["mail_id"],
            kind=data["kind"],
            state=data["state"],
            profile=data["profile"],
            job_id=data["job_id"],
            job_name=data["job_name"],
            execution_id=data["execution_id"],
            subject=data["subject"],
            why=data["why_text"],
            attempts=data["attempts"],
            last_error=data["last_error"],
            created_time=moment(data["created_time"]),
            ended_time=moment(data["ended_time"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry(Told):
    """A line of the audit log: who did what."""

    event: str
    user: str
    job_id: str
    job_name: str
    description: str
    created_time: datetime | None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read an answer of the REST API."""
        return cls(
            data=data,
            event=data["event"],
            user=data["user"],
            job_id=data["job_id"],
            job_name=data["job_name"],
            description=data["description"],
            created_time=moment(data["created_time"]),
        )


def moment(text: str | None) -> datetime | None:
    """A time of an answer; None for none."""
    return datetime.fromisoformat(text) if text else None
