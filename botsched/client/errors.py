"""What can go wrong between a client and its server.

ClientError
|- ConfigurationError         no server is known, or a file of the client is at fault
|  `- NoPasswordError         a user is known, and no password
|- ConnectionFailedError      the server is not reached, or is silent, or breaks off
|  `- CertificateError        it is reached, but its certificate is not trusted
|- StillRunningError          a run has not ended within the time given
`- RefusedError               the server answered, and says no: its status and words
   |- LoginError              401: no login, or a wrong one
   |- ForbiddenError          403
   |- NotFoundError           404
   |- ConflictError           409: not in a state that allows it, or changed by somebody else
   |- InvalidError            400, 413, 415, 422: what was sent makes no sense
   |- ThrottledError          429: too many failed logins
   `- ServerError             500 and above
"""

from collections.abc import Mapping

from botsched.errors import BotsError


class ClientError(BotsError):
    """Base of all errors of the client."""


class ConfigurationError(ClientError):
    """No server is known, or what is written about it makes no sense."""


class NoPasswordError(ConfigurationError):
    """A user is known, and no password; ``user`` is who, ``places`` where it may be written."""

    def __init__(self, user: str, places: str) -> None:
        super().__init__(
            f"No password of the user {user} is known. Give it as an argument (password=...), "
            f"{places}"
        )
        self.user = user
        self.places = places


class ConnectionFailedError(ClientError):
    """The server cannot be reached, does not answer in time, or breaks off."""


class CertificateError(ConnectionFailedError):
    """The server's certificate is not one that this client trusts."""


class StillRunningError(ClientError):
    """A run has not ended within the time given; it goes on."""


class RefusedError(ClientError):
    """The server says no.

    ``status`` is that of HTTP; ``fields`` maps the names of single fields to what is wrong with
    them; ``retry_after`` is after how many seconds it may be tried again, where the server says so.
    """

    def __init__(
        self,
        message: str,
        status: int,
        fields: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.fields = dict(fields or {})
        self.retry_after = retry_after


class LoginError(RefusedError):
    """There is no login, or it is wrong."""


class ForbiddenError(RefusedError):
    """This may not be asked for, or not from here."""


class NotFoundError(RefusedError):
    """There is no such job, execution, file or address."""


class ConflictError(RefusedError):
    """It is not in a state that allows this, or somebody else changed it first."""


class InvalidError(RefusedError):
    """What was sent makes no sense; ``fields`` says where."""


class ThrottledError(RefusedError):
    """Too many logins have failed; ``retry_after`` says how long to wait."""


class ServerError(RefusedError):
    """The server cannot do it now, or has failed."""


_CLASSES: Mapping[int, type[RefusedError]] = {
    400: InvalidError,
    401: LoginError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    413: InvalidError,
    415: InvalidError,
    422: InvalidError,
    429: ThrottledError,
}


def error_class(status: int) -> type[RefusedError]:
    """Which of the errors an answer of this status is."""
    return ServerError if status >= 500 else _CLASSES.get(status, RefusedError)
