"""The one table from error classes to HTTP statuses, and the shape in which errors are told.

Under ``/ecs`` they are told as ECS Scheduler does.
"""

from collections.abc import Mapping
from typing import Any, Final, Self

from botsched.errors import (
    BotsError,
    ConflictError,
    ExecutionError,
    InvalidError,
    NotFoundError,
    RequestError,
    StoreUnavailableError,
    TooLargeError,
)

RETRY_SECONDS: Final = 5


class MalformedError(RequestError):
    """What was sent cannot be read; ``fields`` says it for each field or parameter, if known."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        """The error that tells these faults, by field."""
        return cls("; ".join(f"{name}: {fault}" for name, fault in fields.items()), fields)


class ForbiddenError(RequestError):
    """Whoever asks may not."""


class MethodError(RequestError):
    """The address exists, but takes other methods; ``allowed`` names them."""

    def __init__(self, method: str, path: str, allowed: list[str]) -> None:
        super().__init__(f"{path} does not take {method}; use {', '.join(allowed)}.")
        self.allowed = allowed


class MediaTypeError(RequestError):
    """The body is of a kind that is not taken here."""


class TooManyError(RequestError):
    """The caller has as much of it as anyone may have."""


class BusyError(BotsError):
    """All together have as much of it as there is."""


class UnconfiguredError(BotsError):
    """The operator has not set up what this takes."""


class StoppingError(BotsError):
    """The server ends and begins nothing more."""


STATUSES: Final[Mapping[type[BotsError], int]] = {
    RequestError: 400,
    MalformedError: 400,
    ForbiddenError: 403,
    NotFoundError: 404,
    MethodError: 405,
    ConflictError: 409,
    TooLargeError: 413,
    MediaTypeError: 415,
    InvalidError: 422,
    TooManyError: 429,
    StoreUnavailableError: 503,
    ExecutionError: 503,
    BusyError: 503,
    UnconfiguredError: 503,
    StoppingError: 503,
}


_ECS_FIELDS: Final[Mapping[str, str]] = {
    "job_id": "id",
    "name": "id",
    "ecs": "schedule",
    "start_date": "scheduleStart",
    "end_date": "scheduleEnd",
}
"""Its names of our fields; arguments have the same."""


def told(error: BaseException, path: str) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer to a request for this address."""
    status, body = status_of(error), body_of(error)
    if not f"{path}/".startswith("/ecs/"):
        return status, body
    if isinstance(error, NotFoundError) and error.kind == "job":
        return status, {"message": f"Job {error.key} does not exist"}
    faults = body.get("fields", {}).items()
    fields = {_ecs_field(name): [_in_ecs_words(fault)] for name, fault in faults}
    if not fields:
        return status, {"message": body["error"]}
    message = "; ".join(f"{name}: {fault}" for name, [fault] in fields.items())
    return 400, {"message": message, "messages": fields}


def _ecs_field(name: str) -> str:
    return _ECS_FIELDS.get(name, name.removeprefix("pub_args."))


def _in_ecs_words(fault: str) -> str:
    for bound in ("start_date", "end_date"):
        fault = fault.replace(bound, _ECS_FIELDS[bound])
    return fault


def status_of(error: BaseException) -> int:
    """The status of an error: that of its class or of the nearest class above; else 500."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def body_of(error: BaseException) -> dict[str, Any]:
    """What a client is told. Of an error that nobody foresaw, nothing of the inside."""
    if status_of(error) == 500:
        return {"error": "The server failed at this; its log says more."}
    fields = getattr(error, "fields", None)
    return {"error": str(error)} | ({"fields": fields} if fields else {})


def headers_of(error: BaseException) -> dict[str, str]:
    """What belongs into the head of the answer."""
    if isinstance(error, MethodError):
        return {"Allow": ", ".join(error.allowed)}
    passes = status_of(error) in {429, 503} and not isinstance(error, UnconfiguredError)
    return {"Retry-After": str(RETRY_SECONDS)} if passes else {}
