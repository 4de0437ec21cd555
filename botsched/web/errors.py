"""The one table from error classes to HTTP statuses, and the one shape in which errors are told."""

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
    StoppingError: 503,
}


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
    return {"Retry-After": str(RETRY_SECONDS)} if status_of(error) in {429, 503} else {}
